"""Places of ticks on an axis without arrays: there are ten of them."""

import math
from bisect import bisect_left
from collections.abc import Sequence

SAME = 0.01  # of the spacing: a tick this near to a coarser one is left out


def tick_values(
    levels: Sequence[tuple[float, float]], low: float, high: float
) -> list[tuple[float, list[float]]]:
    """Return (spacing, places) of the ticks of each level between `low` and `high`.

    `levels` are (spacing, offset) from coarse to fine, as in pyqtgraph, which compares
    arrays to leave out ticks that a coarser level has.
    """
    found: list[tuple[float, list[float]]] = []
    known: list[float] = []
    for spacing, offset in levels:
        start = math.ceil((low - offset) / spacing) * spacing + offset
        places = [n * spacing + start for n in range(int((high - start) / spacing) + 1)]
        near = spacing * SAME
        places = [x for x in places if not _has_within(known, x - near, x + near)]
        known = sorted(known + places)
        found.append((spacing, places))
    return found


def _has_within(known: list[float], low: float, high: float) -> bool:
    first = bisect_left(known, low)
    return first < len(known) and known[first] <= high
