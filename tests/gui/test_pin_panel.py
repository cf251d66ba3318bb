from rampviewer.gui.pins.pin_panel import PinPanel
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import Pins


def test_the_name_of_a_list_is_never_cut(qtbot):
    panel, name = PinPanel(), "the 9 pixels with most jumps"
    qtbot.addWidget(panel)
    panel.show()
    pinned = tuple((pin, None) for pin in Pins.of([Pixel(1, 2), Pixel(3, 4)]).listed)
    panel.show_pins(pinned, name, has_previous=False)
    for width, beside in ((900, f"2 of 12: {name}"), (440, "2 of 12"), (900, None)):
        panel.resize(width, 200)
        assert panel.note.elided() == (beside or f"2 of 12: {name}")
        assert panel.below.isHidden() == (width == 900)
    panel.resize(440, 200)
    assert panel.below.text() == name
    assert panel.below.sizeHint().width() <= panel.below.width()
    panel.show_pins(pinned, "", has_previous=False)
    assert panel.below.isHidden()
