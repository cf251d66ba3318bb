"""Each call of the public interface and the reference on the same arguments."""

from dataclasses import fields

import numpy as np

import rampviewer as rv
from tests.fit_cases import assert_fits
from tests.reference_fit import reference_fit
from tests.reference_jump import reference_with_events

ARRAYS = ("sci", "groupdq", "pixeldq", "gain", "readnoise")


def arrays_of(exposure):
    return [getattr(exposure, name) for name in ARRAYS]


def assert_jumps(result, reference):
    """Check flags and numbers of events; a step that is skipped counts nothing."""
    groupdq, pixeldq, n_primary, n_extended = reference
    np.testing.assert_array_equal(result.groupdq, groupdq)
    np.testing.assert_array_equal(result.pixeldq, pixeldq)
    assert (result.n_primary, result.n_extended) == (n_primary, n_extended)


def check_jumps(case, timing, parameters):
    """Detect jumps both ways, compare everything and return our result."""
    result = rv.detect_jumps(*case, timing, parameters)
    assert_jumps(result, reference_with_events(*case, timing, parameters))
    return result


def check_fit(case, timing, parameters, instrument, *, segments=False, **planes):
    """Fit both ways, compare everything and return our result."""
    result = rv.fit_ramps(
        *case, timing, parameters, instrument=instrument, segments=segments, **planes
    )
    options = {item.name: getattr(parameters, item.name) for item in fields(parameters)}
    reference = reference_fit(
        *case, timing, instrument=instrument, segments=segments, **options, **planes
    )
    assert_fitted(result, reference, case)
    return result


def assert_fitted(result, reference, case):
    assert result.nothing_fitted == (reference[0] is None)
    if not result.nothing_fitted:
        assert_fits(result, reference)
        return
    for planes in (result.rate, result.rateints):
        for name in ("slope", "err", "var_poisson", "var_rnoise"):
            assert np.isnan(getattr(planes, name)).all()
        assert (planes.dq == case.pixeldq | 1).all()


def check_process(exposure, jump, fit):
    """Run both steps both ways, compare everything and return our result.

    The official jump step takes no notice of read times.
    """
    result = rv.process(exposure, jump, fit)
    case = arrays_of(exposure)
    jumps = reference_with_events(*case, exposure.timing.even, jump)
    assert_jumps(result.jumps, jumps)
    assert (result.run.n_primary, result.run.n_extended) == jumps[2:]
    options = {item.name: getattr(fit, item.name) for item in fields(fit)}
    reference = reference_fit(
        exposure.sci,
        jumps[0],
        jumps[1],
        exposure.gain,
        exposure.readnoise,
        exposure.timing,
        instrument=exposure.instrument,
        zeroframe=exposure.zeroframe,
        dark_current=exposure.dark_current,
        **options,
    )
    assert_fitted(result.fit, reference, result.run)
    return result
