from dataclasses import replace

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.gui.ramp.ramp_data import (
    Part,
    XAxis,
    flagged,
    is_boxed,
    labels_of,
    points,
    segment_ends,
    shown_bits,
    signal_limits,
)
from rampviewer.model.timing import GroupTimes
from tests.pixel_views import GROUP_TIME, make_view, noisy, segment, two_jumps

TIME = XAxis("time", GroupTimes(GROUP_TIME))
GROUP = XAxis("group", GroupTimes(GROUP_TIME))


@pytest.mark.parametrize(("axis", "x"), [(TIME, 40.0), (GROUP, 3.0)])
def test_a_group_and_its_place_on_the_axis_belong_together(axis, x):
    assert axis.one(3) == x
    assert axis.nearest_group(x + 0.4 * (axis.one(4) - x), 10) == 3
    assert axis.nearest_group(axis.one(40), 10) == 9
    assert axis.nearest_group(axis.one(-5), 10) == 0


def test_an_integration_behind_others_begins_where_they_end():
    behind = XAxis("group", GroupTimes(GROUP_TIME), 13)
    assert behind.one(3) == 16.0
    assert behind.nearest_group(16.2, 10) == 3
    assert behind.limits(10) == (12.4, 22.6)


def test_labels_of_the_axis_give_the_unit():
    assert TIME.label == "time [s]"
    assert GROUP.label == "group"


def test_ticks_of_groups_are_whole_numbers():
    assert GROUP.whole == 1.0
    assert TIME.whole == 0.0


@pytest.mark.parametrize("axis", [TIME, GROUP])
def test_the_line_of_a_segment_passes_through_its_points(axis):
    (item,) = two_jumps().integrations
    x, y, _ = points(item, axis)
    for part in item.segments:
        x0, y0, x1, y1 = segment_ends(part, axis)
        ends = [part.first_group, part.last_group]
        np.testing.assert_allclose([x0, x1], x[ends])
        np.testing.assert_allclose([y0, y1], y[ends])


def test_a_segment_of_one_group_gets_a_short_line_through_its_point():
    signal = np.array([100.0, 300.0, 0.0])
    whole = segment(signal, 0, 1)
    x0, y0, x1, y1 = segment_ends(
        type(whole)(
            first_group=1,
            last_group=1,
            slope=whole.slope,
            err=1.0,
            intercept=whole.intercept,
            var_poisson=0.0,
            var_rnoise=1.0,
            weight=1.0,
        ),
        TIME,
    )
    assert x1 - x0 == pytest.approx(0.6 * GROUP_TIME)
    assert (y0 + y1) / 2 == pytest.approx(300.0)
    assert (x0 + x1) / 2 == pytest.approx(TIME.one(1))


def test_points_leave_out_nan_and_mark_what_is_excluded():
    (item,) = make_view([1.0, np.nan, 3.0, 4.0, 5.0], [1, 0, 0, 4, 2]).integrations
    x, y, excluded = points(item, TIME)
    np.testing.assert_array_equal(x, [10, 30, 40, 50])
    np.testing.assert_array_equal(y, [1, 3, 4, 5])
    # Group 3 begins after a jump and is alone: good, yet in no segment.
    np.testing.assert_array_equal(excluded, [True, False, True, True])


def test_every_bit_of_a_group_is_found():
    (item,) = make_view([1.0, 2.0], [0, Dq.JUMP_DET | Dq.DO_NOT_USE]).integrations
    assert flagged(item) == [(1, Dq.DO_NOT_USE), (1, Dq.JUMP_DET)]


def test_the_strip_always_has_the_three_common_bits_and_what_else_is_set():
    common = (Dq.DO_NOT_USE, Dq.SATURATED, Dq.JUMP_DET)
    assert shown_bits(make_view([1.0, 2.0])) == common
    assert shown_bits(make_view([1.0, 2.0], [0, Dq.CHARGELOSS])) == (*common, Dq.CHARGELOSS)


def test_the_range_holds_all_points():
    low, high = signal_limits(noisy(3, 12).integrations, TIME, boxed=False)
    signal = np.concatenate([i.signal for i in noisy(3, 12).integrations])
    assert low < signal.min()
    assert high > signal.max()
    assert high - low < 1.5 * np.ptp(signal)


