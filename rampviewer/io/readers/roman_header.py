"""What the metadata of Roman say, in the words of FITS headers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from astropy.io import fits

from rampviewer.model.timing import Timing

# Keyword, where it is below `meta`, what it says.
_CARDS: Final = (
    ("TELESCOP", "telescope", "Telescope used to acquire the data"),
    ("INSTRUME", "instrument.name", "Instrument used to acquire the data"),
    ("DETECTOR", "instrument.detector", "Name of detector used to acquire the data"),
    ("FILTER", "instrument.optical_element", "Optical element"),
    ("EXP_TYPE", "exposure.type", "Type of data in the exposure"),
    ("MATABNAM", "exposure.ma_table_name", "Name of the multi-accumulation table"),
    ("MATABNUM", "exposure.ma_table_number", "Number of that table"),
    ("EFFEXPTM", "exposure.effective_exposure_time", "[s] Effective exposure time"),
    ("PROGRAM", "observation.program", "Program number"),
    ("OBSERVTN", "observation.observation", "Observation number"),
    ("VISIT", "observation.visit", "Visit number"),
    ("OBS_ID", "observation.observation_id", "Observation ID"),
    ("TARGNAME", "target.catalog_name", "Name of the target"),
    ("RA_REF", "wcsinfo.ra_ref", "[deg] Right ascension of the aperture"),
    ("DEC_REF", "wcsinfo.dec_ref", "[deg] Declination of the aperture"),
    ("APERNAME", "wcsinfo.aperture_name", "Aperture"),
    ("SDP_VER", "sdf_software_version", "Version of the science data formatter"),
    ("CAL_VER", "calibration_software_version", "Calibration software version"),
    ("CRDS_CTX", "ref_file.crds.context_used", "CRDS context"),  # of older files
    ("CRDS_CTX", "ref_file.crds.context", "CRDS context"),
    ("R_GAIN", "ref_file.gain", "Gain reference file name"),
    ("R_READNO", "ref_file.readnoise", "Read noise reference file name"),
    ("R_SATURA", "ref_file.saturation", "Saturation reference file name"),
)
_UNKNOWN: Final = ("", "?", None, -999999, -999999.0)


def plain(node: Any) -> Any:
    """Return a node of a tree as mappings, lists, text and numbers without tags."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, str):
        return str(getattr(node, "data", node))
    if isinstance(node, Sequence):
        return [plain(value) for value in node]
    if node is None or isinstance(node, bool | int | float):
        return node
    return str(node)


def header_of(
    meta: Mapping[str, Any], shape: tuple[int, int, int, int], timing: Timing
) -> fits.Header:
    """Return a primary header as ramp products of JWST have it."""
    header = fits.Header()
    for keyword, path, comment in _CARDS:
        value = _at(meta, path)
        if value not in _UNKNOWN and isinstance(value, str | int | float):
            # JWST has its numbers of programs as text.
            header[keyword] = (str(value) if "observation" in path else value, comment)
    start = str(_at(meta, "exposure.start_time") or "")
    date, _, time = start.replace(" ", "T").partition("T")
    if time:
        header["DATE-OBS"] = (date, "[yyyy-mm-dd] UTC date at start of exposure")
        header["TIME-OBS"] = (time, "[hh:mm:ss.sss] UTC time at start of exposure")
    cards: dict[str, tuple[Any, str]] = {
        "NINTS": (shape[0], "Number of integrations in exposure"),
        "NGROUPS": (shape[1], "Number of groups in integration"),
        "NFRAMES": (timing.n_frames, "Number of frames per group"),
        "GROUPGAP": (timing.groupgap, "Number of frames dropped between groups"),
        "DRPFRMS1": (timing.drop_frames1, "Number of frames dropped prior to 1st group"),
        "TFRAME": (timing.frame_time, "[s] Time between frames"),
        "TGROUP": (timing.group_time, "[s] Time between groups"),
    }
    header.update(cards)
    return header


def timing_of(path: Path, meta: Mapping[str, Any], n_groups: int) -> tuple[Timing, str]:
    """Return the read pattern and, where it is uneven, a sentence about it.

    Parameters
    ----------
    path : Path
        Named in the error.
    meta : mapping
    n_groups : int
        Resultants of the data.

    Raises
    ------
    ValueError
        When frame_time or read_pattern is missing, or the pattern does not fit the data.
    """
    frame_time, pattern = (
        _at(meta, "exposure.frame_time"),
        _at(meta, "exposure.read_pattern"),
    )
    if not isinstance(frame_time, int | float) or frame_time in _UNKNOWN or not pattern:
        raise ValueError(
            f"{path.name} lacks timing: it has no exposure.frame_time or read_pattern"
        )
    try:
        reads = [[int(read) for read in group] for group in pattern]
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name} has a read_pattern that makes no sense: {pattern}"
        ) from error
    if len(reads) != n_groups or not all(reads):
        raise ValueError(
            f"{path.name} has a read_pattern of {len(reads)} resultants, its data have "
            f"{n_groups}"
        )
    means = np.array([np.mean(group) for group in reads])
    steps = np.diff(means)
    if not np.all(steps > 0):
        raise ValueError(f"{path.name} has a read_pattern that does not increase: {reads}")
    n_frames = {len(group) for group in reads}
    in_row = all(group[-1] - group[0] == len(group) - 1 for group in reads)
    if in_row and len(n_frames) == 1 and (steps.size == 0 or np.ptp(steps) == 0):
        return _even(float(frame_time), reads, steps), ""
    return _uneven(float(frame_time), reads, steps)


def _even(frame_time: float, reads: list[list[int]], steps: Any) -> Timing:
    n_frames = len(reads[0])
    spacing = round(float(steps[0])) if len(steps) else n_frames
    return Timing(
        frame_time=frame_time,
        group_time=frame_time * spacing,
        n_frames=n_frames,
        groupgap=spacing - n_frames,
        drop_frames1=reads[0][0] - 1,
    )


def _uneven(frame_time: float, reads: list[list[int]], steps: Any) -> tuple[Timing, str]:
    spacing, fewest = float(np.mean(steps)), min(len(group) for group in reads)
    timing = Timing(
        frame_time=frame_time,
        group_time=frame_time * spacing,
        n_frames=fewest,
        groupgap=max(round(spacing) - fewest, 0),
        drop_frames1=reads[0][0] - 1,
        read_times=tuple(tuple(frame_time * read for read in group) for group in reads),
    )
    most = max(len(group) for group in reads)
    note = (
        f"The resultants are UNEVEN, of {fewest} to {most} reads and "
        f"{frame_time * steps.min():g} to {frame_time * steps.max():g} s apart: the "
        "likelihood fit takes their times (and is used from 4 resultants on), but the "
        "search for jumps, and least squares, take all for even. Jumps flagged where the "
        "signal is strong are then no sign of a particle."
    )
    return timing, note


def _at(meta: Mapping[str, Any], path: str) -> Any:
    node: Any = meta
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node
