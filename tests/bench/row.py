"""One line of a table of times."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Row(NamedTuple):
    """Times [s], and what is wanted of their median, 95 % or longest [ms]."""

    name: str
    seconds: list[float]
    limits: Mapping[str, float] = MappingProxyType({})
