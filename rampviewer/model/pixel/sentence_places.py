"""Which places a sentence on a pixel names: other pixels, integrations and groups."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from rampviewer.model.exposure import Pixel


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere to go; None stands for what stays as it is."""

    pixel: Pixel | None = None
    integration: int | None = None
    group: int | None = None


Part = tuple[str, Place | None]

# As the sentences write them: "int 1 group 4", "group 4", "(x, y)".
_NAMED: Final = re.compile(
    r"\bint (?P<integration>\d+)(?: group (?P<group>\d+))?"
    r"|\bgroup (?P<lone_group>\d+)"
    r"|\((?P<x>\d+), (?P<y>\d+)\)"
)


def parts_of(sentence: str) -> Iterator[Part]:
    """Yield the sentence in parts, each with the place that it names, or None.

    A pixel in brackets stands for its place in the integration and group that were named
    last before it: those of the jump or the event that the sentence tells of.
    """
    end, here = 0, Place()
    for found in _NAMED.finditer(sentence):
        name = found.groupdict()
        if name["integration"] is not None:
            here = Place(integration=int(name["integration"]), group=_number(name["group"]))
        elif name["lone_group"] is not None:
            here = replace(here, group=int(name["lone_group"]))
        place = here
        if name["x"] is not None:
            place = replace(here, pixel=Pixel(int(name["y"]), int(name["x"])))
        if found.start() > end:
            yield sentence[end : found.start()], None
        yield found.group(), place
        end = found.end()
    if end < len(sentence):
        yield sentence[end:], None


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
