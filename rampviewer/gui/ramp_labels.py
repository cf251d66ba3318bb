"""Where labels go between points and lines, in pixels, y downwards."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Box = tuple[float, float, float, float]  # left, top, width, height
Line = tuple[float, float, float, float]  # x0, y0, x1, y1
GAP = 8.0
ALONG = (0.5, 0.3, 0.7, 0.1, 0.9)  # where on its line a label may stand
# Left top corner relative to a point of the line, in label sizes and in gaps. A ramp rises
# to the right: there is room below it to the right and above it to the left.
SIDES = ((0.0, 0.0, 1, 1), (-1.0, -1.0, -1, -1), (-0.5, 0.0, 0, 2), (-0.5, -1.0, 0, -2))


def around(x: F64, y: F64, radius: float) -> F64:
    """Return a box around each point, (n, 4)."""
    side = np.full(x.shape, 2 * radius)
    return np.column_stack((x - radius, y - radius, side, side))


def along(lines: Sequence[Line], step: float = 8.0) -> F64:
    """Return boxes that cover each line, one every `step` pixels, (n, 4)."""
    found = [np.empty((0, 4))]
    for x0, y0, x1, y1 in lines:
        n = int(max(abs(x1 - x0), abs(y1 - y0)) / step) + 2
        found.append(around(np.linspace(x0, x1, n), np.linspace(y0, y1, n), 2.0))
    return np.concatenate(found)


def overlap(box: Box, obstacles: F64) -> float:
    """Return the area that `box` shares with all `obstacles` (n, 4) [pixel^2]."""
    left, top, width, height = box
    x = np.minimum(obstacles[:, 0] + obstacles[:, 2], left + width)
    y = np.minimum(obstacles[:, 1] + obstacles[:, 3], top + height)
    x = x - np.maximum(obstacles[:, 0], left)
    y = y - np.maximum(obstacles[:, 1], top)
    return float(np.sum(np.clip(x, 0, None) * np.clip(y, 0, None)))


def place_beside(
    lines: Sequence[Line], sizes: Sequence[tuple[float, float]], obstacles: F64, room: Box
) -> list[Box] | None:
    """Return one free box beside each line, or None when one of them finds no place."""
    placed: list[Box] = []
    for line, size in zip(lines, sizes, strict=True):
        taken = np.concatenate((obstacles, np.reshape(placed, (-1, 4))))
        box = _first_free(line, size, taken, room)
        if box is None:
            return None
        placed.append(box)
    return placed


def place_in_corner(size: tuple[float, float], obstacles: F64, room: Box) -> Box:
    """Return the box in the corner of `room` that covers least; top left when equal."""
    width, height = size
    left, top = room[0] + GAP, room[1] + GAP
    right = max(left, room[0] + room[2] - width - GAP)
    bottom = max(top, room[1] + room[3] - height - GAP)
    corners = ((left, top), (right, bottom), (right, top), (left, bottom))
    boxes = [(x, y, width, height) for x, y in corners]
    return min(boxes, key=lambda box: overlap(box, obstacles))


def _first_free(
    line: Line, size: tuple[float, float], obstacles: F64, room: Box
) -> Box | None:
    x0, y0, x1, y1 = line
    width, height = size
    for across, down, gap_x, gap_y in SIDES:
        for part in ALONG:
            left = x0 + part * (x1 - x0) + across * width + gap_x * GAP
            top = y0 + part * (y1 - y0) + down * height + gap_y * GAP
            box = (left, top, width, height)
            if _inside(box, room) and overlap(box, obstacles) == 0:
                return box
    return None


def _inside(box: Box, room: Box) -> bool:
    return (
        box[0] >= room[0]
        and box[1] >= room[1]
        and box[0] + box[2] <= room[0] + room[2]
        and box[1] + box[3] <= room[1] + room[3]
    )
