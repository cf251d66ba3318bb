"""The explanation of pixels with flags of snowballs and showers."""

import numpy as np
import pytest
from skimage.draw import ellipse

import rampviewer as rv
from rampviewer.core.dq import Dq
from rampviewer.core.large.drawing import Drawn
from rampviewer.core.large.events import Event
from rampviewer.core.large.marks import Marks, by_rows
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.flag_text import event_lines, event_text, origin_text
from rampviewer.model.pixel.pixel_text import sections
from rampviewer.model.planes.event_marks import event_marks
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.run_flags import flags_of_run
from tests.large_cases import (
    shower_exposure,
    shower_parameters,
    snowball_exposure,
    snowball_parameters,
)

RATES = ("slope", "err", "var_poisson", "var_rnoise")


def snowball_case(seed):
    rng = np.random.default_rng(seed)
    return rv.process(snowball_exposure(rng), snowball_parameters(rng))


def shower_case(seed):
    rng = np.random.default_rng(seed)
    exposure = shower_exposure(rng, (2, 13, 24, 30))
    parameters = shower_parameters(rng, time_masked_after_shower=30.0, extend_min_area=10)
    return rv.process(exposure, parameters)


def assert_is_the_image(told, result, flags):
    here = np.s_[:, :, told.y, told.x]
    np.testing.assert_array_equal(told.groupdq, flags[here])
    np.testing.assert_array_equal(told.origin, result.jumps.origin[here])
    parts = [(told.view, result.fit.rate, (told.y, told.x))]
    for i, item in enumerate(told.view.integrations):
        parts.append((item, result.fit.rateints, (i, told.y, told.x)))
    for part, planes, place in parts:
        assert part.dq == planes.dq[place]
        for name in RATES:
            value = getattr(planes, name)[place]
            np.testing.assert_allclose(getattr(part, name), value, rtol=2e-6)


def masks_of(events, frame):
    """Return where each event flags and where its core is carried to, the slow way."""

    def mask(drawn):
        image = np.zeros(frame, bool)
        if drawn is not None and drawn.radius_1 and drawn.radius_2:
            radii, turn = (drawn.radius_2, drawn.radius_1), np.radians(drawn.angle)
            image[ellipse(drawn.y, drawn.x, *radii, shape=frame, rotation=turn)] = True
        return image

    return [(event, mask(event.drawn), mask(event.carried)) for event in events]


def expected_events(masks, note, told, n_masked):
    """Return the events that can have set a flag with this origin, found the slow way."""
    i, group, place = note.integration, note.group, (told.y, told.x)
    found = set()
    for event, drawn, carried in masks:
        kind, first = event.kind, event.group
        if note.origin == Origin.CARRIED_OVER:
            is_by = event.integration == i - 1 and carried[place]
        else:
            is_by = kind == note.origin and event.integration == i and drawn[place]
            if kind == Origin.SNOWBALL:
                is_by &= group == first
            elif kind == Origin.SNOWBALL_CORE:
                is_by &= first <= group
            else:
                is_by &= first <= group <= first + n_masked
                is_by &= not np.any(told.groupdq[i, first : group + 1] & 2)
        if is_by:
            found.add(event)
    return found


@pytest.mark.parametrize(
    ("seed", "origins"),
    [
        # the edge rule, extended cores and three integrations
        (215, {Origin.SNOWBALL, Origin.SNOWBALL_CORE, Origin.CARRIED_OVER}),
        (178, {Origin.SNOWBALL}),  # no saturated core required
    ],
)
def test_every_flag_of_a_snowball_names_all_its_events(seed, origins):
    result = snowball_case(seed)
    assert names_all_events(result, 0) == origins


@pytest.mark.parametrize(("seed", "n_masked"), [(1, 2), (9, 11)])
def test_every_flag_of_a_shower_names_all_its_events(seed, n_masked):
    assert names_all_events(shower_case(seed), n_masked) == {Origin.SHOWER}


def names_all_events(result, n_masked):
    """Compare each pixel with the image; return the origins among the large ones."""
    exposure, seen = result.exposure, set()
    flags = flags_of_run(exposure, result.run)
    frame = exposure.n_rows, exposure.n_cols
    masks = masks_of(result.run.large.events, frame)
    for y, x in np.ndindex(frame):
        told = rv.explain(result, x, y)
        assert_is_the_image(told, result, flags)
        named = set()
        for note in told.flags:
            events = {mark.event for mark in note.marks}
            named |= events
            if Origin.SNOWBALL <= note.origin <= Origin.SHOWER:
                assert events == expected_events(masks, note, told, n_masked)
                assert events
                assert all(event_text(event) in note.text for event in events)
                seen.add(note.origin)
        assert named == set(told.events)
    return seen


