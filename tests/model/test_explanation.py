import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rampviewer as rv
from rampviewer.core.dq import Dq
from rampviewer.core.facts import ExposureFacts
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.explanation import explain_pixel
from rampviewer.model.pixel.pixel_text import jump_sentences, sections
from rampviewer.model.pixel.pixel_view import Cause
from rampviewer.model.runs.jump_detection import detect_exposure
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests import exposures
from tests.deciding import decision_at
from tests.jump_cases import ramp_exposure, random_exposure, random_parameters
from tests.pixel_views import make_view

SEEDS = st.integers(0, 2**32 - 1)
STEPS = ((-1, 0), (0, -1), (0, 1), (1, 0))


def recipe_of(jump):
    return Recipe(jump=jump, fit=RampFitParameters())


def source_ratios(exposure):
    """Return |difference - median| / sigma with the signed median, the slow way."""
    usable = (exposure.groupdq & 3) == 0
    usable = usable[:, 1:] & usable[:, :-1]
    with np.errstate(all="ignore"):
        steps = np.diff(exposure.sci * exposure.gain, axis=1)
        steps = np.where(usable, steps, np.nan).astype(np.float64)
        order = np.sort(steps.reshape(-1, *exposure.gain.shape), axis=0)
        n = np.sum(~np.isnan(order), axis=0)
        at = [np.take_along_axis(order, k[None], 0)[0] for k in ((n - 1) // 2, n // 2)]
        median = np.where(n > 0, (at[0] + at[1]) / 2, np.nan)
        noise = (exposure.readnoise * exposure.gain).astype(np.float64)
        sigma = np.sqrt(np.abs(median) + noise**2 / exposure.timing.n_frames)
        ratio = np.abs(steps - median) / np.where(sigma == 0, np.nan, sigma)
    return np.concatenate([np.full_like(ratio[:, :1], np.nan), ratio], axis=1)


@given(seed=SEEDS, n_ints=st.integers(1, 3), n_groups=st.integers(3, 12))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_flag_of_a_neighbour_names_all_its_sources(seed, n_ints, n_groups):
    rng = np.random.default_rng(seed)
    exposure, parameters = random_exposure(rng, n_ints, n_groups), random_parameters(rng)
    if n_ints > 1 and seed % 3 == 0:
        parameters = JumpParameters(minimum_sigclip_groups=n_ints)
    prepared, recipe = Prepared.of(exposure), recipe_of(parameters)
    result = detect_exposure(exposure, parameters, facts=prepared.facts)
    ratio, jump = source_ratios(exposure), (result.groupdq & 4) > 0
    low = parameters.min_jump_to_flag_neighbors
    high = parameters.max_jump_to_flag_neighbors
    jump &= np.isin(result.origin, (Origin.PRIMARY, Origin.DELIVERED))
    sources = jump & (ratio > low) & (ratio < high)
    frame = exposure.n_rows, exposure.n_cols
    for row, col in np.ndindex(frame):
        told = explain_pixel(prepared, recipe, col, row)
        np.testing.assert_array_equal(told.origin, result.origin[:, :, row, col])
        for i, group in np.argwhere(told.origin == Origin.NEIGHBOR).tolist():
            real = {
                Pixel(row + a, col + b)
                for a, b in STEPS
                if 0 <= row + a < frame[0]
                and 0 <= col + b < frame[1]
                and sources[i, group, row + a, col + b]
            }
            named = told.view.integrations[i].causes_of(group)
            assert {cause.pixel for cause in named} == real
            assert real


@given(seed=SEEDS, n_groups=st.integers(4, 12))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_flag_after_a_jump_names_a_large_jump_before_it(seed, n_groups):
    rng = np.random.default_rng(seed)
    exposure = random_exposure(rng, 2, n_groups)
    parameters = JumpParameters(
        after_jump_flag_dn1=100.0,
        after_jump_flag_time1=25.0,
        after_jump_flag_dn2=1000.0,
        after_jump_flag_time2=60.0,
    )
    prepared = Prepared.of(exposure)
    for row, col in np.ndindex(exposure.n_rows, exposure.n_cols):
        told = explain_pixel(prepared, recipe_of(parameters), col, row)
        for i, group in np.argwhere(told.origin == Origin.AFTER_JUMP).tolist():
            causes = told.view.integrations[i].causes_of(group)
            assert causes
            for cause in causes:
                assert cause.pixel == Pixel(row, col)
                assert 1 <= group - cause.jump_group <= 5
                assert told.groupdq[i, cause.jump_group] & Dq.JUMP_DET
                assert told.origin[i, cause.jump_group] != Origin.AFTER_JUMP
                assert told.decision.difference[i, cause.jump_group - 1] > 100


def test_every_bit_of_every_group_is_explained():
    exposure = random_exposure(np.random.default_rng(8), 2, 9)
    prepared, recipe = Prepared.of(exposure), recipe_of(JumpParameters())
    for row, col in np.ndindex(exposure.n_rows, exposure.n_cols):
        told = explain_pixel(prepared, recipe, col, row)
        flags = np.zeros_like(told.groupdq)
        for note in told.flags:
            assert note.origin != Origin.NONE
            assert note.text.startswith(f"int {note.integration} group {note.group}: ")
            flags[note.integration, note.group] |= note.flag
        np.testing.assert_array_equal(flags, told.groupdq)


def test_the_numbers_are_those_of_the_image():
    exposure = random_exposure(np.random.default_rng(9), 2, 9)
    result = rv.process(exposure, rv.JumpParameters(rejection_threshold=3.5))
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    for y, x in np.ndindex(exposure.n_rows, exposure.n_cols):
        told = rv.explain(result, x, y)
        assert (told.x, told.y) == (x, y)
        np.testing.assert_array_equal(told.groupdq, result.jumps.groupdq[:, :, y, x])
        np.testing.assert_allclose(told.view.slope, result.fit.rate.slope[y, x], rtol=2e-6)
        alone = decision_at(exposure, Pixel(y, x), result.run.recipe.jump, facts=facts)
        np.testing.assert_array_equal(told.decision.ratio, alone.ratio)
        assert told.why.startswith("rate is NaN") == np.isnan(result.fit.rate.slope[y, x])


@pytest.mark.parametrize("seed", [7, 201, 223, 231, 283])
def test_of_miri_the_flags_of_all_pixels_decide_which_groups_are_cut_off(seed):
    rng = np.random.default_rng(seed)
    shape = (
        *map(int, (rng.integers(1, 3), rng.integers(2, 8))),
        1,
        int(rng.integers(1, 4)),
    )
    exposure = exposures.random_exposure(seed, shape, "MIRI", delivered=0.3)
    exposure.groupdq[rng.random(shape) < 0.4] |= np.uint8(Dq.DO_NOT_USE)
    result = rv.process(exposure)
    for x in range(shape[3]):
        told = rv.explain(result, x, 0)
        for name in ("slope", "err", "var_poisson", "var_rnoise"):
            value = getattr(result.fit.rate, name)[0, x]
            np.testing.assert_allclose(getattr(told.view, name), value, rtol=2e-6)
        assert told.view.dq == result.fit.rate.dq[0, x]
        assert str(rv.explain(exposure, x, 0)) == str(told)


@pytest.fixture
def hit():
    """Two pixels of which the left one is hit in group 3, and a third one."""
    steps = [[8, 9, 8, 9, 8], [8, 9, 80, 9, 8], [8, 9, 8, 9, 8]]
    return ramp_exposure(steps, readnoise=1.0)


def test_a_neighbour_is_named_by_its_place(hit):
    told = rv.explain(hit, 0, 0)
    assert told.segments[0][0].last_group == 2
    assert jump_sentences(told.view) == (
        "int 0 group 3: step 8.0 DN, 0.0 sigma < 4, neighbour of (1, 0)",
    )
    assert "neighbour of (1, 0)" in str(told)
    (note,) = told.flags
    assert note.causes == (Cause(group=3, pixel=Pixel(0, 1), jump_group=3),)
    assert (note.flag, note.origin) == (Dq.JUMP_DET, Origin.NEIGHBOR)


def test_the_text_lists_the_numbers_of_each_difference():
    groupdq = np.zeros((1, 7, 1, 1), np.uint8)
    groupdq[0, 6] = Dq.SATURATED
    told = rv.explain(ramp_exposure([8, 23.25, 7, -900, 8, 8], groupdq=groupdq), 0, 0)
    assert str(told).endswith(
        "Two-point differences [electron]\n"
        "  int 0 group 1: 8.0, median 8.0, sigma 3.00, 0.0 sigma < 5\n"
        "  int 0 group 2: 23.2, median 8.0, sigma 3.00, 5.1 sigma > 4, removal 2\n"
        "  int 0 group 3: 7.0, median 8.0, sigma 3.00, 0.3 sigma < 5\n"
        "  int 0 group 4: -900.0, median 8.0, sigma 3.00, 297.3 sigma > 4, removal 1\n"
        "  int 0 group 5: 8.0, median 8.0, sigma 3.00, 0.0 sigma < 5\n"
        "  int 0 group 6: not usable"
    )


def test_each_of_the_four_neighbours_names_the_pixel_between_them():
    sci = np.broadcast_to(8.0 * np.arange(6)[:, None, None], (1, 6, 3, 3)).copy()
    sci[0, 3:, 1, 1] += 72
    arrays = np.zeros(sci.shape, np.uint8), np.zeros((3, 3), np.uint32), 1.0, 1.0
    exposure = rv.Exposure.from_arrays(sci, *arrays, rv.Timing(frame_time=1, group_time=1))
    for row, col in ((0, 1), (1, 0), (1, 2), (2, 1)):
        (note,) = rv.explain(exposure, col, row).flags
        assert note.causes == (Cause(group=3, pixel=Pixel(1, 1), jump_group=3),)
    assert not rv.explain(exposure, 0, 0).flags


def test_parameters_can_be_replaced(hit):
    told = rv.explain(hit, 0, 0, jump=rv.JumpParameters(flag_4_neighbors=False))
    assert told.flags == ()
    result = rv.process(hit, rv.JumpParameters(flag_4_neighbors=False))
    assert rv.explain(result, 0, 0).flags == ()
    assert rv.explain(result, 0, 0, jump=rv.JumpParameters()).flags


@pytest.mark.parametrize(
    ("delivered", "lines"),
    [
        (
            "keep",
            (
                "int 0 group 4: DO_NOT_USE",
                "int 0 group 2: JUMP_DET",
                "int 0 group 4: JUMP_DET was delivered, but a group that cannot be used is "
                "no jump",
            ),
        ),
        (
            "drop",
            (
                "int 0 group 4: DO_NOT_USE",
                "int 0 groups 2, 4: JUMP_DET was delivered, but delivered jumps are "
                "dropped",
            ),
        ),
    ],
)
def test_delivered_jumps_that_are_gone_are_told(delivered, lines):
    groupdq = np.zeros((1, 8, 1, 1), np.uint8)
    groupdq[0, [2, 4]] = Dq.JUMP_DET
    groupdq[0, 4] |= np.uint8(Dq.DO_NOT_USE)
    exposure = ramp_exposure([8.0] * 7, groupdq=groupdq)
    told = rv.explain(exposure, 0, 0, delivered_jumps=delivered)
    assert next(s.lines for s in sections(told.view) if s.title == "Flags") == lines


def test_several_sources_are_all_named():
    causes = tuple(
        Cause(group=2, pixel=pixel, jump_group=2) for pixel in (Pixel(3, 5), Pixel(4, 4))
    )
    view = make_view([0.0, 1.0, 2.0], [0, 0, 4], origin=[0, 0, Origin.NEIGHBOR])
    item = view.integrations[0]
    object.__setattr__(item, "causes", causes)
    assert jump_sentences(view)[0].endswith("neighbour of (5, 3) and (4, 4)")


def test_a_group_after_a_jump_names_the_group_of_the_jump():
    exposure = ramp_exposure([8, 900, 8, 9, 8, 9, 8], readnoise=1.0)
    jump = rv.JumpParameters(
        after_jump_flag_dn1=100.0, after_jump_flag_time1=2.5 * exposure.timing.group_time
    )
    told = rv.explain(exposure, 0, 0, jump=jump)
    assert [line.rpartition(", ")[2] for line in jump_sentences(told.view)] == [
        "primary",
        "after the jump of group 2",
        "after the jump of group 2",
    ]


def test_a_segment_tells_its_signal_to_noise_and_the_power_of_its_weights():
    exposure = ramp_exposure([100.0] * 9, readnoise=2**0.5)
    told = rv.explain(exposure, 0, 0)
    (segment,) = told.segments[0]
    # 900 electrons against a noise of one electron in a group.
    assert segment.snr == pytest.approx(900 / 901**0.5)
    assert segment.power == 3.0
    text = next(s.lines for s in sections(told.view) if "segments" in s.title)
    assert text[2].endswith(
        "weight 100.0 %; S/N 30.0, so the outer groups count more (power 3)"
    )


def test_a_faint_segment_says_that_its_groups_count_alike():
    told = rv.explain(ramp_exposure([1.0] * 9, readnoise=2**0.5), 0, 0)
    (segment,) = told.segments[0]
    assert segment.power == 0
    text = next(s.lines for s in sections(told.view) if "segments" in s.title)
    assert text[2].endswith("so all groups count alike (power 0)")


def test_two_groups_need_no_weights():
    (segment,) = rv.explain(ramp_exposure([100.0]), 0, 0).segments[0]
    assert np.isnan(segment.snr)
    assert np.isnan(segment.power)


@pytest.mark.parametrize(("x", "y"), [(3, 0), (0, 1), (-1, 0), (0, -1)])
def test_a_pixel_outside_is_refused(hit, x, y):
    with pytest.raises(ValueError, match="x goes from 0 to 2, y from 0 to 0"):
        rv.explain(hit, x, y)
