"""Integrations at several positions make frames, as by the official steps."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.core.dq import Dq
from rampviewer.io.asdf_tree import raw_bytes, read_tree
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.stripes import FULL
from rampviewer.io.subarray import Target, cut_to_subarray
from tests.io.test_stripes import META, PLACE, WHOLE

datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
pytest.importorskip("jwst.lib.stripe_utils")
pytestmark = pytest.mark.filterwarnings("ignore")  # of the official package

NAMES = ("SUB60STRIPE_SOSS", "SUB64P", "SUB41STRIPE1_DHS")


def random_turns(rng):
    """Return keywords of integrations at several positions, in any orientation."""
    n_turns, slow = int(rng.integers(1, 5)), int(rng.integers(1, 3))
    n_parts = int(rng.choice([1, 1, 2, 3]))
    reads1, step = int(rng.integers(0, 3)), int(rng.integers(2, 9))
    reads2 = int(rng.integers(1, 9)) if n_parts > 1 or rng.random() < 0.5 else 0
    repeats = int(rng.integers(0, 2))
    n_stripe = reads2 or step
    n_lines = n_parts * (n_stripe + reads1 * repeats) + reads1 * (1 - repeats)
    is_reversed = bool(rng.integers(0, 2))
    start = int(rng.integers(1, 900))
    return {
        "SUBARRAY": str(rng.choice(NAMES)),
        "MSTR_RD1": reads1,
        "MSTR_SK1": int(rng.integers(0, 30)),
        "MSTR_RD2": reads2,
        "MSTR_SK2": int(rng.integers(0, 9)),
        "MSTR_RPT": repeats,
        "MSTR_ILV": int(rng.integers(0, 2)),
        "SSTR_NST": n_turns,
        "SSTR_STP": step,
        "FASTAXIS": int(rng.choice([-1, 1])) * (3 - slow),
        "SLOWAXIS": (-1 if is_reversed else 1) * slow,
        f"SUBSTRT{slow}": FULL + 1 - start if is_reversed and start > 9 else start,
        f"SUBSTRT{3 - slow}": int(rng.integers(1, 90)),
        f"SUBSIZE{slow}": n_lines,
        f"SUBSIZE{3 - slow}": int(rng.integers(5, 12)),
    }


def model_of(header, rng, *, flags=True):
    """Return an official model of such an exposure with random signal and flags."""
    n_rows, n_cols = header["SUBSIZE2"], header["SUBSIZE1"]
    n_turns = header["SSTR_NST"]
    shape = (2 * n_turns, 3, n_rows, n_cols)
    kind = datamodels.SuperstripeRampModel if flags else datamodels.Level1bModel
    model = kind(shape)
    model.data = rng.uniform(1, 60_000, shape).astype(np.float32)
    if flags:
        model.groupdq = rng.choice([0, 1, 2, 4], shape).astype(np.uint8)
        model.pixeldq = rng.choice([0, 1, 1024], (n_turns, n_rows, n_cols)).astype(
            np.uint32
        )
    model.zeroframe = rng.uniform(1, 60_000, (shape[0], n_rows, n_cols)).astype(np.float32)
    times = [(i + 1, *(59_000 + i + 0.1 * k for k in range(6))) for i in range(shape[0])]
    model.int_times = np.array(times, model.get_dtype("int_times"))
    meta = model.meta
    meta.telescope, meta.instrument.name, meta.instrument.detector = "JWST", "NIRISS", "NIS"
    meta.exposure.type, meta.exposure.readpatt = "NIS_SOSS", "NISRAPID"
    exposure = meta.exposure
    exposure.nints, exposure.ngroups = shape[:2]
    exposure.nframes, exposure.groupgap, exposure.drop_frames1 = 1, 0, 0
    exposure.frame_time = exposure.group_time = 1.5
    exposure.zero_frame, exposure.noutputs = True, int(rng.choice([1, 4]))
    exposure.integration_start, exposure.integration_end = 1, shape[0]
    meta.observation.date, meta.observation.time = "2026-01-01", "00:00:00"
    for keyword, value in header.items():
        setattr(meta.subarray, META[keyword], value)
    return model


def opened(model, path, **given):
    model.save(str(path))
    return read_exposure(path, gain=2.0, readnoise=9.0, **given)


def collated(model):
    from jwst.lib.stripe_utils import collate_superstripes  # noqa: PLC0415 - slow

    return collate_superstripes(model)


def cases(seed, n):
    """Give random readouts that fit on the detector."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        yield random_turns(rng), rng


def test_ramps_flags_and_keywords_are_those_of_the_official_function(tmp_path):
    n_repeated = 0
    for number, (header, rng) in enumerate(cases(5, 24)):
        model = model_of(header, rng)
        path = tmp_path / f"{number}_refpixx.fits"
        official = collated(model)
        times = official.meta.exposure.read_times
        if times is not None and len(times) not in (0, official.data.shape[1]):
            with pytest.raises(
                ValueError, match=r"\(MSTR_RPT is 0\), and such groups have no times"
            ):
                opened(model, path)
            continue
        exposure = opened(model, path)
        assert exposure.is_rearranged
        for ours, theirs in (
            (exposure.sci, official.data),
            (exposure.groupdq, official.groupdq),
            (exposure.pixeldq, official.pixeldq),
            (exposure.zeroframe, official.zeroframe),
        ):
            np.testing.assert_array_equal(ours, theirs, str(header))
        if times is not None and len(times):
            n_repeated += 1
            theirs = [[float(time) for time in group] for group in times]
            np.testing.assert_allclose(exposure.timing.read_times, theirs, rtol=1e-9)
        else:
            assert exposure.timing.read_times is None
        if number % 3 == 0:
            products = rampviewer.process(exposure).save(tmp_path / f"out{number}")
            same_keywords(products[0], official)
            for path in (products[0], products[-1]):
                same_times(path, official)
    assert n_repeated > 2


