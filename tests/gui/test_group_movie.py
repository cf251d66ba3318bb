from time import perf_counter

import pytest
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtWidgets import QApplication

from rampviewer.gui.image.group_movie import PAUSE, PLAY, SPEEDS, GroupMovie
from rampviewer.gui.image.plane_bar import PlaneBar
from rampviewer.model.planes.plane import Plane

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot):
    bar = PlaneBar()
    qtbot.addWidget(bar)
    bar.set_sizes(2, 4)
    bar.set_plane(Plane.GROUP)
    bar.movie.set_speed(SPEEDS[0])
    bar.show()
    return bar


@pytest.fixture
def steps(bar):
    steps = []
    bar.group_edited.connect(lambda group: steps.append((bar._integration.value(), group)))
    return steps


def tick(bar):
    """Let the time for one group pass."""
    assert bar.movie._timer.isActive()
    bar.movie._timer.timeout.emit()


def play(bar, qtbot):
    # At its left side: the right one opens the menu.
    qtbot.mouseClick(bar.movie, LEFT, pos=QPoint(6, 8))


def test_it_plays_in_the_time_that_was_chosen(bar, steps, qtbot):
    start = perf_counter()
    play(bar, qtbot)
    qtbot.waitUntil(lambda: len(steps) == 3)
    assert 3 * SPEEDS[0] <= perf_counter() - start + 0.02
    assert steps == [(0, 1), (0, 2), (0, 3)]
    assert bar.movie.text() == PAUSE
    play(bar, qtbot)
    assert bar.movie.text() == PLAY
    assert not bar.movie._timer.isActive()


def test_it_wraps_within_the_integration_or_through_all(bar, steps, qtbot):
    play(bar, qtbot)
    for _ in range(4):
        tick(bar)
    assert steps[-1] == (0, 0)
    bar.movie._integrations.trigger()
    for _ in range(8):
        tick(bar)
    assert steps[4:] == [(0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3), (0, 0)]
    assert bar.movie.is_playing


def test_slow_painting_is_never_overrun(bar, qtbot):
    running, most = [], []

    def paint(_group):
        running.append(1)
        most.append(len(running))
        end = perf_counter() + 0.3
        while perf_counter() < end:  # longer than a group lasts
            QApplication.processEvents()
        running.pop()

    bar.group_edited.connect(paint)
    play(bar, qtbot)
    qtbot.waitUntil(lambda: len(most) == 2)
    bar.movie.stop()
    assert most == [1, 1]


@pytest.mark.parametrize(
    "move",
    [
        lambda bar, qtbot: bar.step_group(1),
        lambda bar, qtbot: bar.step_integration(1),
        lambda bar, qtbot: qtbot.keyClick(bar._group._slider, Qt.Key.Key_Right),
        lambda bar, qtbot: bar.set_group(3),  # chosen elsewhere, as in the ramp
        lambda bar, qtbot: bar.set_integration(1),
        lambda bar, qtbot: bar.set_plane(Plane.RATE),
        lambda bar, qtbot: bar.set_sizes(2, 9),
        lambda bar, qtbot: bar.hide(),
    ],
)
def test_any_other_step_ends_it(bar, qtbot, move):
    play(bar, qtbot)
    assert bar.movie.is_playing
    move(bar, qtbot)
    assert not bar.movie.is_playing
    assert not bar.movie._timer.isActive()


def test_what_it_shows_itself_does_not_end_it(bar, qtbot):
    bar.group_edited.connect(bar.set_group)  # as the session answers
    play(bar, qtbot)
    tick(bar)
    tick(bar)
    bar.set_group(bar._group.value())
    assert bar.movie.is_playing


def test_it_is_grey_where_there_is_nothing_to_play(bar):
    bar.set_plane(Plane.RATE)
    assert not bar.movie.isEnabled()
    assert "does not depend on the group" in bar.movie.toolTip()
    bar.set_plane(Plane.GROUP)
    assert bar.movie.isEnabled()
    bar.set_sizes(2, 1)
    assert bar.movie.toolTip() == "There is only one group"
    bar.movie.play()
    assert not bar.movie.is_playing


def test_speeds_are_chosen_from_the_menu_or_by_steps(qtbot):
    movie = GroupMovie()
    qtbot.addWidget(movie)
    told = []
    movie.speed_edited.connect(told.append)
    assert movie.speed == 0.2
    movie._speeds[8.0].trigger()
    movie.change_speed(-1)
    movie.change_speed(1)
    assert told == [8.0, 8.0, 4.0]
    assert "4 s each" in movie.toolTip()
    movie.set_speed(77.0)
    assert movie.speed == 0.2
    assert told == [8.0, 8.0, 4.0]


def test_no_timer_outlives_it(bar, qtbot):
    play(bar, qtbot)
    timer, gone = bar.movie._timer, []
    timer.destroyed.connect(lambda: gone.append(True))
    bar.movie.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone


def test_signs_of_the_button_are_in_its_font(bar):
    metrics = bar.movie.fontMetrics()
    assert all(metrics.inFont(sign) for sign in PLAY + PAUSE)
