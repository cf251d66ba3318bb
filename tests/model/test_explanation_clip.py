"""How sigma clipping, and groups at uneven times, are told."""

import re
from dataclasses import replace

import numpy as np
import pytest

import rampviewer as rv
from rampviewer.core.dq import Dq
from rampviewer.core.facts import ExposureFacts
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.decision_text import decision_lines, difference_lines
from tests.deciding import decision_at
from tests.exposures import random_exposure
from tests.jump_cases import TIMING, ramp_exposure, random_arrays, uneven_timing

CLIP = rv.JumpParameters(minimum_sigclip_groups=3, rejection_threshold=2.0)


def far_off_exposure(n_ints=12, n_groups=4, frame=(9, 8)):
    """Return an exposure of which group 2 of integration 4 is off in every pixel."""
    shape = n_ints, n_groups, *frame
    exposure = random_exposure(3, shape, delivered=0.05)
    exposure.groupdq[4, 1:3] &= np.uint8(Dq.JUMP_DET)
    steps = np.random.default_rng(8).normal(100.0, 3.0, shape)
    sci = steps.cumsum(axis=1).astype(np.float32)
    sci[4, 2:] += 5000.0
    for i, group in ((7, 1), (2, 2), (9, 3), (5, 3)):
        sci[i, group:, 3, 3] += 400.0
    planes = exposure.groupdq, exposure.pixeldq, 1.8, exposure.readnoise
    return rv.Exposure.from_arrays(sci, *planes, TIMING)


def medians_of(rates, threshold, by_integration):
    """Return (median, sigma) of each difference, clipped the slow way."""
    median, sigma = np.full_like(rates, np.nan), np.full_like(rates, np.nan)
    columns = [[k] for k in range(rates.shape[1])]
    for chosen in columns if by_integration else [list(range(rates.shape[1]))]:
        left = rates[:, chosen][np.isfinite(rates[:, chosen])]
        for _ in range(5):
            center, spread = np.median(left), np.std(left)
            kept = left[np.abs(left - center) <= threshold * spread]
            if kept.size in (0, left.size):
                break
            left = kept
        for k in chosen:
            usable = np.isfinite(rates[:, k])
            median[usable, k], sigma[usable, k] = center, spread
    return median, sigma


@pytest.mark.parametrize("only_use_ints", [True, False])
def test_every_pixel_tells_the_flags_and_numbers_of_the_image(only_use_ints):
    exposure = far_off_exposure()
    jump = replace(CLIP, only_use_ints=only_use_ints)
    result = rv.process(exposure, jump)
    n_lost = 0
    for y, x in np.ndindex(exposure.gain.shape):
        told = rv.explain(result, x, y)
        decision = told.decision
        assert decision.branch == "sigma clip"
        assert decision.only_use_ints is only_use_ints
        np.testing.assert_array_equal(told.groupdq, result.jumps.groupdq[:, :, y, x])
        np.testing.assert_array_equal(told.origin, result.jumps.origin[:, :, y, x])
        clipped = told.origin[:, 1:] == Origin.PRIMARY
        np.testing.assert_array_equal(decision.order > 0, clipped)
        rates = decision.difference
        median, sigma = medians_of(rates, jump.rejection_threshold, only_use_ints)
        np.testing.assert_allclose(decision.median, median, rtol=1e-6)
        np.testing.assert_allclose(decision.sigma, sigma, rtol=1e-6)
        np.testing.assert_allclose(decision.ratio, np.abs(rates - median) / sigma, 1e-6)
        n_lost += np.count_nonzero(decision.lost[4, 1])
        # What is beyond the threshold is clipped, or lost its flag.
        beyond = decision.ratio > decision.limit
        np.testing.assert_array_equal(beyond, clipped | decision.lost)
    assert n_lost == exposure.gain.size


def test_an_exposure_alone_knows_which_groups_lose_their_flags():
    exposure = far_off_exposure()
    told = rv.explain(exposure, 2, 3, jump=CLIP)
    assert told.groupdq[4, 2] == 0
    assert told.decision.lost[4, 1]
    assert not rv.explain(exposure, 3, 3, jump=CLIP).decision.lost[7, 0]


