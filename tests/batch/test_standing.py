import gzip
import os
import shutil
from dataclasses import replace

import pytest
from astropy.io import fits

from rampviewer.batch.plan import planned
from rampviewer.batch.standing import standing
from rampviewer.batch.work import process_file
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposure_files import write_simulated


@pytest.fixture
def ramp(exposures, tmp_path):
    """Return a copy that may be touched."""
    return shutil.copy2(exposures[0].ramp, tmp_path / "x_ramp.fits")


@pytest.fixture
def done(ramp, order):
    outcome = process_file(ramp, order)
    assert outcome.state == "done"
    return outcome


def moments(outcome):
    return [path.stat().st_mtime_ns for path in outcome.products]


def move_clock(path, seconds):
    now = path.stat().st_mtime
    os.utime(path, (now, now + seconds))


def test_products_of_the_same_order_are_left_alone(ramp, order, done):
    before = moments(done)
    second = process_file(ramp, order)
    assert second.state == "skipped"
    assert second.products == done.products
    assert str(ramp) in second.reason
    assert moments(done) == before


def test_products_are_made_again_when_the_exposure_is_newer(ramp, order, done):
    before = moments(done)
    move_clock(ramp, 3600)
    assert process_file(ramp, order).state == "done"
    assert all(now > then for now, then in zip(moments(done), before, strict=True))


def test_products_are_made_again_when_a_reference_is_newer(ramp, order, done, tmp_path):
    gain = shutil.copy2(order.gain, tmp_path / order.gain.name)
    order = replace(order, gain=gain)
    assert standing(ramp, order).products == done.products
    move_clock(gain, 3600)
    assert standing(ramp, order).replaces


def test_what_is_missing_among_products_is_made(ramp, order, done):
    done.products[1].unlink()
    assert process_file(ramp, order).state == "done"
    assert done.products[1].exists()
    with_segments = process_file(ramp, replace(order, save_opt=True))
    assert [path.name for path in with_segments.products][-1] == "x_fitopt.fits"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jump": JumpParameters(rejection_threshold=5.0)}, "another rejection_threshold"),
        ({"fit": RampFitParameters(suppress_one_group=False)}, "another suppress_one"),
        ({"delivered_jumps": "drop"}, "other --delivered-jumps"),
        ({"gain": 2.0}, "another gain"),
        ({"readnoise": 9.0}, "another readnoise"),
        ({"gain": None}, "another gain"),
    ],
)
def test_products_of_another_order_are_kept_and_named(ramp, again, done, change, said):
    before = moments(done)
    order = again(**change)
    outcome = process_file(ramp, order)
    assert outcome.state == "failed"
    assert said in outcome.reason
    assert "--overwrite replaces it" in outcome.reason
    assert moments(done) == before
    if order.gain is not None:  # without one nothing can be made
        assert process_file(ramp, replace(order, overwrite=True)).state == "done"
        assert process_file(ramp, order).state == "skipped"


def test_products_of_another_file_of_the_same_exposure_are_kept_and_named(
    ramp, order, done
):
    before = moments(done)
    other = shutil.copy2(ramp, ramp.with_name("x_uncal.fits"))
    outcome = process_file(other, order)
    assert outcome.state == "failed"
    assert "x_rate.fits exists and was made from x_ramp.fits" in outcome.reason
    assert moments(done) == before
    assert process_file(other, replace(order, overwrite=True)).state == "done"
    assert process_file(other, order).state == "skipped"


def test_an_exposure_that_was_packed_since_is_the_same(ramp, order, done):
    packed = ramp.with_name("x_ramp.fits.gz")
    packed.write_bytes(gzip.compress(ramp.read_bytes()))
    shutil.copystat(ramp, packed)
    outcome = process_file(packed, order)
    assert (outcome.state, outcome.products) == ("skipped", done.products)


def test_jumps_of_what_was_skipped_are_not_called_none(ramp, order, done):
    assert done.as_json["n_primary"] > 0
    assert process_file(ramp, order).as_json["n_primary"] is None


def test_jumps_are_not_called_none_where_the_search_is_skipped(tmp_path, again):
    files = write_simulated(tmp_path / "two", "y_ramp.fits", size=64, n_groups=2)
    order = again(gain=files.gain, readnoise=files.readnoise)
    outcome = process_file(files.ramp, order)
    assert outcome.state == "done"
    assert (outcome.as_json["n_primary"], outcome.as_json["n_extended"]) == (None, None)


