from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from rampviewer.gui.widgets.layouts import LEVELS, settle_layouts


def test_what_grows_has_its_place_before_anything_is_painted(qtbot):
    label, above = QLabel("one line"), QWidget()
    outer = label
    for _ in range(LEVELS - 1):
        inner, outer = outer, QWidget()
        QVBoxLayout(outer).addWidget(inner)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(above, 1)
    column.addWidget(outer)
    qtbot.addWidget(window)
    window.resize(300, 300)
    window.show()
    qtbot.waitExposed(window)
    before = above.height()
    label.setText("one\ntwo\nthree\nfour")
    settle_layouts()
    assert above.height() < before
