"""What a user of notebooks meets: names, short descriptions, errors that help."""

from dataclasses import replace

import numpy as np
import pytest

import rampviewer as rv
from rampviewer.model.errors import MissingReferenceError
from tests.exposure_files import with_jump_flags, write_simulated
from tests.exposures import random_exposure

SHAPE = (2, 8, 6, 7)


@pytest.fixture(scope="module")
def exposure():
    return random_exposure(shape=SHAPE, delivered=0)


@pytest.fixture(scope="module")
def result(exposure):
    return rv.process(exposure)


@pytest.fixture
def arrays(exposure):
    names = ("sci", "groupdq", "pixeldq", "gain", "readnoise")
    return {name: getattr(exposure, name) for name in names}


def test_dir_offers_what_is_for_users():
    assert sorted(dir(rv)) == sorted([*rv.__all__, "__version__"])
    assert all(hasattr(rv, name) for name in dir(rv))


def test_everything_describes_itself_in_one_short_line(exposure, result):
    fit = rv.fit_ramps(
        exposure.sci,
        result.jumps.groupdq,
        exposure.pixeldq,
        exposure.gain,
        exposure.readnoise,
        exposure.timing,
        rv.RampFitParameters(),
        segments=True,
    )
    shown = (exposure, result, result.run, result.jumps, result.fit, fit, fit.segments)
    told = rv.explain(result, 3, 4)
    assert f"{told.groupdq[told.groupdq & 4 > 0].size} jump" in repr(told)
    for item in (*shown, result.fit.rate, told, told.view, result.prepared):
        assert len(repr(item)) < 200
        assert "\n" not in repr(item)
        assert type(item).__name__ in repr(item)


def test_a_missing_reference_is_asked_for_by_the_names_of_arguments(tmp_path):
    files = write_simulated(tmp_path, n_groups=4)
    with pytest.raises(MissingReferenceError) as caught:
        rv.open(files.ramp)
    assert caught.value.kinds == ("gain", "readnoise")
    text = str(caught.value)
    assert "give a file (gain=FILE), state a number (gain=NUMBER)" in text
    assert "the same holds for the read noise (readnoise=NUMBER)" in text
    assert "--" not in text
    with pytest.raises(MissingReferenceError, match=r"\(readnoise=FILE\)"):
        rv.open(files.ramp, 1.8)


def test_descriptions_hold_sizes_sources_and_counts(exposure, result):
    assert "n_ints=2 n_groups=8 n_rows=6 n_cols=7" in repr(exposure)
    assert "gain array in memory" in repr(exposure)
    primary = f"{result.run.n_primary} primary jumps"
    for item in (result, result.run, result.jumps):
        assert primary in repr(item)
    assert ".groupdq .origin (2, 8, 6, 7), .pixeldq (6, 7)" in repr(result.jumps)
    assert "chisq" not in repr(result.fit.rate)
    assert "rate (6, 7)" in repr(result)


def test_delivered_jumps_that_were_kept_are_not_called_primary():
    exposure = with_jump_flags(random_exposure(shape=SHAPE, delivered=0), n_flags=40)
    for item in (kept := rv.process(exposure), kept.run, kept.jumps):
        assert f"{kept.run.n_primary} primary and delivered jumps" in repr(item)
    dropped = rv.process(exposure, delivered_jumps="drop")
    for item in (dropped, dropped.run, dropped.jumps):
        assert f"{dropped.run.n_primary} primary jumps" in repr(item)
    skipped = rv.process(exposure, skip="jump")
    assert "jumps as delivered" in repr(skipped)
    assert "primary" not in repr(skipped)


def test_a_run_in_which_nothing_was_found_or_fitted_says_so(exposure):
    dead = replace(exposure, groupdq=np.full(SHAPE, 2, np.uint8))
    assert "nothing fitted" in repr(rv.process(dead))
    short = random_exposure(shape=(1, 2, 6, 7))
    assert "jumps skipped" in repr(rv.process(short))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jump": {"rejection_threshold": 3}}, "jump must be .*JumpParameters, got a dict"),
        ({"jump": rv.RampFitParameters()}, "jump must be .* got a RampFitParameters"),
        ({"fit": rv.JumpParameters()}, "fit must be .* got a JumpParameters"),
        ({"jump": {}}, "jump must be"),
        ({"exposure": "x.fits"}, r"exposure must be .* got 'x.fits' .*rampviewer\.open"),
    ],
)
def test_process_says_what_it_takes(exposure, change, said):
    with pytest.raises(TypeError, match=said):
        rv.process(**{"exposure": exposure, **change})


def test_process_knows_two_ways_with_delivered_jumps(exposure):
    with pytest.raises(ValueError, match="must be keep or drop, got 'as_delivered'"):
        rv.process(exposure, delivered_jumps="as_delivered")


@pytest.mark.parametrize("call", [rv.detect_jumps, rv.fit_ramps])
@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        ({"timing": 21.5}, TypeError, "timing must be .* Timing, got 21.5 .*group_time="),
        ({"parameters": {}}, TypeError, "parameters must be .*Parameters, got a dict"),
        ({"gain": np.ones((7, 6))}, ValueError, r"gain has the shape \(7, 6\), .*\(6, 7\)"),
        ({"readnoise": "x.fits"}, ValueError, "readnoise must be a number or an array"),
    ],
)
def test_calls_with_arrays_say_what_they_take(arrays, exposure, call, change, kind, said):
    own = rv.JumpParameters() if call is rv.detect_jumps else rv.RampFitParameters()
    given = {**arrays, "timing": exposure.timing, "parameters": own, **change}
    with pytest.raises(kind, match=said):
        call(**given)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"group_time": "x"}, "group_time must be a number, got 'x'"),
        ({"n_frames": None}, "n_frames must be a number, got None"),
        ({"n_frames": 1.5}, "n_frames must be a whole number, got 1.5"),
        ({"read_times": 5}, "read_times must list .* got 5"),
    ],
)
def test_timing_says_what_it_takes(change, said):
    with pytest.raises(ValueError, match=said):
        rv.Timing(**{"frame_time": 1, "group_time": 2, **change})


def test_existing_products_are_kept_and_the_way_out_is_named(result, tmp_path):
    seen = []
    result.save(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]
    with pytest.raises(FileExistsError, match="overwrite=True replaces them"):
        result.save(tmp_path)
    result.save(tmp_path, overwrite=True)


@pytest.mark.parametrize(
    ("algorithm", "name"), [("OLS_C", "fitopt"), ("LIKELY", "likely_chisq")]
)
def test_save_opt_adds_the_optional_product_of_the_fit(exposure, tmp_path, algorithm, name):
    result = rv.process(exposure, fit=rv.RampFitParameters(algorithm=algorithm))
    *_, last = result.save(tmp_path, save_opt=True)
    assert last.name == f"exposure_{name}.fits"


def test_a_result_notes_a_range_that_was_ignored(exposure, result):
    assert result.notes == ()
    ignored = rv.process(exposure, fit=rv.RampFitParameters(firstgroup=5, lastgroup=5))
    (note,) = ignored.notes
    assert "groups 0 to 7 are used" in note


def test_what_is_no_exposure_is_not_explained():
    with pytest.raises(TypeError, match="source must be of the type Exposure"):
        rv.explain("x_ramp.fits", x=0, y=0)