def test_a_delivered_jump_goes_with_the_others_of_its_group():
    exposure = far_off_exposure()
    exposure.groupdq[4, 2, 3, 2] = Dq.JUMP_DET
    told = rv.explain(exposure, 2, 3, jump=CLIP)
    assert told.groupdq[4, 2] == 0
    text = "int 4 group 2: JUMP_DET was delivered, but every pixel of the group was a jump"
    assert text in str(told)


def test_the_text_lists_for_each_group_what_was_clipped():
    exposure = far_off_exposure()
    told = rv.explain(exposure, 3, 3, jump=CLIP)
    decision = told.decision
    lines = list(decision_lines(told.view))
    assert "only_use_ints: each group is compared with itself" in lines[3]
    expected = []
    for k in range(3):
        clipped = np.flatnonzero(told.origin[:, k + 1] == Origin.PRIMARY)
        assert clipped.size
        median, reach = decision.median[0, k], 2 * decision.sigma[0, k]
        expected.append(
            f"group {k + 1}: median {median:.1f}, sigma {reach / 2:.2f}, kept from "
            f"{median - reach:.1f} to {median + reach:.1f} electron; "
            f"clipped in int {', '.join(map(str, clipped))}"
        )
    assert lines[4:-1] == expected
    assert lines[-1] == (
        "int 4 group 2: clipped, but the flag went, because every pixel of the group had it"
    )
    text = str(told)
    assert re.search(r"int 4 group 2: .* > 2, clipped, flag lost\n", text)
    assert re.search(r"int 7 group 1: .* > 2, clipped\n", text)
    assert "removal" not in text


def test_compared_with_all_groups_there_is_one_median():
    exposure = far_off_exposure()
    jump = replace(CLIP, only_use_ints=False)
    told = rv.explain(exposure, 3, 3, jump=jump)
    decision = told.decision
    lines = list(decision_lines(told.view))
    assert lines[3] == "All groups of all integrations are compared with each other."
    assert lines[4].startswith(f"median {np.nanmedian(decision.median):.1f}, sigma ")
    assert "int 7 group 1: clipped" in lines
    assert np.nanmin(decision.median) == np.nanmax(decision.median)


def test_a_group_without_usable_differences_does_not_stop_the_text():
    exposure = far_off_exposure()
    exposure.groupdq[:, :, 3, 3] = Dq.DO_NOT_USE
    for only_use_ints in (True, False):
        jump = replace(CLIP, only_use_ints=only_use_ints)
        text = str(rv.explain(exposure, 3, 3, jump=jump))
        assert "0 of 36 two-point differences could be used." in text
        assert ("nothing could be compared" in text) is not only_use_ints


def test_all_at_once_has_no_order_of_removal():
    steps = [8.0] * 13
    steps[4] = steps[9] = 90.0
    told = rv.explain(ramp_exposure(steps, readnoise=1.0), 0, 0)
    assert told.decision.branch == "single pass"
    text = str(told)
    assert "int 0 group 5: 90.0, median 8.0, sigma 3.00, 27.3 sigma > 4, flagged\n" in text
    assert "removal" not in text


@pytest.mark.parametrize("n_groups", [6, 14])
def test_uneven_differences_are_told_over_their_own_times(n_groups):
    rng = np.random.default_rng(2)
    timing = uneven_timing(rng, n_groups)
    exposure = rv.Exposure.from_arrays(*random_arrays(rng, 1, n_groups, dirt=0.0), timing)
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    decision = decision_at(exposure, Pixel(2, 3), rv.JumpParameters(), facts=facts)
    times = np.array([np.mean(group) for group in timing.read_times])
    np.testing.assert_allclose(decision.interval, np.diff(times))
    heading, *lines = difference_lines(decision)
    assert heading == "Two-point differences over their own times [electron/s]"
    signal = exposure.sci[0, :, 2, 3] * exposure.gain[2, 3]
    rates = np.diff(signal) / np.diff(times)
    for k, line in enumerate(lines):
        over = f"{rates[k]:.1f} over {times[k + 1] - times[k]:g} s, median "
        assert line.startswith(f"  int 0 group {k + 1}: {over}")
    medians = decision.median[0] / decision.interval
    if decision.branch == "single pass":
        np.testing.assert_allclose(medians, np.median(rates), rtol=1e-5)
    kept = decision.order[0] == 0
    assert np.ptp(medians[kept]) == pytest.approx(0, abs=1e-3)