@pytest.mark.parametrize("case", [snowball_case, shower_case])
def test_an_exposure_alone_tells_the_same_as_its_result(case):
    result = case(0)
    recipe = result.run.recipe
    row, col = np.argwhere(np.any(result.jumps.origin >= Origin.SNOWBALL, axis=(0, 1)))[0]
    alone = rv.explain(result.exposure, int(col), int(row), jump=recipe.jump)
    told = rv.explain(result, int(col), int(row))
    assert alone.events
    assert alone.events == told.events
    assert str(alone) == str(told)


def test_other_parameters_do_not_take_the_events_of_the_run():
    result = snowball_case(0)
    row, col = np.argwhere(np.any(result.jumps.origin == Origin.SNOWBALL, axis=(0, 1)))[0]
    x, y = int(col), int(row)
    assert rv.explain(result, x, y, fit=rv.RampFitParameters(firstgroup=1)).events
    without = rv.explain(result, x, y, jump=rv.JumpParameters())
    assert without.events == ()
    again = rv.explain(rv.process(result.exposure), x, y, jump=result.run.recipe.jump)
    assert again.events == rv.explain(result, x, y).events


def snowball(n_ints=2):
    """Return an exposure with a snowball of radius 6 in group 2 around (31, 24)."""
    n_groups, frame = 5, (60, 60)
    y, x = np.indices(frame)
    distance = np.hypot(y - 24, x - 31)
    sci = np.broadcast_to(
        10.0 * np.arange(n_groups)[:, None, None], (n_ints, n_groups, *frame)
    ).copy()
    sci[0, 2:, distance <= 6] += 1000
    groupdq = np.zeros(sci.shape, np.uint8)
    groupdq[0, 2:, distance <= 4] = Dq.SATURATED
    timing = rv.Timing(frame_time=10.0, group_time=10.0)
    pixeldq = np.zeros(frame, np.uint32)
    return rv.Exposure.from_arrays(sci, groupdq, pixeldq, 1.0, 1.0, timing)


@pytest.fixture(scope="module")
def hit():
    jump = rv.JumpParameters(expand_large_events=True, snowball_time_masked_next_int=30)
    return rv.process(snowball(), jump)


def test_a_core_is_told_where_it_writes_saturation_and_where_it_is_carried_to(hit):
    told = rv.explain(hit, 31, 24)
    core = told.events[0]
    assert (core.kind, core.integration, core.group) == (Origin.SNOWBALL_CORE, 0, 2)
    assert [
        (note.integration, note.group, note.flag, note.origin) for note in told.flags
    ] == [
        (0, 2, Dq.SATURATED, Origin.SNOWBALL_CORE),
        (0, 3, Dq.SATURATED, Origin.SNOWBALL_CORE),
        (0, 4, Dq.SATURATED, Origin.SNOWBALL_CORE),
        (1, 1, Dq.JUMP_DET, Origin.CARRIED_OVER),
        (1, 2, Dq.JUMP_DET, Origin.CARRIED_OVER),
    ]
    assert all([mark.event for mark in note.marks] == [core] for note in told.flags)
    assert told.flags[-1].text.startswith(
        "int 1 group 2: 20.0 DN, step 10.0 DN, JUMP_DET, "
        "carried over from the core of a snowball, int 0 group 2 around (31, 24)"
    )
    by_title = {section.title: section.lines for section in sections(told.view)}
    assert by_title["Snowballs and showers"] == (
        "int 0 group 2: core of a snowball around (31, 24), found on 49 pixels; flagged in "
        "a circle with a radius of 5 pixels; before it was extended, a circle with a "
        "radius of 3 pixels. It flags int 0 groups 2 to 4 and int 1 groups 1 to 2 of this "
        "pixel.",
    )
    assert by_title["Flags"] == (
        "int 0 groups 2 to 4: SATURATED, core of a snowball of group 2 around (31, 24)",
        "int 0 groups 2 to 4: SATURATED was delivered, too",
        "int 1 groups 1 to 2: JUMP_DET",
    )


def test_flags_that_a_core_replaces_are_told():
    exposure = snowball()
    exposure.groupdq[0, 3:, 24, 31 + 5] = Dq.OUTLIER
    exposure.groupdq[0, 1, 24, 31 + 5] = Dq.DROPOUT
    jump = rv.JumpParameters(expand_large_events=True, sat_expand=4)
    told = rv.explain(exposure, 31 + 5, 24, jump=jump)
    lines = next(s.lines for s in sections(told.view) if s.title == "Flags")
    core = "core of a snowball of group 2 around (31, 24)"
    assert lines[:3] == (
        f"int 0 groups 2 to 4: SATURATED, {core}",
        "int 0 group 1: DROPOUT",
        "int 0 groups 3 to 4: OUTLIER was delivered, but the core of a snowball replaces "
        "all flags",
    )


