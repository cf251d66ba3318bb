"""The table of large events, its filters, and what it says without any."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from rampviewer.core.origin import Origin
from rampviewer.gui.tables.events_panel import (
    CLOSED_TEXT,
    OFF_TEXT,
    OUTDATED_TEXT,
    EventsPanel,
    none_text,
)
from rampviewer.model.exposure import Pixel
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.tables.event_table import LONE_CORE, SHOWER, SNOWBALL
from tests.model.test_event_table import core, event, listed

LEFT = Qt.MouseButton.LeftButton
BOTH = JumpParameters(expand_large_events=True, find_showers=True)


@pytest.fixture
def panel(qtbot):
    widget = EventsPanel()
    qtbot.addWidget(widget)
    widget.resize(900, 300)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def filled(panel):
    events = listed(
        event(core_radius=2.5),
        event(x=50, n_pixels=7),
        core(x=60, group=3),
        event(Origin.SHOWER, y=50, group=4, n_pixels=100),
    )
    panel.went, panel.rows = [], []
    panel.place_chosen.connect(lambda *place: panel.went.append(place))
    panel.current_changed.connect(panel.rows.append)
    panel.filters.clear()
    panel.show_events(events, BOTH, 40)
    return panel


def kinds(panel):
    return panel.view.model().listed()["kind"].tolist()


def test_it_says_what_to_do_without_an_exposure(panel):
    assert panel.message.text() == CLOSED_TEXT
    assert not any(button.isVisible() for button in panel.buttons.values())


@pytest.mark.parametrize("name", ["expand_large_events", "find_showers"])
def test_what_is_off_can_be_switched_on(panel, qtbot, name):
    panel.show_nothing(OFF_TEXT)
    assert name in panel.message.text()
    with qtbot.waitSignal(panel.search_clicked) as clicked:
        qtbot.mouseClick(panel.buttons[name], LEFT)
    assert clicked.args == [name]


def test_without_any_event_it_names_what_finds_more_and_offers_the_other_search(panel):
    jump = JumpParameters(expand_large_events=True)
    panel.show_events(listed(), jump, 40)
    assert "min_jump_area" in panel.message.text()
    visible = {name: button.isVisible() for name, button in panel.buttons.items()}
    assert visible == {"expand_large_events": False, "find_showers": True}


def test_too_short_an_exposure_for_showers_says_so():
    jump = JumpParameters(find_showers=True)
    assert "this one has 6" in none_text(jump, 6)
    assert "extend_snr_threshold" in none_text(jump, 10)


def test_the_largest_is_listed_first(filled):
    assert kinds(filled) == [SHOWER, SNOWBALL, LONE_CORE, SNOWBALL]
    assert filled.count.text() == "4 events"
    told = "2 snowballs (1 without a saturated core), 1 lone core, 1 shower"
    assert filled.count.toolTip().startswith(told)


def test_clear_ones_leaves_out_lone_cores_and_snowballs_without_a_core(filled):
    (clear, _in_view) = filled.filters.boxes.values()
    clear.click()
    assert kinds(filled) == [SHOWER, SNOWBALL]
    assert filled.count.text() == "2 of 4 events"
    assert not np.isnan(filled.view.model().listed()["core"][1])


def test_at_first_the_clear_ones_are_listed(panel):
    panel.show_events(listed(event(), core(x=60)), BOTH, 40)
    assert "None of the 2 events passes" in panel.message.text()
    panel.show_events(listed(event(), event(x=50, core_radius=2.5)), BOTH, 40)
    assert panel.view.model().listed()["x"].tolist() == [50]


def test_words_and_numbers_filter(filled, qtbot):
    qtbot.keyClicks(filled.filters.text, "snowball size<10")
    assert kinds(filled) == [SNOWBALL]
    filled.filters.clear()
    qtbot.keyClicks(filled.filters.text, "lone-core")
    assert kinds(filled) == [LONE_CORE]


def test_steps_go_from_the_largest_on_and_tell_the_row(filled):
    for row in (3, 0):
        filled.step(1)
        assert filled.rows[-1] == row
    assert filled.went == [(Pixel(50, 20), 0, 4), (Pixel(30, 20), 0, 2)]
    assert filled.count.text() == "2 of 4"


def test_a_row_that_is_made_the_current_one_leads_nowhere(filled):
    filled.make_current(1)
    assert filled.went == []
    assert filled.rows[-1] == 1
    assert filled.view.currentIndex().row() == 3
    filled.make_current(-1)
    assert filled.view.currentIndex().row() == -1
    assert filled.rows[-1] == -1


def test_an_old_list_says_that_it_is_out_of_date(filled):
    filled.set_outdated(is_outdated=True)
    assert filled.count.text() == OUTDATED_TEXT
    assert filled.view.property("outdated")
    filled.set_outdated(is_outdated=False)
    assert filled.count.text() == "4 events"
    assert not filled.view.property("outdated")


def test_the_switch_for_ellipses_tells_only_what_the_user_does(panel, qtbot):
    with qtbot.assertNotEmitted(panel.ellipses_edited):
        panel.set_ellipses(shown=True)
    with qtbot.waitSignal(panel.ellipses_edited) as edited:
        qtbot.mouseClick(panel.ellipses, LEFT)
    assert edited.args == [False]
