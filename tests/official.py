"""Exposures in the official container, and the official steps on them."""

import gc
from contextlib import chdir
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import rampviewer
from rampviewer.core.dq import Dq

CONTEXT = "jwst_1464.pmap"
_MADE = TemporaryDirectory(prefix="rampviewer-official-")


@dataclass(frozen=True, kw_only=True)
class Case:
    """An exposure and how it is processed."""

    instrument: str = "NIRCAM"
    detector: str = "NRCA1"
    exp_type: str = "NRC_IMAGE"
    lamp_mode: str | None = None
    shape: tuple[int, int, int, int] = (2, 8, 24, 30)
    gain_factor: float | None = None
    algorithm: str = "OLS_C"
    ends_unused: bool = False  # first and last group, as in MIRI
    all_saturated: bool = False
    jumps_delivered: bool = False  # by a jump step that was completed
    is_uneven: bool = False  # groups at times of their own
    skip: str = ""  # the step that is skipped, as in a pipeline


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Files of a case."""

    ramp: Path
    gain: Path
    readnoise: Path

    @property
    def overrides(self) -> dict[str, str]:
        return {"override_gain": str(self.gain), "override_readnoise": str(self.readnoise)}


def write_inputs(case: Case, folder: Path, name="x_ramp.fits") -> Inputs:
    """Write a ramp with jumps, its gain and its read noise by the official models."""
    from stdatamodels.jwst import datamodels  # noqa: PLC0415 - slow to import

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20240101)
    n_ints, n_groups, n_rows, n_cols = case.shape
    steps = 10.7 * np.arange(n_groups)[None, :, None, None]
    sci = 100 + rng.uniform(5, 50, (n_rows, n_cols)) * steps
    sci = (sci + rng.normal(0, 8, case.shape)).astype(np.float32)
    for _ in range(60):
        i, group, row, col = (int(rng.integers(0, size)) for size in case.shape)
        sci[i, group:, row, col] += np.float32(rng.uniform(100, 3000))
    groupdq = np.zeros(case.shape, np.uint8)
    groupdq[:, n_groups // 2 + 1 :, 4:6, 4:9] = Dq.SATURATED
    if case.ends_unused:
        groupdq[:, [0, -1]] |= np.uint8(Dq.DO_NOT_USE)
    if case.jumps_delivered:
        groupdq[:, 3, 8:12, 8:12] |= np.uint8(Dq.JUMP_DET)
    if case.all_saturated:
        groupdq[:] = Dq.SATURATED
    pixeldq = np.zeros((n_rows, n_cols), np.uint32)
    pixeldq[10, 10] = Dq.DO_NOT_USE
    model = datamodels.RampModel(data=sci, groupdq=groupdq, pixeldq=pixeldq)
    model.zeroframe = sci[:, 0].copy()
    model.int_times = np.array(
        [(i + 1, *[59000.0 + i] * 6) for i in range(n_ints)], model.get_dtype("int_times")
    )
    _describe(model.meta, case)
    if case.is_uneven:
        model.meta.exposure.read_times = [
            [10.7 * (k + 1 + k // 3)] for k in range(n_groups)
        ]
    model.meta.cal_step.jump = "COMPLETE" if case.jumps_delivered else None
    model.add_history_entry("made for a test")
    model.save(str(folder / name))
    model.close()
    gain, noise = folder / "gain.fits", folder / "readnoise.fits"
    _write_reference(datamodels.GainModel, gain, 1.8, case)
    _write_reference(datamodels.ReadnoiseModel, noise, 12.5, case)
    return Inputs(ramp=folder / name, gain=gain, readnoise=noise)


def _describe(meta, case: Case) -> None:
    meta.telescope = "JWST"
    meta.instrument.name, meta.instrument.detector = case.instrument, case.detector
    meta.instrument.lamp_mode = case.lamp_mode
    exposure, place = meta.exposure, meta.subarray
    exposure.type, exposure.readpatt = case.exp_type, "RAPID"
    exposure.frame_time = exposure.group_time = 10.7
    exposure.nframes, exposure.groupgap, exposure.drop_frames1 = 1, 0, 0
    exposure.nints, exposure.ngroups = case.shape[:2]
    meta.observation.date, meta.observation.time = "2024-01-01", "00:00:00"
    place.name, place.xstart, place.ystart = "SUB64", 5, 3
    place.ysize, place.xsize = case.shape[2:]
    meta.wcsinfo.ra_ref, meta.bunit_data = 80.5, "DN"
    meta.cal_step.linearity, meta.cal_step.dark_sub = "COMPLETE", "COMPLETE"
    meta.calibration_software_version = "1.2.3"
    meta.ref_file.crds.context_used = "jwst_1000.pmap"


def _write_reference(kind, path: Path, value: float, case: Case) -> None:
    model = kind(data=np.full((60, 60), value, np.float32))
    model.meta.telescope, model.meta.reftype = "JWST", path.stem.upper()
    model.meta.instrument.name, model.meta.instrument.detector = (
        case.instrument,
        case.detector,
    )
    place = model.meta.subarray
    place.xstart, place.ystart, place.xsize, place.ysize = 1, 1, 60, 60
    if path.stem == "gain" and case.gain_factor is not None:
        model.meta.exposure.gain_factor = case.gain_factor
    model.save(str(path))
    model.close()


def official_products(inputs: Inputs, case: Case, folder: Path) -> dict[str, Path]:
    """Run both official steps as a pipeline would; return their products by name."""
    from jwst.jump import JumpStep  # noqa: PLC0415 - slow to import
    from jwst.ramp_fitting import RampFitStep  # noqa: PLC0415 - as above
    from stdatamodels.jwst import datamodels  # noqa: PLC0415 - as above

    folder.mkdir(parents=True)
    with chdir(folder):
        jump_step = JumpStep(**inputs.overrides)
        fit_step = RampFitStep(
            **inputs.overrides,
            save_opt=True,
            opt_name="x.fits",
            algorithm=case.algorithm,
        )
        if case.skip == "ramp_fit":
            _skip(fit_step, JumpStep())
            fit_step.run(jump_step.run(str(inputs.ramp))).save("x_jump.fits")
            return by_product(folder.iterdir())
        if case.skip == "jump":
            _skip(jump_step, RampFitStep())
            jump = jump_step.run(datamodels.open(str(inputs.ramp)))
        else:
            jump = jump_step.run(str(inputs.ramp))
            jump.save("x_jump.fits")
        rate, rateints = fit_step.run(jump)
        for model, product in ((rate, "rate"), (rateints, "rateints")):
            if model is not None:
                model.save(f"x_{product}.fits")
    return by_product(folder.iterdir())


def _skip(step, parent) -> None:
    """Let a step be skipped: one that stands alone is not, whatever `skip` says."""
    step.skip, step.parent = True, parent


def our_products(inputs: Inputs, case: Case, folder: Path) -> dict[str, Path]:
    """Do the same with rampviewer."""
    exposure = rampviewer.open(inputs.ramp, inputs.gain, inputs.readnoise)
    fit = rampviewer.RampFitParameters(algorithm=case.algorithm)
    skip = {case.skip} - {""}
    result = rampviewer.process(exposure, fit=fit, skip=skip)
    return by_product(result.save(folder, save_opt=True))


@dataclass(frozen=True)
class Both:
    """Products of both programs for one case, and its inputs."""

    case: Case
    inputs: Inputs
    ours: dict[str, Path]
    theirs: dict[str, Path]


@cache
def both_products(case: Case) -> Both:
    """Return what both programs make of a case; made once, so nobody may write to it."""
    folder = Path(_MADE.name) / str(both_products.cache_info().misses)
    inputs = write_inputs(case, folder)
    gc.freeze()  # each official step looks through what is not frozen
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stpipe.crds_client.get_context_used", lambda *_: CONTEXT)
        theirs = official_products(inputs, case, folder / "theirs")
    return Both(case, inputs, our_products(inputs, case, folder / "ours"), theirs)


def by_product(paths) -> dict[str, Path]:
    """Return paths by what follows the root of the name."""
    return {path.stem.removeprefix("x_"): path for path in paths}