def test_a_core_on_one_that_is_carried_over_tells_both():
    exposure = snowball()
    groupdq = exposure.groupdq.copy()
    groupdq[1, 2:] = groupdq[0, 2:]
    sci = exposure.sci.copy()
    sci[1] = sci[0]
    arrays = sci, groupdq, exposure.pixeldq, exposure.gain, exposure.readnoise
    again = rv.Exposure.from_arrays(*arrays, exposure.timing)
    told = rv.explain(again, 31, 24, jump=rv.JumpParameters(expand_large_events=True))
    first, second = told.events
    assert (first.integration, second.integration) == (0, 1)
    notes = {
        (note.flag, note.origin): [mark.event for mark in note.marks]
        for note in told.flags
        if (note.integration, note.group) == (1, 3)
    }
    assert notes == {
        (Dq.SATURATED, Origin.SNOWBALL_CORE): [second],
        (Dq.JUMP_DET, Origin.CARRIED_OVER): [first],
    }
    lines = list(event_lines(told.view))
    assert lines[0].endswith(
        "It flags int 0 groups 2 to 4 and int 1 groups 1 to 4 of this pixel."
    )
    assert lines[1].endswith("It flags int 1 groups 2 to 4 of this pixel.")


def test_a_shower_ends_where_the_pixel_saturates():
    first, second = (
        Event(
            kind=Origin.SHOWER,
            integration=0,
            group=group,
            last_group=5,
            n_pixels=90,
            drawn=Drawn(4, 3, 5, 5, 0.0),
        )
        for group in (1, 4)
    )
    groupdq = np.array([[0, 4, 2, 0, 4, 4]], np.uint8)
    pixel, frame = Pixel(3, 4), (8, 9)
    here = Marks(
        np.array([3 * 9 + 4], np.uint32), np.uint8([Dq.JUMP_DET]), np.uint8([Origin.SHOWER])
    )
    layer = LargeLayer(
        parameters=rv.JumpParameters(find_showers=True),
        marks=by_rows([(group, here) for group in (1, 4, 5)], *frame),
        events=(first, second),
        n_extended=2,
    )
    (marks,) = event_marks(layer, groupdq, pixel, frame)
    assert [(mark.group, mark.event) for mark in marks] == [
        (1, first),
        (4, second),
        (5, second),
    ]


def test_around_a_core_the_snowball_is_told_with_the_jump_that_was_there(hit):
    inside, outside = rv.explain(hit, 31 + 6, 24), rv.explain(hit, 31 + 9, 24)
    (jump,), (expanded,) = inside.flags, outside.flags
    assert jump.origin == Origin.PRIMARY
    assert expanded.origin == Origin.SNOWBALL
    assert jump.marks == expanded.marks
    (mark,) = jump.marks
    assert (mark.group, mark.origin, mark.event.kind) == (
        2,
        Origin.SNOWBALL,
        Origin.SNOWBALL,
    )
    items = inside.view.integrations[0], outside.view.integrations[0]
    assert [origin_text(item, 2) for item in items] == [
        "primary, also snowball of group 2 around (31, 24)",
        "snowball of group 2 around (31, 24)",
    ]
    assert "its saturated core has a radius of 3.9 pixels" in expanded.text
    assert rv.explain(hit, 0, 0).events == ()


def test_a_single_pixel_is_one():
    event = Event(
        kind=Origin.SNOWBALL,
        integration=0,
        group=1,
        last_group=1,
        n_pixels=1,
        drawn=Drawn(5, 6, 1, 1, 0.0),
    )
    assert event_text(event) == (
        "int 0 group 1: snowball around (5, 6), found on 1 pixel; flagged in a circle with "
        "a radius of 1 pixel"
    )


@pytest.mark.parametrize(("angle", "dx", "dy"), [(30.0, 5, 9), (-30.0, -5, 9)])
def test_the_angle_of_an_event_is_that_of_its_longer_axis(angle, dx, dy):
    event = Event(
        kind=Origin.SHOWER,
        integration=1,
        group=4,
        last_group=5,
        n_pixels=300,
        drawn=Drawn(51, 30, 3, 12, angle),
    )
    assert event_text(event) == (
        "int 1 group 4: shower around (51, 30), found on 300 pixels; flagged in an ellipse "
        f"with half axes of 3 and 12 pixels, the latter turned by {angle:.0f} degrees from "
        "the y axis towards the x axis"
    )
    frame = 60, 100
    assert event.drawn.contains(30 + dy, 51 + dx, *frame)
    assert event.drawn.contains(30 - dy, 51 - dx, *frame)
    assert not event.drawn.contains(30 + dy, 51 - dx, *frame)
    assert not event.drawn.contains(0, 0, *frame)
