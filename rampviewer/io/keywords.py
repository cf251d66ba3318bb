"""What the header of a ramp exposure says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rampviewer.model.timing import Timing

SHOWN: Final = (
    "TELESCOP",
    "INSTRUME",
    "DETECTOR",
    "CHANNEL",
    "MODULE",
    "FILTER",
    "PUPIL",
    "GRATING",
    "BAND",
    "EXP_TYPE",
    "OBSTYPE",
    "OPMODE",
    "READPATT",
    "SAMP_SEQ",
    "MATABNAM",
    "SUBARRAY",
    "SUBTYPE",
    "SUBSTRT1",
    "SUBSTRT2",
    "SUBSIZE1",
    "SUBSIZE2",
    "MSTR_RD1",
    "MSTR_RD2",
    "NINTS",
    "NGROUPS",
    "INTSTART",
    "INTEND",
    "EFFINTTM",
    "EFFEXPTM",
    "DATE-OBS",
    "TIME-OBS",
    "PROGRAM",
    "OBSERVTN",
    "VISIT",
    "TARGNAME",
    "DATAMODL",
    "CAL_VER",
    "CRDS_CTX",
    "R_GAIN",
    "R_READNO",
    "S_JUMP",
    "S_RAMP",
)


def shown_keywords(header: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords worth showing that the header has, in a fixed order."""
    return {name: header[name] for name in SHOWN if header.get(name) not in (None, "")}


def read_timing(path: Path, header: Mapping[str, Any], read_times: Any) -> Timing:
    """Return the read pattern that the header states.

    NFRAMES, GROUPGAP and DRPFRMS1 count as 1, 0 and 0 where absent.

    Parameters
    ----------
    path : Path
        Named in the error.
    header : mapping of str to value
    read_times : list of lists of float, optional
        Read times of every group [s]; empty or None for an even pattern.

    Raises
    ------
    ValueError
        When TFRAME or TGROUP is absent or a value is out of range.
    """
    absent = [key for key in ("TFRAME", "TGROUP") if header.get(key) in (None, "")]
    if absent:
        raise ValueError(
            f"{path.name} lacks timing: its header has no {' and no '.join(absent)}"
        )
    try:
        return Timing(
            frame_time=header["TFRAME"],
            group_time=header["TGROUP"],
            n_frames=_count(header, "NFRAMES", 1),
            groupgap=_count(header, "GROUPGAP", 0),
            drop_frames1=_count(header, "DRPFRMS1", 0),
            read_times=_tuples(read_times),
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path.name} has unusable timing: {error}") from error


def _count(header: Mapping[str, Any], key: str, default: int) -> int:
    value = header.get(key)
    return default if value in (None, "") else int(value)


def _tuples(read_times: Any) -> tuple[tuple[float, ...], ...] | None:
    if not read_times:
        return None
    return tuple(
        tuple(float(t) for t in group)
        if isinstance(group, list | tuple)
        else (float(group),)
        for group in read_times
    )