def same_keywords(path, official):
    """Check what the product says of where and when it was taken."""
    with datamodels.open(path) as ours:
        assert type(ours) is datamodels.RampModel
        for node in ("subarray", "exposure"):
            mine, theirs = (model.meta.instance[node] for model in (ours, official))
            for name in (*META.values(), "nints", "ngroups", "integration_start"):
                assert mine.get(name) == theirs.get(name), name
        assert ours.meta.exposure.integration_end == official.meta.exposure.integration_end
    header = fits.getheader(path)
    assert not {"MSTR_RD1", "SSTR_NST"} & set(header)


def same_times(path, official):
    """Check the times of the frames, and those of the integrations that make them."""
    with fits.open(path) as hdus:
        tree = read_tree(raw_bytes(hdus))
    with datamodels.open(path) as ours:
        for name in ("int_times", "int_times_stripe"):
            theirs = np.array(getattr(official, name))
            np.testing.assert_array_equal(np.array(getattr(ours, name)), theirs, name)
            assert tree[name]["shape"] == [len(theirs)]
            names = [column["name"] for column in tree[name]["datatype"]]
            assert names == list(theirs.dtype.names)


def test_saturation_is_found_at_each_position_before_frames_are_made(tmp_path, monkeypatch):
    from jwst.saturation import SaturationStep  # noqa: PLC0415 - slow to import

    monkeypatch.setattr("stpipe.crds_client.get_context_used", lambda *_: "none")
    level = 30_000 + WHOLE / WHOLE.max() * 20_000
    dq = np.where(WHOLE % 7 == 3, Dq.NO_SAT_CHECK, 0).astype(np.uint32)
    reference = datamodels.SaturationModel(data=level, dq=dq)
    place = reference.meta.subarray
    place.xstart = place.ystart = 1
    place.xsize = place.ysize = FULL
    reference.meta.reftype = "SATURATION"
    reference.save(str(tmp_path / "level.fits"))
    for number, (header, rng) in enumerate(cases(7, 8)):
        if header["SSTR_NST"] == 1:  # the official step fails
            continue
        raw = model_of(header, rng, flags=False)
        path = tmp_path / f"{number}_uncal.fits"
        exposure = opened(raw, path, saturation=tmp_path / "level.fits")
        n_rows, n_cols = header["SUBSIZE2"], header["SUBSIZE1"]
        model = datamodels.SuperstripeRampModel(raw)
        model.data = raw.data.astype(np.float32)  # as of a file: else differences wrap
        model.groupdq = np.zeros(raw.data.shape, np.uint8)
        model.pixeldq = np.zeros((header["SSTR_NST"], n_rows, n_cols), np.uint32)
        step = SaturationStep(
            override_saturation=str(tmp_path / "level.fits"), override_superbias="N/A"
        )
        official = collated(step.run(model))
        np.testing.assert_array_equal(exposure.groupdq, official.groupdq, str(header))
        np.testing.assert_array_equal(exposure.pixeldq, official.pixeldq, str(header))
        assert "put together to one frame" in " ".join(exposure.notes)


def test_a_reference_is_cut_to_each_position_as_by_the_official_function():
    from jwst.lib.stripe_utils import generate_stripe_reference  # noqa: PLC0415 - slow

    for header, rng in cases(3, 30):
        model = model_of(header, rng)
        slow = abs(header["SLOWAXIS"])
        fast = slice(header[f"SUBSTRT{3 - slow}"] - 1, None)
        fast = slice(fast.start, fast.start + header[f"SUBSIZE{3 - slow}"])
        whole = WHOLE[:, fast] if slow == 2 else WHOLE[fast]
        expected = generate_stripe_reference(whole, model)
        for k in range(header["SSTR_NST"]):
            frame = header["SUBSIZE2"], header["SUBSIZE1"]
            target = Target(Path("x_uncal.fits"), header, frame, k)
            ours, _ = cut_to_subarray(WHOLE, PLACE, Path("gain.fits"), target)
            np.testing.assert_array_equal(ours, expected[k], str(header))


def test_too_few_integrations_for_a_frame_and_lines_that_make_no_sense_are_refused(
    tmp_path,
):
    header = next(cases(3, 1))[0] | {"SSTR_NST": 4}
    model = model_of(header, np.random.default_rng(1))
    model.meta.subarray.num_superstripe = 30
    with pytest.raises(ValueError, match=r"has axes that disagree|fewer than the 30"):
        opened(model, tmp_path / "x.fits")
    model.meta.subarray.num_superstripe = 4
    model.meta.subarray.superstripe_step = 3000
    with pytest.raises(ValueError, match="cannot be put together from the 4 positions"):
        opened(model, tmp_path / "y.fits")