def test_numbers_for_references_are_compared(ramp, again):
    order = again(gain=2.0, readnoise=9.0)
    assert process_file(ramp, order).state == "done"
    assert process_file(ramp, order).state == "skipped"


def test_a_product_as_exposure_brings_its_references_again(ramp, order, done, tmp_path):
    jump = next(path for path in done.products if path.stem.endswith("_jump"))
    again = replace(order, directory=tmp_path / "again", gain=None, readnoise=None)
    assert process_file(jump, again).state == "done"
    assert process_file(jump, again).state == "skipped"
    assert "another gain" in process_file(jump, replace(again, gain=2.0)).reason


def test_the_saturation_of_a_quick_look_is_compared(exposures, order, tmp_path):
    raw = shutil.copy2(exposures[0].ramp, tmp_path / "x_uncal.fits")
    for step in ("S_SATURA", "S_LINEAR"):
        fits.setval(raw, step, value="")
    assert process_file(raw, order).state == "done"
    assert process_file(raw, order).state == "skipped"
    limited = replace(order, saturation=50_000.0)
    assert "another saturation" in process_file(raw, limited).reason
    assert process_file(raw, replace(limited, overwrite=True)).state == "done"
    assert process_file(raw, limited).state == "skipped"
    assert "another saturation" in process_file(raw, order).reason


def test_a_ramp_needs_no_saturation_and_compares_none(ramp, order, done):
    assert process_file(ramp, replace(order, saturation=50_000.0)).state == "skipped"


def test_a_file_of_somebody_else_is_kept(ramp, order, done):
    shutil.copyfile(ramp, done.products[2])
    outcome = process_file(ramp, order)
    assert outcome.state == "failed"
    assert done.products[2].read_bytes() == ramp.read_bytes()


def test_what_a_batch_wrote_itself_is_not_replaced_again(ramp, order, done):
    before = moments(done)
    since = min(path.stat().st_mtime for path in done.products)
    second = process_file(ramp, replace(order, overwrite=True, since=since))
    assert second.state == "done"
    assert second.products == done.products
    assert moments(done) == before
    later = replace(order, overwrite=True, since=since + 3600)
    process_file(ramp, later)
    assert moments(done) > before


def test_of_a_series_that_is_read_as_one_the_first_segment_stands_for_all(tmp_path, again):
    segments = [tmp_path / f"jw01-seg{n:03d}_nrca1_ramp.fits" for n in (1, 2, 3)]
    for path in (*segments, tmp_path / "x_ramp.fits"):
        path.touch()
    given = [segments[1], tmp_path / "x_ramp.fits", segments[0], segments[2]]
    paths, left = planned(given, again(whole_series=True))
    assert paths == given[:2]
    assert [(outcome.path, outcome.state) for outcome in left] == [
        (segments[0], "skipped"),
        (segments[2], "skipped"),
    ]
    assert "it is read with jw01-seg002_nrca1_ramp.fits as one exposure" in left[0].reason
    assert planned(given, again())[0] == given


def test_products_of_exposures_that_are_given_too_are_left_out(ramp, order, again, done):
    products = sorted(done.products)
    paths, left = planned([*products, ramp], order)
    assert paths == [ramp]
    assert {outcome.path: outcome.state for outcome in left} == dict.fromkeys(
        products, "skipped"
    )
    assert left[0].reason.endswith(f"it is a product of {ramp.name}")
    elsewhere = again(directory=ramp.parent / "elsewhere")
    (jump,) = (path for path in products if "jump" in path.name)
    assert planned([jump], elsewhere)[0] == [jump]  # alone it is an exposure as others


def test_they_are_left_out_of_an_exposure_that_was_packed_since_then(ramp, order, done):
    packed = ramp.with_name(f"{ramp.name}.gz")
    packed.write_bytes(gzip.compress(ramp.read_bytes()))
    ramp.unlink()
    paths, left = planned([*done.products, packed], order)
    assert paths == [packed]
    assert [outcome.state for outcome in left] == ["skipped"] * len(done.products)


def test_exposures_with_the_same_products_are_not_worked_on_together(exposures, order):
    first, other = exposures[0].ramp, exposures[1].ramp
    paths, refused = planned([first, other, first.parent / "." / first.name], order)
    assert paths == [first, other]
    assert [outcome.state for outcome in refused] == ["failed"]
    assert "is written for another file" in refused[0].reason
