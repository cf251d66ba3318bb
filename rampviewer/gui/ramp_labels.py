"""Where labels go between points and lines, in pixels, y downwards."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Box = tuple[float, float, float, float]  # left, top, width, height
Line = tuple[float, float, float, float]  # x0, y0, x1, y1
GAP = 8.0
ALONG = (0.5, 0.3, 0.7, 0.1, 0.9)  # where on its line a label may stand
# Left top corner relative to a point of the line, in label sizes and in gaps: below it, to
# the right and centred, and above it, to the left, centred, and to the right.
SIDES = ((0, 0, 1, 1), (-0.5, 0, 0, 1), (-1, -1, -1, -1), (-0.5, -1, 0, -1), (0, -1, 1, -1))
DISTANCES = (1.0, 2.0, 4.0)  # gaps between label and line


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


def overlaps(boxes: F64, obstacles: F64) -> F64:
    """Return the area that each of `boxes` (n, 4) shares with `obstacles` [pixel^2]."""
    shared = np.ones((len(boxes), len(obstacles)))
    for axis in (0, 1):
        low, taken = boxes[:, axis, None], obstacles[None, :, axis]
        high, taken_high = low + boxes[:, axis + 2, None], taken + obstacles[:, axis + 2]
        shared *= np.clip(np.minimum(high, taken_high) - np.maximum(low, taken), 0, None)
    total: F64 = shared.sum(axis=1)
    return total


def place_beside(
    lines: Sequence[Line], sizes: Sequence[tuple[float, float]], obstacles: F64, room: Box
) -> list[Box] | None:
    """Return one free box beside each line, or None when one of them finds no place."""
    if any(width > room[2] or height > room[3] for width, height in sizes):
        return None
    placed: list[Box] = []
    for line, size in zip(lines, sizes, strict=True):
        taken = np.concatenate((obstacles, np.reshape(placed, (-1, 4))))
        box = _nearest_free(line, size, taken, room)
        if box is None:
            return None
        placed.append(box)
    return placed


def place_in_corner(
    size: tuple[float, float], obstacles: F64, room: Box
) -> tuple[Box, float]:
    """Return the box in the corner of `room` that covers least, and the area it covers.

    Of equal corners it is the top left one.
    """
    width, height = size
    left, top = room[0] + GAP, room[1] + GAP
    right = max(left, room[0] + room[2] - width - GAP)
    bottom = max(top, room[1] + room[3] - height - GAP)
    corners = ((left, top), (right, bottom), (right, top), (left, bottom))
    boxes = [(x, y, width, height) for x, y in corners]
    covered = overlaps(np.array(boxes), obstacles)
    best = int(np.argmin(covered))
    return boxes[best], float(covered[best])


def _nearest_free(
    line: Line, size: tuple[float, float], obstacles: F64, room: Box
) -> Box | None:
    """Return the free box whose centre is nearest to the middle of the line."""
    boxes = _candidates(line, size, room)
    boxes = boxes[overlaps(boxes, obstacles) == 0]
    if not len(boxes):
        return None
    middle = np.array([line[0] + line[2], line[1] + line[3]]) / 2
    away = np.hypot(*(boxes[:, :2] + boxes[:, 2:] / 2 - middle).T)
    left, top, width, height = boxes[np.argmin(away)].tolist()
    return left, top, width, height


def _candidates(line: Line, size: tuple[float, float], room: Box) -> F64:
    """Return boxes around a line, moved into `room`, (n, 4); none when it is too small."""
    if size[0] > room[2] or size[1] > room[3]:
        return np.empty((0, 4))
    start, end = np.array(line[:2]), np.array(line[2:])
    points = start + np.array(ALONG)[:, None] * (end - start)
    sides = np.array(SIDES)
    gaps = GAP * np.array(DISTANCES)[:, None, None] * sides[None, :, 2:]
    corners = points[:, None, None] + sides[None, None, :, :2] * size + gaps
    lowest, highest = np.array(room[:2]), np.array(room[:2]) + room[2:] - np.array(size)
    places = np.clip(corners.reshape(-1, 2), lowest, highest)
    return np.column_stack((places, np.broadcast_to(size, places.shape)))
