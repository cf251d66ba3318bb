"""Headers of products, from the headers of the exposure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from astropy.io import fits

from rampviewer.io.keyword_order import add_in_order
from rampviewer.io.provenance import Entry
from rampviewer.model.exposure import Exposure

# What describes the array or the bytes of the old file, not the observation.
_STRUCTURE = (
    "SIMPLE XTENSION BITPIX NAXIS EXTEND PCOUNT GCOUNT GROUPS BSCALE BZERO BLANK DATAMIN "
    "DATAMAX EXTNAME EXTVER EXTLEVEL CHECKSUM DATASUM INHERIT"
)

_CARD: Final = 80  # characters, of which these are taken by keyword and equal sign
_INDICATOR: Final = 10
_SHORTEST: Final = 20  # of a value: shorter ones are filled up

# What official models say in the extension SCI though they have no such array.
_ABOUT_TIME = (
    "SRCTYPE MJD-BEG MJD-AVG MJD-END TDB-BEG TDB-MID TDB-END XPOSURE TELAPSE REFFRAME "
    "EPH_TYPE EPH_TIME JWST_X JWST_Y JWST_Z OBSGEO-X OBSGEO-Y OBSGEO-Z JWST_DX JWST_DY "
    "JWST_DZ OBSGEODX OBSGEODY OBSGEODZ"
)


def about_time(source: fits.Header | None) -> fits.Header:
    """Return what a header says about the times, and where the telescope was then."""
    wanted = set(_ABOUT_TIME.split())
    kept: list[fits.Card] = []
    heading: list[fits.Card] = []
    for card in [] if source is None else source.cards:
        if card.keyword in wanted:
            kept += [*heading, card]
        # A heading goes with the keyword that follows it.
        heading = [*heading, card] if card.keyword == "" else []
    return fits.Header(kept)


def without_structure(header: fits.Header) -> fits.Header:
    """Return a copy without the keywords that describe the array itself."""
    copy = header.copy(strip=True)
    for keyword in _STRUCTURE.split():
        copy.remove(keyword, ignore_missing=True, remove_all=True)
    return copy


def minimal_header(exposure: Exposure) -> fits.Header:
    """Return a primary header for an exposure that was made of arrays."""
    timing = exposure.timing
    header = fits.Header()
    cards: dict[str, tuple[Any, str]] = {
        "INSTRUME": (exposure.instrument, "Instrument used to acquire the data"),
        "DETECTOR": (exposure.detector, "Name of detector used to acquire the data"),
        "NINTS": (exposure.n_ints, "Number of integrations in exposure"),
        "NGROUPS": (exposure.n_groups, "Number of groups in integration"),
        "NFRAMES": (timing.n_frames, "Number of frames per group"),
        "GROUPGAP": (timing.groupgap, "Number of frames dropped between groups"),
        "DRPFRMS1": (timing.drop_frames1, "Number of frames dropped prior to 1st group"),
        "TFRAME": (timing.frame_time, "[s] Time between frames"),
        "TGROUP": (timing.group_time, "[s] Time between groups"),
    }
    for keyword, (value, comment) in cards.items():
        if value != "":
            header[keyword] = (value, comment)
    for keyword, value in exposure.keywords.items():
        header.setdefault(keyword, ascii_text(value) if isinstance(value, str) else value)
    return header


def with_entries(
    header: fits.Header, entries: Iterable[Entry], lines: Iterable[str]
) -> fits.Header:
    """Return a copy with every entry set or taken out and the lines added to HISTORY.

    New keywords stand where official headers have them.
    """
    header = header.copy()
    for entry in entries:
        if entry.value is None:
            header.remove(entry.keyword, ignore_missing=True)
            continue
        # That of the file may have been cut short beside a longer value.
        comment = _fitting(entry.value, entry.comment)
        if entry.keyword not in header:
            add_in_order(header, fits.Card(entry.keyword, entry.value, comment))
        elif entry.comment:
            header[entry.keyword] = (entry.value, comment)
        else:
            header[entry.keyword] = entry.value
    for line in lines:
        header.add_history(ascii_text(line))
    return header


def in_ascii(entry: Entry) -> Entry:
    """Return an entry whose text a FITS header can hold."""
    is_text = isinstance(entry.value, str)
    return entry._replace(value=ascii_text(entry.value)) if is_text else entry


def ascii_text(text: str) -> str:
    """Return a text with what FITS headers cannot hold written as in Python.

    Names of files may have any letters; the tree keeps them as they are.
    """
    plain = (c if " " <= c <= "~" else c.encode("unicode_escape").decode() for c in text)
    return "".join(plain)


def _fitting(value: Any, comment: str) -> str:
    """Return what of a comment stands beside a text in one card, as official files have it.

    Else astropy warns. It goes on to the next card with longer texts, and their comments.
    """
    if not isinstance(value, str):
        return comment
    quoted = len(value.replace("'", "''")) + 2
    room = _CARD - _INDICATOR - max(quoted, _SHORTEST) - len(" / ")
    return comment if quoted > _CARD - _INDICATOR else comment[: max(room, 0)]


def merge_into(tree: dict[str, Any], entries: Iterable[Entry]) -> None:
    """Set, or take out, every entry that has a path below `meta` in the tree."""
    for entry in entries:
        if not entry.path:
            continue
        if entry.value is None:
            _take_out(tree, ("meta", *entry.path))
            continue
        node = tree
        for key in ("meta", *entry.path[:-1]):
            if not isinstance(node.get(key), dict):
                node[key] = {}
            node = node[key]
        node[entry.path[-1]] = entry.value


def _take_out(tree: dict[str, Any], path: tuple[str, ...]) -> None:
    node: Any = tree
    for key in path[:-1]:
        node = node.get(key) if isinstance(node, dict) else None
    if isinstance(node, dict):
        node.pop(path[-1], None)


def unit_header(source: Mapping[str, Any] | None, unit: str) -> fits.Header:
    """Return the header of an extension in `unit`, from that of the source if given."""
    header = without_structure(source) if isinstance(source, fits.Header) else fits.Header()
    header["BUNIT"] = (unit, "physical units of the array values")
    return header
