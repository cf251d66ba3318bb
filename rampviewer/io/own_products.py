"""What our own products say of the exposure that they were made from."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rampviewer.io.readers.interface import Stated
from rampviewer.model.errors import REFERENCE_NAMES, ReferenceKind

RECORD: Final = "rampviewer"  # node of the tree
STAMPS: Final = "stamps"
VALUE: Final = "value"
NUMBERS: Final[dict[ReferenceKind, str]] = {"gain": "RV_GAIN", "readnoise": "RV_READN"}


def stated_by_product(
    header: Mapping[str, Any], tree: Mapping[str, Any]
) -> dict[ReferenceKind, Stated]:
    """Return gain and read noise that a product was made with, where it tells them.

    A number, or a file that is still there; files of CRDS are found by their keywords.
    """
    found: dict[ReferenceKind, Stated] = {}
    for kind, keyword in NUMBERS.items():
        name = REFERENCE_NAMES[kind].capitalize()
        record = _record(tree).get(kind)
        value = _value(record) if isinstance(record, Mapping) else header.get(keyword)
        if isinstance(value, Path):
            note = f"{name}: {value.name}, the file that this product was made with."
            found[kind] = Stated(math.nan, note, value)
        elif isinstance(value, int | float):
            found[kind] = Stated(float(value), f"{name}: that of the product ({keyword}).")
    return found


def stamps_of_product(tree: Mapping[str, Any], n_groups: int) -> tuple[float, ...] | None:
    """Return when the groups were read [s], None where that follows from the header."""
    stamps = _record(tree).get(STAMPS)
    if not isinstance(stamps, list | tuple) or len(stamps) != n_groups:
        return None
    return tuple(float(stamp) for stamp in stamps)


def product_notes(header: Mapping[str, Any], tree: Mapping[str, Any]) -> Iterator[str]:
    """Give what must not be forgotten of the exposure that a product was made from."""
    look = str(_record(tree).get("quick_look") or "")
    if look or header.get("RV_QUICK") is True:
        yield f"Made from an uncalibrated exposure. {look}".strip()


def _record(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    record = tree.get(RECORD)
    return record if isinstance(record, Mapping) else {}


def _value(record: Mapping[str, Any]) -> Path | float | None:
    source, name = record.get("source"), str(record.get("name", ""))
    if source == "file":
        return Path(name) if Path(name).is_file() else None
    if source not in ("scalar", "header"):
        return None
    try:
        return float(record.get(VALUE, name))
    except (TypeError, ValueError):
        return None
