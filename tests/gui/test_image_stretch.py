import numpy as np
import pytest

from rampviewer.gui.image.limits_memory import LimitsMemory
from rampviewer.gui.image.stretch import (
    SAMPLE_SIZE,
    Limits,
    LimitsRule,
    Stretch,
    limits_by,
    sample_of,
    stretched,
    widened,
)

NAN_FRAME = np.full((8, 8), np.nan, np.float32)


@pytest.fixture
def sky():
    """A sky of 10 with a noise of 1, and a tenth of the pixels far brighter."""
    rng = np.random.default_rng(2)
    values = rng.normal(10, 1, (300, 300)).astype(np.float32)
    values[rng.random(values.shape) < 0.1] += 5000
    return values


@pytest.mark.parametrize("stretch", list(Stretch))
def test_a_stretch_keeps_both_ends_and_the_order(stretch):
    places = stretched(np.linspace(0, 1, 101), stretch)
    assert places[0] == 0
    assert places[-1] == pytest.approx(1)
    assert (np.diff(places) > 0).all()


def test_stretches_lift_the_faint_end_one_more_than_the_other():
    faint = [stretched(np.array([0.05]), stretch)[0] for stretch in Stretch]
    assert faint == sorted(faint)
    assert faint[0] == 0.05


def test_zscale_shows_the_sky_and_not_the_stars(sky):
    low, high = limits_by(LimitsRule.ZSCALE, sky)
    assert 5 < low < 10
    assert 10 < high < 20


def test_zscale_judges_the_whole_frame():
    values = np.repeat(np.arange(64, dtype=np.float32), 64).reshape(64, 64)
    low, high = limits_by(LimitsRule.ZSCALE, values)
    assert low < 2
    assert high > 60


def test_the_percentile_leaves_a_quarter_of_a_percent_at_each_end():
    values = np.arange(40_000, dtype=np.float32).reshape(200, 200)
    low, high = limits_by(LimitsRule.PERCENTILE, values)
    assert low == pytest.approx(100, abs=2)
    assert high == pytest.approx(39_900, abs=2)


def test_min_and_max_are_those_of_every_pixel():
    values = np.zeros((2048, 2048), np.float32)
    values[1, 1], values[2, 3], values[5, 5], values[6, 6] = 7, -3, np.nan, np.inf
    assert limits_by(LimitsRule.MIN_MAX, values) == (-3, 7)


@pytest.mark.parametrize("rule", list(LimitsRule)[:4])
def test_bad_pixels_do_not_count(rule, sky):
    bad = np.zeros(sky.shape, bool)
    bad[:150] = True
    sky[:150] = -1e6
    low, _ = limits_by(rule, sky, bad)
    assert low > 0


@pytest.mark.parametrize("rule", list(LimitsRule)[:4])
def test_when_all_pixels_are_bad_they_count_after_all(rule, sky):
    bad = np.ones(sky.shape, bool)
    assert limits_by(rule, sky, bad) == limits_by(rule, sky)


@pytest.mark.parametrize("rule", list(LimitsRule)[:4])
@pytest.mark.parametrize(
    "values",
    [
        np.full((50, 50), 7.25, np.float32),
        np.zeros((50, 50), np.uint32),
        np.array([[3.0]], np.float32),
        np.array([[1.0, 2.0]], np.float32),
        np.array([[np.nan, -0.0]], np.float32),
        np.full((5, 5), 3e38, np.float32),
    ],
)
def test_limits_always_differ(rule, values):
    low, high = limits_by(rule, values)
    assert low < high
    assert np.isfinite([low, high]).all()


@pytest.mark.parametrize("rule", list(LimitsRule)[:4])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_without_a_finite_value_there_are_no_limits(rule, value):
    assert limits_by(rule, np.full((9, 9), value, np.float32)) is None


@pytest.mark.parametrize("level", [0.2, 100.0, 3000.0])
def test_the_sky_is_near_the_lower_limit_however_bright_it_is(level):
    rng = np.random.default_rng(2)
    values = rng.normal(level, 2.0, (300, 300)).astype(np.float32)
    values[:6] = 0.0  # reference pixels
    values[50:56, 50:100] += 900.0  # a source
    low, high = limits_by(LimitsRule.SKY, values)
    assert low == pytest.approx(level - 5.0, abs=0.5)
    assert high > level + 800


def test_counts_start_at_zero():
    values = np.zeros((64, 64), np.uint32)
    values[:4] = 6
    assert limits_by(LimitsRule.ZSCALE, values) == (0, 6)


