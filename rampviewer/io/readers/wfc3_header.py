"""Headers of WFC3/IR with the keywords that ramp products of JWST have."""

from collections.abc import Mapping
from typing import Any, Final

from astropy.io import fits

from rampviewer.io.headers import without_structure
from rampviewer.io.readers.interface import Stated
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.timing import Timing

AMPLIFIERS: Final = "ABCD"
# What tells about a single read or about values in other units.
_OF_ONE_READ: Final = (
    "BUNIT SAMPNUM SAMPTIME DELTATIM ROUTTIME TDFTRANS FILLCNT ERRCNT PODPSFF STDCFFF "
    "STDCFFP NGOODPIX SDQFLAGS GOODMIN GOODMAX GOODMEAN SNRMIN SNRMAX SNRMEAN SOFTERRS "
    "MEANDARK MEANBLEV NPIX1 NPIX2 PIXVALUE ORIGIN DATE NCOMBINE"
)


def as_ramp_header(
    header: fits.Header, shape: tuple[int, int, int, int], timing: Timing
) -> fits.Header:
    """Return the primary header of the file with timing as JWST has it.

    SUBARRAY is a switch of HST and a name of JWST; the name is in SUBTYPE.
    """
    result = without_structure(header)
    for keyword in ("NEXTEND", "FILETYPE", "SUBARRAY"):
        result.remove(keyword, ignore_missing=True)
    cards: dict[str, tuple[Any, str]] = {
        "NINTS": (shape[0], "Number of integrations in exposure"),
        "NGROUPS": (shape[1], "Number of groups in integration"),
        "NFRAMES": (timing.n_frames, "Number of frames per group"),
        "GROUPGAP": (timing.groupgap, "Number of frames dropped between groups"),
        "DRPFRMS1": (timing.drop_frames1, "Number of frames dropped prior to 1st group"),
        "TFRAME": (timing.frame_time, "[s] Time between frames"),
        "TGROUP": (timing.group_time, "[s] Time between groups"),
    }
    result.update(cards)
    if result.get("UNITCORR") == "COMPLETE":
        result["UNITCORR"] = ("OMIT", "undone: rates became counts again")
    return result


def as_sci_header(header: fits.Header) -> fits.Header:
    """Return what a read says about the sky and the detector, not about that read."""
    result = without_structure(header)
    for keyword in _OF_ONE_READ.split():
        result.remove(keyword, ignore_missing=True)
    result.remove("", ignore_missing=True, remove_all=True)  # headings of what is gone
    return result


def stated_values(
    header: Mapping[str, Any],
) -> dict[ReferenceKind, Stated]:
    """Return gain [electron/DN] and CDS read noise [DN], where the header states them.

    READNSEA to D are the noise of a difference of two reads in electrons: that is what is
    measured in the reads themselves.
    """
    gains, noises = _of_amplifiers(header, "ATODGN"), _of_amplifiers(header, "READNSE")
    result: dict[ReferenceKind, Stated] = {}
    if gains:
        gain, name = sum(gains) / len(gains), "the mean of ATODGNA to D"
    else:
        gain, name = _number(header.get("CCDGAIN")), "CCDGAIN"
    if gain <= 0:
        return result
    result["gain"] = Stated(gain, f"Gain: {name}.")
    if noises:
        noise = sum(noises) / len(noises)
        result["readnoise"] = Stated(
            noise / gain,
            f"Read noise: the mean of READNSEA to D, {noise:.4g} electrons in a difference "
            "of two reads, by the gain.",
        )
    return result


def _of_amplifiers(header: Mapping[str, Any], name: str) -> list[float]:
    values = [_number(header.get(f"{name}{amplifier}")) for amplifier in AMPLIFIERS]
    return [value for value in values if value > 0]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