def test_a_wild_group_that_is_not_used_does_not_flatten_the_ramp():
    wild = make_view([1e6, 10.0, 20.0, 30.0], [1, 0, 0, 0])
    assert signal_limits(wild.integrations, TIME, boxed=False)[1] < 40
    near = make_view([35.0, 10.0, 20.0, 30.0], [1, 0, 0, 0])
    assert signal_limits(near.integrations, TIME, boxed=False)[1] > 35


@pytest.mark.parametrize("signal", [[np.nan, np.nan], [5.0], [0.0, 0.0], [1e5, 1e5]])
def test_the_range_is_never_empty(signal):
    low, high = signal_limits(make_view(signal).integrations, TIME, boxed=False)
    assert low < high


def test_many_segments_get_room_for_their_labels():
    few = noisy(1, 40, [(0, 10, 100)], noise=0).integrations
    many = noisy(1, 40, [(0, g, 25) for g in (8, 16, 24, 32)], noise=0).integrations
    assert signal_limits(many, TIME, boxed=True)[1] > (
        1.3 * signal_limits(few, TIME, boxed=False)[1]
    )


def test_many_segments_of_one_ramp_or_in_one_plot_stand_in_a_box():
    def parts(*n_jumps):
        jumps = [(i, 8 * k, 500) for i, n in enumerate(n_jumps) for k in range(1, n + 1)]
        items = noisy(len(n_jumps), 60, jumps).integrations
        return [Part(i, item, TIME) for i, item in enumerate(items)]

    assert not is_boxed(parts(3))
    assert is_boxed(parts(4))
    assert not is_boxed(parts(1, 2, 3))
    assert is_boxed(parts(0, 4, 0))
    assert is_boxed(parts(*[1] * 11))


def test_labels_give_slope_error_unit_and_weight():
    labels = labels_of([Part(0, two_jumps().integrations[0], TIME)])
    assert labels.long[0] == "12.000 ± 0.079 DN/s\nweight 33.3 %"
    assert labels.short[0] == "12.000 ± 0.079\n33.3 %"
    assert labels.tiny[0] == "12, 33 %"
    assert labels.legend[1] == "groups 4 to 6: 12.000 ± 0.079 DN/s, weight 33.3 %"


def test_labels_of_several_integrations_name_them():
    view = noisy(2, 12)
    behind = XAxis("time", GroupTimes(GROUP_TIME), 13)
    parts = [Part(n, view.integrations[n], axis) for n, axis in enumerate((TIME, behind))]
    labels = labels_of(parts)
    assert [text.split(":")[0] for text in labels.legend] == [
        "int 0 groups 0 to 11",
        "int 1 groups 0 to 11",
    ]
    assert labels.segments[:, 0].tolist() == [10.0, 140.0]
    assert len(labels.points) == 24


def test_a_segment_without_a_slope_is_not_drawn():
    view = make_view(np.arange(4.0))
    (fit,) = view.integrations[0].segments
    broken = {name: getattr(fit, name) for name in fit.__slots__} | {"slope": np.nan}
    item = type(view.integrations[0])(
        **{name: getattr(view.integrations[0], name) for name in ("signal", "groupdq")},
        origin=np.zeros(4, np.uint8),
        segments=(type(fit)(**broken),),
        slope=np.nan,
        err=0.0,
        dq=1,
    )
    assert labels_of([Part(0, item, TIME)]).segments.shape == (0, 4)


def test_groups_with_times_of_their_own_stand_there():
    axis = XAxis("time", GroupTimes(10.0, (0.0, 3.0, 13.0, 23.0)))
    np.testing.assert_allclose(axis.of(np.arange(4.0)), [0, 3, 13, 23])
    assert [axis.nearest_group(x, 4) for x in (-5, 1, 2, 9, 40)] == [0, 0, 1, 2, 3]
    low, high = axis.limits(4)
    assert low < 0
    assert high > 23
    behind = replace(axis, offset=5)
    assert behind.one(1) == pytest.approx(53)
    assert behind.group_at(63) == pytest.approx(2)