@pytest.mark.parametrize(
    ("typed", "limits"),
    [((2.0, 1.0), (1.0, 2.0)), ((0.0, 0.0), (-0.5, 0.5)), ((1.0, 1.5), (1.0, 1.5))],
)
def test_limits_are_put_in_order_and_apart(typed, limits):
    assert widened(*typed) == limits


def test_a_sample_is_finite_good_and_not_too_large():
    values = np.ones((2048, 2048), np.float32)
    values[:, :1000], values[1000:, :] = np.nan, np.inf
    bad = np.zeros(values.shape, bool)
    bad[:500] = True
    sample = sample_of(values, bad)
    assert 0 < sample.size <= SAMPLE_SIZE
    assert sample.size / SAMPLE_SIZE < 0.2
    assert (sample == 1).all()


@pytest.fixture
def memory():
    memory = LimitsMemory()
    memory.show_kind("rate", "Rate")
    return memory


def test_a_picture_is_new_only_when_it_is_another(memory):
    assert memory.show_kind("group", "group 0")
    assert not memory.show_kind("group", "group 0")
    assert memory.show_kind("group", "group 1")
    assert memory.show_kind("rate", "Rate")


def test_limits_are_held_over_only_from_another_picture_by_a_rule(memory, sky):
    assert not memory.is_held_over
    memory.revise(sky, None)
    assert not memory.is_held_over
    memory.show_kind("rate", "Rate of integration 1")
    assert memory.is_held_over
    assert not memory.revise(10 * sky, None)
    memory.set_by_hand(Limits(1.0, 2.0))
    assert not memory.is_held_over


def test_without_hold_another_picture_has_limits_of_its_own(memory, sky):
    memory.revise(sky, None)
    memory.is_holding = False
    held = memory.limits
    assert not memory.revise(10 * sky, None)
    memory.show_kind("rate", "Rate of integration 1")
    assert memory.revise(10 * sky, None)
    assert memory.limits.high == pytest.approx(10 * held.high)
    assert not memory.is_held_over


def test_limits_of_a_picture_without_contrast_are_not_held(memory, sky):
    nothing = np.zeros_like(sky)  # as a difference before a parameter has changed
    memory.revise(nothing, None)
    changed = nothing.copy()
    changed[::2] = sky[::2] - 5.0
    assert memory.revise(changed, None)
    assert memory.limits == limits_by(LimitsRule.ZSCALE, changed)
    assert not memory.revise(2 * changed, None)


def test_limits_are_computed_once_and_held(memory, sky):
    assert memory.revise(sky, None)
    held = memory.limits
    assert not memory.revise(10 * sky, None)
    assert memory.limits == held


def test_limits_are_computed_again_when_many_values_have_come(memory, sky):
    values = sky.copy()
    values[30:] = np.nan
    assert memory.revise(values, None)
    values[30:35] = 500
    assert not memory.revise(values, None)
    values[35:200] = 500
    assert memory.revise(values, None)
    assert memory.limits.high > 100


def test_without_values_the_limits_wait(memory, sky):
    assert not memory.revise(NAN_FRAME, None)
    assert memory.limits == (0, 1)
    memory.compute(LimitsRule.MIN_MAX, NAN_FRAME, None)
    assert memory.limits == (0, 1)
    assert memory.rule is LimitsRule.MIN_MAX
    assert memory.revise(sky, None)
    assert memory.limits.high > 5000


def test_limits_by_hand_are_never_revised(memory, sky):
    memory.set_by_hand(Limits(1.0, 2.0))
    assert not memory.revise(sky, None)
    assert memory.limits == (1.0, 2.0)
    assert memory.rule is LimitsRule.MANUAL
    memory.compute(LimitsRule.MANUAL, sky, None)
    assert memory.limits == (1.0, 2.0)
    memory.compute(LimitsRule.ZSCALE, sky, None)
    assert memory.limits.low > 5


@pytest.mark.parametrize("share", [0.003, 0.1, 0.3])
def test_a_frame_of_mostly_equal_values_is_shown_around_them(share):
    rng = np.random.default_rng(3)
    values = np.full((300, 300), 2.0, np.float32)
    values[rng.random(values.shape) < share] = -8.0
    low, high = limits_by(LimitsRule.ZSCALE, values)
    assert low == pytest.approx(-8)
    assert high == pytest.approx(12)
