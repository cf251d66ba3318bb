"""Telescopes whose references CRDS holds, and the words in which its rules ask."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple


class Observatory(NamedTuple):
    """What differs from telescope to telescope.

    Attributes
    ----------
    name : str
        As in folders, names of files and contexts.
    server : str
        The one that is asked unless CRDS_SERVER_URL names another.
    today : str
        What the `crds` package calls the context that counts without CRDS_CONTEXT.
    place : str
        Where its own files name a reference, {} for the kind; "" for keywords of JWST.
    parameters : mapping
        What rules look at, and the keywords that say it; several are a date and its time.
    """

    name: str
    server: str
    today: str
    place: str
    parameters: Mapping[str, tuple[str, ...]]

    def matched(self, header: Mapping[str, Any]) -> dict[str, str]:
        """Return what rules are applied to, by the names that they use."""
        return {
            name: "T".join(str(header[keyword]).strip() for keyword in keywords)
            for name, keywords in self.parameters.items()
            if all(header.get(keyword) not in (None, "") for keyword in keywords)
        }


JWST: Final = Observatory(
    name="jwst",
    server="https://jwst-crds.stsci.edu",
    today="build",
    place="",
    parameters={
        "META.TELESCOPE": ("TELESCOP",),
        "META.INSTRUMENT.NAME": ("INSTRUME",),
        "META.INSTRUMENT.DETECTOR": ("DETECTOR",),
        "META.INSTRUMENT.CHANNEL": ("CHANNEL",),
        "META.INSTRUMENT.MODULE": ("MODULE",),
        "META.INSTRUMENT.BAND": ("BAND",),
        "META.INSTRUMENT.FILTER": ("FILTER",),
        "META.INSTRUMENT.PUPIL": ("PUPIL",),
        "META.INSTRUMENT.GRATING": ("GRATING",),
        "META.INSTRUMENT.CORONAGRAPH": ("CORONMSK",),
        "META.INSTRUMENT.LAMP_MODE": ("OPMODE",),
        "META.EXPOSURE.TYPE": ("EXP_TYPE",),
        "META.EXPOSURE.READPATT": ("READPATT",),
        "META.SUBARRAY.NAME": ("SUBARRAY",),
        "META.OBSERVATION.DATE": ("DATE-OBS",),
        "META.OBSERVATION.TIME": ("TIME-OBS",),
        "META.VISIT.TSOVISIT": ("TSOVISIT",),
    },
)
ROMAN: Final = Observatory(
    name="roman",
    server="https://roman-crds.stsci.edu",
    today="latest",
    place="meta.ref_file.{}",
    parameters={
        "ROMAN.META.TELESCOPE": ("TELESCOP",),
        "ROMAN.META.INSTRUMENT.NAME": ("INSTRUME",),
        "ROMAN.META.INSTRUMENT.DETECTOR": ("DETECTOR",),
        "ROMAN.META.INSTRUMENT.OPTICAL_ELEMENT": ("FILTER",),
        "ROMAN.META.EXPOSURE.TYPE": ("EXP_TYPE",),
        "ROMAN.META.EXPOSURE.MA_TABLE_NAME": ("MATABNAM",),
        "ROMAN.META.EXPOSURE.MA_TABLE_NUMBER": ("MATABNUM",),
        "ROMAN.META.EXPOSURE.START_TIME": ("DATE-OBS", "TIME-OBS"),
    },
)
_NAMES: Final = ("jwst", "roman", "hst")
_BY_TELESCOPE: Final = {"JWST": JWST, "": JWST, "ROMAN": ROMAN}


class NotInCrdsError(LookupError):
    """CRDS holds no such references for a telescope."""


def observatory_of(header: Mapping[str, Any]) -> Observatory:
    """Return whose references an exposure gets; JWST's where the header does not say it.

    Raises
    ------
    NotInCrdsError
        For HST, with a sentence on where to look.
    """
    telescope = str(header.get("TELESCOP") or "").strip().upper()
    if telescope == "HST":
        table = str(header.get("CCDTAB") or "").strip()
        raise NotInCrdsError(
            "its header does not state it, and CRDS holds no such frame for HST; look for "
            f"it in the table that CCDTAB names{f' ({table})' if table else ''}"
        )
    return _BY_TELESCOPE.get(telescope, JWST)


def is_of_another(context: str, observatory: Observatory) -> bool:
    """Return whether a context, such as `jwst_1234.pmap`, is that of another telescope."""
    first = context.lower().replace("-", "_").replace(".", "_").split("_")[0]
    return first in _NAMES and first != observatory.name
