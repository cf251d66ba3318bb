import pytest
from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.widgets.theme import apply_theme
from rampviewer.gui.widgets.theme_change import N_WIDGETS, ThemeChange


class Events(QObject):
    """Counts the events of a kind."""

    def __init__(self, watched, kind):
        super().__init__()
        self.n, self._watched, self._kind = 0, watched, kind
        watched.installEventFilter(self)

    def eventFilter(self, _watched, event):  # noqa: N802 - overrides Qt
        self.n += event.type() == self._kind
        return False


def styled(kind, role="", **properties):
    part = kind(kind.__name__)
    for name, value in {"role": role, **properties}.items():
        part.setProperty(name, value)
    return part


@pytest.fixture
def window(app, qtbot):
    """Return a window in dark colours with one of all that the style sheet colours."""
    apply_theme(app, "dark")
    window = QWidget()
    bar = QFrame(objectName="messageBar")
    QVBoxLayout(bar).addWidget(QLabel("message"))
    off, on = QCheckBox("off"), QCheckBox("on")
    off.setEnabled(False)
    on.setChecked(True)
    edit = QLineEdit("wrong")
    edit.setProperty("wrong", True)
    column = QVBoxLayout(window)
    for part in (
        bar,
        off,
        on,
        edit,
        styled(QLabel, "hint"),
        styled(QLabel, outdated=True),
        styled(QPushButton, "choice"),
        *(QLabel(str(number)) for number in range(3 * N_WIDGETS)),
    ):
        column.addWidget(part)
    qtbot.addWidget(window)
    window.setFixedSize(300, 5000)
    window.show()
    qtbot.waitExposed(window)
    window.setFocus()  # a cursor would blink in the edit
    return window


@pytest.fixture
def change(app):
    change = ThemeChange(app)
    yield change
    change.finish()


def end(change, qtbot):
    qtbot.waitUntil(lambda: not change.is_busy)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_window_in_use_looks_in_the_end_like_one_that_began_so(
    app, window, change, qtbot, theme
):
    for other in ("dark", "light"):  # one of them changes nothing
        change.begin(other)
        end(change, qtbot)
    change.begin(theme)
    end(change, qtbot)
    changed = window.grab().toImage()
    apply_theme(app, theme)
    assert changed == window.grab().toImage()


def test_no_widget_is_polished_more_than_once_and_few_of_them_in_a_turn(
    app, window, change
):
    restyled = Events(app, QEvent.Type.StyleChange)
    n_turns = 0
    change.begin("light")
    while change.is_busy:
        change._go_on()
        n_turns += 1
    assert n_turns > 3
    assert restyled.n == 0


def test_nothing_is_painted_between_the_colours(app, window, change, qtbot):
    paints = Events(window, QEvent.Type.Paint)
    change.begin("light")
    while change.is_busy:
        assert paints.n == 0
        app.processEvents()
    qtbot.waitUntil(lambda: paints.n > 0)


def test_what_was_to_be_painted_before_keeps_nothing_from_being_painted_after(
    app, window, change, qtbot
):
    window.findChild(QCheckBox).update()
    change.begin("light")
    end(change, qtbot)
    app.processEvents()
    paints = Events(window.findChild(QLabel), QEvent.Type.Paint)
    window.findChild(QLabel).update()
    qtbot.waitUntil(lambda: paints.n > 0)


def test_another_theme_may_be_chosen_in_the_middle(app, window, change, qtbot):
    before = window.grab().toImage()
    change.begin("light")
    change._go_on()
    change.begin("dark")
    end(change, qtbot)
    assert window.updatesEnabled()
    assert window.grab().toImage() == before


def test_what_is_closed_in_the_middle_is_left_alone(app, window, change, qtbot):
    other = QWidget()
    other.show()
    qtbot.waitExposed(other)
    change.begin("light")
    other.deleteLater()
    window.findChild(QCheckBox).deleteLater()
    end(change, qtbot)
    assert window.updatesEnabled()


def test_the_first_theme_comes_with_its_style_sheet(app, change):
    assert not app.styleSheet()
    change.begin("light")
    assert "QToolTip" in app.styleSheet()
    assert not change.is_busy
