"""The list of large events tells the same as the layer of flags that it is made of."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from rampviewer.core.large.drawing import Drawn
from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.io.tables import astropy_table
from rampviewer.model.exposure import Pixel
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.tables.event_table import (
    LONE_CORE,
    SHOWER,
    SNOWBALL,
    event_list,
    shower_steps,
)
from tests.large_cases import (
    shower_exposure,
    shower_parameters,
    snowball_exposure,
    snowball_parameters,
)
from tests.live_cases import DEFAULT


def found(exposure, jump):
    """Return the layer of an exposure and the list that is made of it."""
    recipe = replace(DEFAULT, jump=jump)
    layer = process_exposure(Prepared.of(exposure), recipe).large
    return layer, event_list(exposure, recipe, layer)


def snowballs(seed, **changes):
    rng = np.random.default_rng(seed)
    exposure = snowball_exposure(rng)
    return exposure, *found(exposure, snowball_parameters(rng, **changes))


@cache
def some_layer():
    rng = np.random.default_rng(0)
    exposure = snowball_exposure(rng)
    return exposure, found(exposure, snowball_parameters(rng))[0]


def listed(*events):
    """Return the list of some events, of whatever exposure."""
    exposure, layer = some_layer()
    return event_list(exposure, DEFAULT, replace(layer, events=events))


def event(kind=Origin.SNOWBALL, x=20, y=30, group=2, radius=9, **changes):
    values = {
        "kind": kind,
        "integration": 0,
        "group": group,
        "last_group": group,
        "n_pixels": 40,
        "drawn": Drawn(x, y, radius, radius, 0.0),
    }
    return Event(**(values | changes))


def core(**changes):
    return event(Origin.SNOWBALL_CORE, radius=3, last_group=7, n_pixels=20, **changes)


@pytest.mark.parametrize("seed", range(12))
def test_every_event_has_an_ellipse_and_every_row_an_event(seed):
    _, layer, events = snowballs(seed)
    ellipses, table = events.ellipses, events.table
    assert len(ellipses) == len(layer.events)
    assert sorted(set(ellipses.row.tolist())) == list(range(len(table)))
    kinds = [item.kind for item in layer.events]
    assert (table["kind"] == SNOWBALL).sum() == kinds.count(Origin.SNOWBALL)
    assert (table["kind"] == LONE_CORE).sum() <= kinds.count(Origin.SNOWBALL_CORE)
    drawn = sorted((*item.drawn[:4], item.group, item.kind) for item in layer.events)
    parts = (ellipses.x, ellipses.y, ellipses.radius_1, ellipses.radius_2)
    rows = zip(*parts, ellipses.group, ellipses.kind, strict=True)
    assert sorted(tuple(map(int, row)) for row in rows) == drawn


@pytest.mark.parametrize("seed", range(4))
def test_pixels_inside_are_those_that_were_flagged(seed):
    exposure, layer, _ = snowballs(seed)
    frame = exposure.n_rows, exposure.n_cols
    n_checked = n_other = 0
    for item in layer.events[:25]:
        one, (x, y) = listed(item).ellipses, item.drawn[:2]
        for row in range(max(y - 6, 0), min(y + 7, frame[0])):
            for col in range(max(x - 6, 0), min(x + 7, frame[1])):
                inside = item.drawn.contains(row, col, *frame)
                n_checked += 1
                # A pixel on the line itself hangs on the last digit.
                n_other += one.holding(Pixel(row, col))[0] != inside
    assert n_checked > 1000
    assert n_other < 0.001 * n_checked


def test_the_core_of_a_snowball_stands_in_its_row():
    snowball = event(core_radius=float(np.sqrt(20 / np.pi)))
    events = listed(snowball, core(x=22, y=31))
    assert len(events.table) == 1
    row = {name: values[0] for name, values in events.table.arrays.items()}
    assert (row["x"], row["y"], row["group"], row["last_group"]) == (20, 30, 2, 7)
    assert (row["size"], row["core"]) == (40, 20)
    assert events.row_named(Pixel(31, 22), 0, 2) == 0
    assert events.ellipses.row.tolist() == [0, 0]
    assert events.summary == "1 snowball"


def test_a_core_that_saturates_one_group_later_belongs_to_the_snowball():
    snowball = event(core_radius=2.5)
    assert len(listed(snowball, core(group=3)).table) == 1
    assert len(listed(snowball, core(group=4)).table) == 2
    assert len(listed(snowball, core(group=1)).table) == 2


def test_a_core_elsewhere_is_a_lone_one():
    events = listed(event(core_radius=2.5), core(x=60), event(Origin.SHOWER, y=50))
    assert events.table["kind"].tolist() == [SNOWBALL, LONE_CORE, SHOWER]
    assert events.summary == "1 snowball, 1 lone core, 1 shower"


def test_snowballs_that_need_no_core_are_counted_apart():
    events = listed(event(core_radius=2.5), event(x=2), event(x=80), core(x=60))
    assert events.summary == "3 snowballs (2 without a saturated core), 1 lone core"


def test_a_snowball_that_needed_no_core_takes_none():
    events = listed(event(), core())
    assert events.table["kind"].tolist() == [SNOWBALL, LONE_CORE]
    assert np.isnan(events.table["core"][0])


def test_the_smallest_ellipse_around_a_pixel_is_found_at_its_step():
    events = listed(event(radius=15), event(x=28, radius=4), event(group=5, radius=2))
    at = events.ellipses.row_at
    assert at(Pixel(30, 28), 0, 2) == 1
    assert at(Pixel(30, 20), 0, 2) == 0
    assert at(Pixel(30, 20), None, None) == 2
    assert at(Pixel(30, 20), 1, 2) == -1
    assert at(Pixel(2, 2), None, None) == -1


def test_a_shower_is_seen_in_all_groups_that_it_flags():
    ellipses = listed(event(Origin.SHOWER, group=2, last_group=4)).ellipses
    seen = [bool(ellipses.at_step(0, group)[0]) for group in range(7)]
    assert seen == [False, False, True, True, True, False, False]
    assert not ellipses.at_step(1, 3).any()


def test_an_ellipse_without_width_holds_nothing_but_is_listed():
    events = listed(event(drawn=Drawn(20, 30, 0, 4, 10.0)))
    assert len(events.table) == 1
    assert events.ellipses.row_at(Pixel(30, 20), 0, 2) == -1


def test_how_far_a_row_reaches_counts_its_core():
    events = listed(
        event(core_radius=2.5, radius=6), core(x=24, drawn=Drawn(24, 30, 5, 5, 0))
    )
    assert events.reach_of(0) == 9
    assert events.centre_of(0) == Pixel(30, 20)


def test_showers_are_listed_by_integration_and_group():
    rng = np.random.default_rng(0)
    exposure = shower_exposure(rng, (2, 12, 64, 64))
    layer, events = found(exposure, shower_parameters(rng, extend_min_area=10))
    table = events.table
    assert len(table) == len(layer.events) > 0
    assert set(table["kind"].tolist()) == {SHOWER}
    step = 100 * table["integration"] + table["group"]
    assert (np.diff(step) >= 0).all()
    assert (table["last_group"] >= table["group"]).all()
    assert shower_steps(Prepared.of(exposure)) == 2 * 11 - 4  # two groups are unusable


def test_without_events_the_list_is_empty():
    events = listed()
    assert len(events.table) == len(events.ellipses) == 0
    assert events.summary == ""
    assert events.row_named(Pixel(1, 1), 0, 0) == -1


def test_a_file_has_words_units_and_what_it_is_of():
    events = listed(event(drawn=Drawn(20, 30, 4, 8, -30.0)), event(group=3))
    table = astropy_table(events.table)
    assert table["kind"].tolist() == ["snowball", "snowball"]
    assert [str(table[name].unit) for name in ("size", "major", "angle")] == [
        "pix",
        "pix",
        "deg",
    ]
    assert table["angle"][0] == pytest.approx(-30)
    assert np.isnan(table["angle"][1])  # of a circle
    assert "parameters" in table.meta
