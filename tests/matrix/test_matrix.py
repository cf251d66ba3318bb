"""Random whole exposures through the public calls, every element equal to the reference."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.settings.parameters import JumpParameters
from tests.deciding import decision_at
from tests.fit_cases import DNU, Case
from tests.large_cases import (
    shower_exposure,
    shower_parameters,
    snowball_exposure,
    snowball_parameters,
)
from tests.likely_cases import in_pairs
from tests.matrix.both_ways import check_fit, check_jumps, check_process
from tests.matrix.gallery import gallery
from tests.matrix.strategies import (
    DIRT,
    INSTRUMENTS,
    MANY_INTS,
    N_GROUPS,
    N_INTS,
    SEEDS,
    fit_parameters,
    jump_parameters,
    timings,
    uneven_timings,
)

FRAME = (5, 24)


def matrix(n_examples):
    return settings(max_examples=n_examples, deadline=None, derandomize=True)


@st.composite
def planes(draw, rng, case):
    """Draw the planes that not every exposure has."""
    drawn = {}
    if draw(st.sampled_from([False, False, True])):
        zeroframe = case.sci[:, 0] * np.float32(rng.uniform(0.1, 0.6))
        zeroframe[rng.random(zeroframe.shape) < 0.2] = 0.0
        drawn["zeroframe"] = zeroframe
    if draw(st.sampled_from([False, False, True])):
        dark = rng.choice([0.0, 0.02, 1.5, -0.5], case.gain.shape)
        drawn["dark_current"] = dark.astype(np.float32)
    return drawn


@given(data=st.data(), seed=SEEDS, n_ints=MANY_INTS, n_groups=N_GROUPS, dirt=DIRT)
@matrix(150)
def test_jumps(data, seed, n_ints, n_groups, dirt):
    parameters = data.draw(jump_parameters())
    timing = data.draw(timings() | timings() | uneven_timings(n_groups))
    rng = np.random.default_rng(seed)
    case = gallery(rng, (n_ints, n_groups, *FRAME), timing, parameters, dirt)
    check_jumps(case, timing, parameters)


@given(data=st.data(), seed=SEEDS, n_ints=st.integers(1, 2), n_groups=st.integers(4, 13))
@matrix(80)
def test_jumps_at_the_last_digit_of_a_ratio(data, seed, n_ints, n_groups):
    timing, parameters = data.draw(timings()), data.draw(jump_parameters())
    rng = np.random.default_rng(seed)
    case = gallery(rng, (n_ints, n_groups, 1, 6), timing, parameters, dirt=0.15)
    exposure = Exposure.from_arrays(*case, timing)
    low = replace(parameters, rejection_threshold=0.5)
    for col in range(exposure.n_cols):
        decision = decision_at(exposure, Pixel(0, col), low)
        for order in (1, 2):  # the first median has another precision than all others
            for ratio in decision.ratio[decision.order == order][:1]:
                at = rng.choice([ratio, np.nextafter(ratio, 0.0)])
                check_jumps(case, timing, replace(parameters, rejection_threshold=at))


@given(data=st.data(), seed=SEEDS, n_ints=N_INTS, n_groups=N_GROUPS, dirt=DIRT)
@matrix(200)
def test_fits_by_least_squares(data, seed, n_ints, n_groups, dirt):
    timing, rng = data.draw(timings()), np.random.default_rng(seed)
    case = gallery(rng, (n_ints, n_groups, *FRAME), timing, JumpParameters(), dirt)
    check_fit(
        case,
        timing,
        data.draw(fit_parameters(n_groups)),
        data.draw(INSTRUMENTS),
        segments=data.draw(st.booleans()),
        **data.draw(planes(rng, case)),
    )


def with_chi_square(case):
    """Return the case without read noise so low that chi-square is all rounding."""
    case.readnoise[(case.readnoise > 0) & (case.readnoise < 0.5)] = 0.5
    return case


@given(data=st.data(), seed=SEEDS, n_ints=N_INTS, n_groups=N_GROUPS, dirt=DIRT)
@matrix(80)
def test_fits_by_likelihood(data, seed, n_ints, n_groups, dirt):
    timing = data.draw(timings() | timings() | uneven_timings(n_groups))
    rng = np.random.default_rng(seed)
    shape = (n_ints, n_groups, FRAME[0], FRAME[1] // 2)
    case = in_pairs(with_chi_square(gallery(rng, shape, timing, JumpParameters(), dirt)))
    parameters = data.draw(fit_parameters(n_groups, "LIKELY"))
    drawn = data.draw(planes(rng, case))
    if "dark_current" in drawn:
        drawn["dark_current"][:, 1::2] = drawn["dark_current"][:, ::2]
    if "zeroframe" in drawn:
        drawn["zeroframe"][..., 1::2] = drawn["zeroframe"][..., ::2]
    check_fit(case, timing, parameters, data.draw(INSTRUMENTS), **drawn)


@given(data=st.data(), seed=SEEDS, n_ints=MANY_INTS, n_groups=N_GROUPS, dirt=DIRT)
@matrix(150)
def test_both_steps(data, seed, n_ints, n_groups, dirt):
    timing, parameters = data.draw(timings()), data.draw(jump_parameters())
    rng = np.random.default_rng(seed)
    case = gallery(rng, (n_ints, n_groups, *FRAME), timing, parameters, dirt)
    exposure = Exposure.from_arrays(
        *case, timing, data.draw(INSTRUMENTS), **data.draw(planes(rng, case))
    )
    check_process(exposure, parameters, data.draw(fit_parameters(n_groups)))


def beside_itself(case):
    """Return the case with each pixel twice, as `in_pairs`, with the same neighbours."""
    case.groupdq[..., [0, -1]] |= DNU  # never a jump, and never the neighbour of one
    return Case(*(np.concatenate([array, array], axis=-1) for array in case))


@given(data=st.data(), seed=SEEDS, n_ints=N_INTS, n_groups=N_GROUPS, dirt=DIRT)
@matrix(60)
def test_both_steps_by_likelihood(data, seed, n_ints, n_groups, dirt):
    parameters, rng = data.draw(jump_parameters()), np.random.default_rng(seed)
    timing = data.draw(timings() | timings() | uneven_timings(n_groups))
    # Uneven read times are fitted by likelihood whatever was asked for.
    algorithm = "OLS_C" if timing.read_times else "LIKELY"
    shape = (n_ints, n_groups, FRAME[0], FRAME[1] // 2)
    case = beside_itself(with_chi_square(gallery(rng, shape, timing, parameters, dirt)))
    exposure = Exposure.from_arrays(*case, timing, data.draw(INSTRUMENTS))
    check_process(exposure, parameters, data.draw(fit_parameters(n_groups, algorithm)))


@given(data=st.data(), seed=SEEDS, is_shower=st.booleans(), is_both=st.booleans())
@matrix(24)
def test_both_steps_with_large_events(data, seed, is_shower, is_both):
    rng = np.random.default_rng(seed)
    exposure = (shower_exposure if is_shower else snowball_exposure)(rng)
    large = {}
    if is_shower or is_both:
        large |= changes_of(shower_parameters(rng))
    if is_both or not is_shower:
        large |= changes_of(snowball_parameters(rng))
    fixed = {name: st.just(value) for name, value in large.items()}
    fixed["max_shower_amplitude"] = st.sampled_from([0.2, 1.0, 4.0, 50.0])
    fixed["use_max_shower_amplitude"] = st.booleans()
    parameters = data.draw(jump_parameters(**fixed))
    if not is_shower:
        exposure = replace(exposure, instrument=data.draw(INSTRUMENTS))
    check_process(exposure, parameters, data.draw(fit_parameters(exposure.n_groups)))


def changes_of(parameters):
    defaults = JumpParameters()
    values = {name: getattr(parameters, name) for name in parameters.__slots__}
    return {k: v for k, v in values.items() if v != getattr(defaults, k)}
