"""Write a simulated exposure as the official pipeline would have left it."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from rampviewer.io.asdf_tree import tree_hdu
from rampviewer.io.atomic import make_folder, write_whole
from rampviewer.model.exposure import Exposure
from rampviewer.model.simulate import Simulated

Cards = dict[str, tuple[Any, str]]

START = 60311.25  # [d] MJD; any date serves, but the same one gives the same file
START_DATE, START_TIME = "2024-01-02", "06:00:00.000"
DATE = "2024-01-02T12:00:00.000"
DAY = 86400.0  # [s]
PIXEL = 0.031 / 3600.0  # [deg]
RA, DEC = 53.16, -27.78  # [deg]
FULL = 2048


class DemoFiles(NamedTuple):
    """A simulated exposure and its two reference files."""

    ramp: Path
    gain: Path
    readnoise: Path


def demo_files(ramp: Path) -> DemoFiles:
    """Return the names that belong to the demo exposure `ramp`."""
    base = ramp.stem.removesuffix("_ramp")
    return DemoFiles(
        ramp=ramp,
        gain=ramp.with_name(f"{base}_gain.fits"),
        readnoise=ramp.with_name(f"{base}_readnoise.fits"),
    )


def write_demo(ramp: Path, simulated: Simulated, overwrite: bool = False) -> DemoFiles:
    """Write the exposure and its gain and read noise; return the three files.

    Parameters
    ----------
    ramp : Path
        Name of the exposure; `demo_files` derives the others from it. Its folder is made
        when it is not there.
    simulated : Simulated
    overwrite : bool
        Whether existing files may be replaced.

    Raises
    ------
    OSError
        When a file exists and `overwrite` is False, or cannot be written.
    """
    files = demo_files(ramp)
    for path in files:
        if path.exists() and not overwrite:
            raise FileExistsError(f"{path} exists")
    exposure = simulated.exposure
    contents = (
        _ramp_file(exposure, files.ramp.name),
        _reference_file("gain", exposure, exposure.gain, files.gain.name),
        _reference_file("readnoise", exposure, exposure.readnoise, files.readnoise.name),
    )
    make_folder(ramp.parent)
    write_whole({path: hdus.writeto for path, hdus in zip(files, contents, strict=True)})
    return files


def _ramp_file(exposure: Exposure, name: str) -> fits.HDUList:
    header = _header(_ramp_cards(exposure, name))
    sci = fits.ImageHDU(exposure.sci, header=_header(_sky_cards(exposure)), name="SCI")
    pixeldq = fits.ImageHDU(exposure.pixeldq, name="PIXELDQ")
    groupdq = fits.ImageHDU(exposure.groupdq, name="GROUPDQ")
    primary = fits.PrimaryHDU(header=header)
    hdus = [primary, sci, pixeldq, groupdq, _int_times(exposure), _tree("RampModel")]
    return fits.HDUList(hdus)


def _reference_file(
    kind: Literal["gain", "readnoise"],
    exposure: Exposure,
    values: NDArray[np.float32],
    name: str,
) -> fits.HDUList:
    model = "GainModel" if kind == "gain" else "ReadnoiseModel"
    cards: Cards = {
        "DATE": (DATE, "UTC date file created"),
        "FILENAME": (name, "Name of the file"),
        "DATAMODL": (model, "Type of data model"),
        "TELESCOP": ("JWST", "Telescope"),
        "REFTYPE": (kind, "Reference file type"),
        "PEDIGREE": ("SIMULATION", "Pedigree of the reference file"),
        "DESCRIP": (f"Simulated {kind}", "Description of the reference file"),
        "AUTHOR": ("rampviewer", "Author of the reference file"),
        "USEAFTER": ("2022-01-01T00:00:00", "Use after date of the reference file"),
        **_detector_cards(exposure),
    }
    sci = fits.ImageHDU(values, name="SCI")
    return fits.HDUList([fits.PrimaryHDU(header=_header(cards)), sci, _tree(model)])


def _tree(model: str) -> fits.BinTableHDU:
    """Return the extension without which official steps do not open a file by its name."""
    return tree_hdu({"meta": {"model_type": model}}, None)


def _header(cards: Cards) -> fits.Header:
    return fits.Header([(key, *card) for key, card in cards.items()])


def _detector_cards(exposure: Exposure) -> Cards:
    is_full = exposure.n_rows == FULL
    return {
        "INSTRUME": (exposure.instrument, "Instrument"),
        "DETECTOR": (exposure.detector, "Detector"),
        "MODULE": ("A", "NIRCam module"),
        "CHANNEL": ("SHORT", "Instrument channel"),
        "SUBARRAY": ("FULL" if is_full else "GENERIC", "Subarray used"),
        "SUBSTRT1": (1, "Starting pixel in axis 1 direction"),
        "SUBSTRT2": (1, "Starting pixel in axis 2 direction"),
        "SUBSIZE1": (exposure.n_cols, "Number of pixels in axis 1 direction"),
        "SUBSIZE2": (exposure.n_rows, "Number of pixels in axis 2 direction"),
        "FASTAXIS": (1, "Fast readout axis direction"),
        "SLOWAXIS": (-2, "Slow readout axis direction"),
    }


def _ramp_cards(exposure: Exposure, name: str) -> Cards:
    steps = {
        "S_DQINIT": "Data Quality Initialization",
        "S_SATURA": "Saturation Checking",
        "S_SUPERB": "Superbias Subtraction",
        "S_REFPIX": "Reference Pixel Correction",
        "S_LINEAR": "Linearity Correction",
        "S_DARK": "Dark Subtraction",
    }
    return {
        "DATE": (DATE, "UTC date file created"),
        "ORIGIN": ("rampviewer", "Simulated: not a measurement"),
        "FILENAME": (name, "Name of the file"),
        "DATAMODL": ("RampModel", "Type of data model"),
        "TELESCOP": ("JWST", "Telescope"),
        "TITLE": ("Simulated exposure of rampviewer", "Proposal title"),
        "DATE-OBS": (START_DATE, "UTC date at start of exposure"),
        "TIME-OBS": (START_TIME, "UTC time at start of exposure"),
        "TARGPROP": ("SIMULATED", "Proposer's name for the target"),
        "TARGNAME": ("SIMULATED", "Name of the target"),
        "TARG_RA": (RA, "[deg] Target RA"),
        "TARG_DEC": (DEC, "[deg] Target Dec"),
        "FILTER": ("F200W", "Filter"),
        "PUPIL": ("CLEAR", "Pupil element"),
        "EXP_TYPE": ("NRC_IMAGE", "Type of data in the exposure"),
        **_timing_cards(exposure),
        **_detector_cards(exposure),
        **{key: ("COMPLETE", text) for key, text in steps.items()},
    }


def _timing_cards(exposure: Exposure) -> Cards:
    timing = exposure.timing
    integration = _integration_seconds(exposure)
    duration = integration * exposure.n_ints
    return {
        "EXPSTART": (START, "[d] exposure start time in MJD"),
        "EXPMID": (START + 0.5 * duration / DAY, "[d] exposure mid time in MJD"),
        "EXPEND": (START + duration / DAY, "[d] exposure end time in MJD"),
        "READPATT": ("BRIGHT1", "Readout pattern"),
        "NOUTPUTS": (4, "Number of detector outputs used"),
        "NINTS": (exposure.n_ints, "Number of integrations in exposure"),
        "INTSTART": (1, "Starting integration number in this segment"),
        "INTEND": (exposure.n_ints, "Ending integration number in this segment"),
        "NGROUPS": (exposure.n_groups, "Number of groups in integration"),
        "NFRAMES": (timing.n_frames, "Number of frames per group"),
        "FRMDIVSR": (timing.n_frames, "Divisor applied to frame-averaged groups"),
        "GROUPGAP": (timing.groupgap, "Number of frames dropped between groups"),
        "DRPFRMS1": (timing.drop_frames1, "Frames dropped before the 1st integration"),
        "DRPFRMS3": (0, "Frames dropped between integrations"),
        "NSAMPLES": (1, "Number of A/D samples per pixel"),
        "TSAMPLE": (10.0, "[us] Time between samples"),
        "TFRAME": (timing.frame_time, "[s] Time between frames"),
        "TGROUP": (timing.group_time, "[s] Time between groups"),
        "EFFINTTM": (integration, "[s] Effective integration time"),
        "EFFEXPTM": (duration, "[s] Effective exposure time"),
        "DURATION": (duration, "[s] Total duration of exposure"),
        "NRSTSTRT": (1, "Number of reset frames at start of exposure"),
        "NRESETS": (1, "Number of reset frames between integrations"),
        "ZEROFRAM": (False, "Zero frame was downlinked separately"),
    }


def _sky_cards(exposure: Exposure) -> Cards:
    return {
        "BUNIT": ("DN", "physical units of the array values"),
        "RADESYS": ("ICRS", "Name of the coordinate reference frame"),
        "WCSAXES": (2, "number of World Coordinate System axes"),
        "CRPIX1": (exposure.n_cols / 2 + 0.5, "Axis 1 pixel of reference point"),
        "CRPIX2": (exposure.n_rows / 2 + 0.5, "Axis 2 pixel of reference point"),
        "CRVAL1": (RA, "Axis 1 value at reference point"),
        "CRVAL2": (DEC, "Axis 2 value at reference point"),
        "CTYPE1": ("RA---TAN", "Axis 1 type"),
        "CTYPE2": ("DEC--TAN", "Axis 2 type"),
        "CUNIT1": ("deg", "Axis 1 units"),
        "CUNIT2": ("deg", "Axis 2 units"),
        "CDELT1": (PIXEL, "Axis 1 increment at reference point"),
        "CDELT2": (PIXEL, "Axis 2 increment at reference point"),
        "PC1_1": (-1.0, "Linear transformation matrix element"),
        "PC1_2": (0.0, "Linear transformation matrix element"),
        "PC2_1": (0.0, "Linear transformation matrix element"),
        "PC2_2": (1.0, "Linear transformation matrix element"),
    }


def _integration_seconds(exposure: Exposure) -> float:
    timing = exposure.timing
    return timing.frame_time + (exposure.n_groups - 1) * timing.group_time


def _int_times(exposure: Exposure) -> fits.BinTableHDU:
    """Return start, middle and end of each integration; one reset frame lies between."""
    numbers = np.arange(exposure.n_ints)
    seconds = _integration_seconds(exposure)
    start = START + numbers * (seconds + exposure.timing.frame_time) / DAY
    times = {"start": start, "mid": start + seconds / 2 / DAY, "end": start + seconds / DAY}
    columns = [fits.Column("integration_number", "J", array=numbers + 1)]
    for scale in ("MJD_UTC", "BJD_TDB"):
        columns += [fits.Column(f"int_{k}_{scale}", "D", array=t) for k, t in times.items()]
    return fits.BinTableHDU.from_columns(columns, name="INT_TIMES")
