"""Named regions of a frame, one of which is selected."""

import re
from dataclasses import dataclass, replace

from rampviewer.model.regions.shapes import Circle, Place, Polygon, Rectangle, Shape

KINDS = ("rectangle", "circle", "polygon")
NEW_SIZE = 1 / 8  # of a new region, of the shorter side of what is seen
CORNERS = ((-1.0, 0.0), (0.0, 1.0), (1.0, 0.0), (0.0, -1.0))  # of a new polygon


@dataclass(frozen=True, slots=True)
class Region:
    """A shape with a name."""

    name: str
    shape: Shape

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a region needs a name")

    @property
    def summary(self) -> str:
        """What it is and where, in one line."""
        row, col = self.shape.center
        return f"{self.shape.kind} at x={col:.6g}, y={row:.6g}, {self.shape.size_text}"


@dataclass(frozen=True, slots=True)
class Regions:
    """Regions in the order in which they were made, with different names.

    Attributes
    ----------
    items : tuple of Region
    selected : int
        Place of the selected one, -1 for none.
    others : tuple of str
        Lines of region files for what cannot be drawn, to be saved with the rest.
    """

    items: tuple[Region, ...] = ()
    selected: int = -1
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not -1 <= self.selected < len(self.items):
            raise ValueError(f"there is no region {self.selected}")

    @property
    def current(self) -> Region | None:
        """The selected region."""
        return self.items[self.selected] if self.selected >= 0 else None

    def select(self, number: int) -> "Regions":
        return replace(self, selected=number)

    def take(self, found: "RegionFile") -> "Regions":
        """Add what a file has; the last of it is selected."""
        regions = self
        for item in found.items:
            regions = regions.add(item.shape, item.name)
        new = (line for line in found.others if line not in self.others)
        return replace(regions, others=(*self.others, *new))

    def step(self, n: int) -> "Regions":
        """Select a region so many places on, from the last to the first."""
        if not self.items:
            return self
        start = self.selected if self.selected >= 0 else (-1 if n > 0 else 0)
        return self.select((start + n) % len(self.items))

    def add(self, shape: Shape, name: str = "") -> "Regions":
        """Add a region and select it; without a name it gets a number."""
        item = Region(self._free_name(name.strip() or "region"), shape)
        return replace(self, items=(*self.items, item), selected=len(self.items))

    def change(self, number: int, shape: Shape) -> "Regions":
        """Give a region another shape and select it."""
        return self._put(number, replace(self.items[number], shape=shape))

    def rename(self, number: int, name: str) -> "Regions":
        """Give a region another name; one that is taken gets a number."""
        if not name.strip() or name.strip() == self.items[number].name:
            return self
        rest = replace(
            self, items=self.items[:number] + self.items[number + 1 :], selected=-1
        )
        return self._put(number, replace(self.items[number], name=rest._free_name(name)))

    def remove(self, number: int) -> "Regions":
        """Remove a region; the one after it, or else before it, is selected."""
        items = self.items[:number] + self.items[number + 1 :]
        return replace(self, items=items, selected=min(number, len(items) - 1))

    def _put(self, number: int, region: Region) -> "Regions":
        items = (*self.items[:number], region, *self.items[number + 1 :])
        return replace(self, items=items, selected=number)

    def _free_name(self, name: str) -> str:
        taken = {item.name for item in self.items}
        name = name.strip()
        if name != "region" and name not in taken:
            return name
        stem = re.sub(r"\s+\d+$", "", name)
        number = 1
        while (found := f"{stem} {number}") in taken:
            number += 1
        return found


def new_shape(kind: str, center: Place, size: float) -> Shape:
    """Return a shape of a kind about a place.

    Parameters
    ----------
    kind : "rectangle", "circle" or "polygon"
    center : Place
    size : float
        Its height and width [pixel].
    """
    whole = max(1, round(size))
    row, col = center
    if kind == "rectangle":
        # Edges between pixels: an even number of them has its centre there, too.
        shift = 0.0 if whole % 2 else 0.5
        return Rectangle(round(row) + shift, round(col) + shift, whole, whole)
    if kind == "circle":
        return Circle(row, col, max(whole / 2, 0.5))
    if kind == "polygon":
        half = max(whole / 2, 1.0)
        return Polygon(tuple(Place(row + half * v, col + half * u) for v, u in CORNERS))
    raise ValueError(f"a region is one of {', '.join(KINDS)}, got {kind!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFile:
    """What a file has: regions, lines that cannot be drawn, and words about these."""

    items: tuple[Region, ...]
    others: tuple[str, ...]
    notes: tuple[str, ...]  # sentences
