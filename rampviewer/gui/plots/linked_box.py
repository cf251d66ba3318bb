"""View boxes that share ranges of their axes."""

from typing import Any

import pyqtgraph as pg

Range = tuple[float, float]


class LinkedBox(pg.ViewBox):  # type: ignore[misc]
    """A view box without pyqtgraph items, with axes that others have as well.

    The links of pyqtgraph ask each box for its place on the screen, for limits and for
    automatic ranges, and each passes on what it is told. For two dozen of them that takes
    longer than to draw what they show.
    """

    def __init__(self) -> None:
        self._sharing: tuple[list[LinkedBox], list[LinkedBox]] = [self], [self]
        self._is_told = False  # a range by another box
        super().__init__(enableMenu=False)
        self.disableAutoRange()
        self.sigRangeChanged.connect(self._pass_on)

    def share_x(self, other: "LinkedBox") -> None:
        """Have the x axis of another box, and of those that it shares it with."""
        self._share(other, 0)

    def share_y(self, other: "LinkedBox") -> None:
        self._share(other, 1)

    def show_range(self, x: Range | None = None, y: Range | None = None) -> None:
        """Show these ranges here and where they are shared; None leaves an axis."""
        wanted: dict[LinkedBox, list[Range | None]] = {}
        for axis, limits in enumerate((x, y)):
            if limits is not None:
                for box in self._sharing[axis]:
                    wanted.setdefault(box, [None, None])[axis] = limits
        for box, ranges in wanted.items():
            box._take(*ranges)

    def prepareForPaint(self) -> None:
        """Leave the transform until it is asked for: no item is drawn by it."""

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        self.updateMatrix()
        super().wheelEvent(ev, axis)

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        self.updateMatrix()
        super().mouseDragEvent(ev, axis)

    def _share(self, other: "LinkedBox", axis: int) -> None:
        together = other._sharing[axis]
        together += self._sharing[axis]
        for box in self._sharing[axis]:
            box._sharing = (
                (together, box._sharing[1]) if axis == 0 else (box._sharing[0], together)
            )
        first, *_ = together
        limits = tuple(first.state["viewRange"][axis])
        self.show_range(**{"xy"[axis]: limits})

    def _take(self, x: Range | None, y: Range | None) -> None:
        before = self.state["viewRange"]
        ranges = [
            old if new is None else list(new)
            for old, new in zip(before, (x, y), strict=True)
        ]
        changed = [old != new for old, new in zip(before, ranges, strict=True)]
        if not any(changed):
            return
        self.state["viewRange"] = ranges
        self.state["targetRange"] = [list(each) for each in ranges]
        self._viewPixelSizeCache = None
        self._matrixNeedsUpdate = True
        self._is_told = True
        if changed[0]:
            self.sigXRangeChanged.emit(self, tuple(ranges[0]))
        if changed[1]:
            self.sigYRangeChanged.emit(self, tuple(ranges[1]))
        self.sigRangeChanged.emit(self, ranges, changed)
        self._is_told = False

    def _pass_on(
        self, _box: object, ranges: list[list[float]], changed: list[bool]
    ) -> None:
        """Tell the others what the hand did here."""
        if not self._is_told:
            x, y = (
                (each[0], each[1]) if is_new else None
                for each, is_new in zip(ranges, changed, strict=True)
            )
            self.show_range(x, y)
