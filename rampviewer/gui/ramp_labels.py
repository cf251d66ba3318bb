"""Where labels go between points and lines, in pixels, y downwards."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Box = tuple[float, float, float, float]  # left, top, width, height
Line = tuple[float, float, float, float]  # x0, y0, x1, y1
GAP = 8.0
AT_ONCE = 25  # places that are looked at together
FAR = 1e4  # a line that reaches so far is cut: it would take millions of boxes [pixel]
ALONG = (0.5, 0.3, 0.7, 0.1, 0.9)  # where on its line a label may stand
# Left top corner relative to a point of the line, in label sizes and in gaps: below it, to
# the right and centred, and above it, to the left, centred, and to the right.
SIDES = ((0, 0, 1, 1), (-0.5, 0, 0, 1), (-1, -1, -1, -1), (-0.5, -1, 0, -1), (0, -1, 1, -1))
DISTANCES = (1.0, 2.0, 4.0)  # gaps between label and line


def around(x: F64, y: F64, radius: float) -> F64:
    """Return a box around each point, (n, 4)."""
    side = np.full(x.shape, 2 * radius)
    return np.column_stack((x - radius, y - radius, side, side))


def along(lines: Sequence[Line] | F64, step: float = 8.0) -> F64:
    """Return boxes that cover each line, one every `step` pixels, (n, 4)."""
    ends = np.reshape(np.asarray(lines, np.float64), (-1, 4))
    way = ends[:, 2:] - ends[:, :2]
    n_boxes = (np.abs(way).max(axis=1, initial=0.0) / step).astype(int) + 2
    number = np.repeat(np.arange(len(ends)), n_boxes)
    done = np.arange(number.size) - np.repeat(np.cumsum(n_boxes) - n_boxes, n_boxes)
    points = ends[number, :2] + (done / (n_boxes[number] - 1))[:, None] * way[number]
    return around(points[:, 0], points[:, 1], 2.0)


def within(ends: F64, width: float, height: float) -> F64:
    """Return what is to be seen of lines (n, 4) in a plot; short ones stay as they are."""
    if np.abs(ends).max(initial=0.0) < FAR:
        return ends
    start, way = ends[:, :2], ends[:, 2:] - ends[:, :2]
    way = np.where(way == 0, 1e-9, way)
    sides = -start / way, ((width, height) - start) / way
    enters = np.minimum(*sides).max(axis=1, initial=0.0)[:, None]
    leaves = np.maximum(*sides).min(axis=1, initial=1.0)[:, None]
    cut = np.hstack((start + enters * way, start + leaves * way))
    seen: F64 = cut[enters[:, 0] <= leaves[:, 0]]
    return seen


def overlaps(boxes: F64, obstacles: F64) -> F64:
    """Return the area that each of `boxes` (n, 4) shares with `obstacles` [pixel^2]."""
    shared = np.ones((len(boxes), len(obstacles)))
    for axis in (0, 1):
        low, taken = boxes[:, axis, None], obstacles[None, :, axis]
        high, taken_high = low + boxes[:, axis + 2, None], taken + obstacles[:, axis + 2]
        shared *= np.clip(np.minimum(high, taken_high) - np.maximum(low, taken), 0, None)
    total: F64 = shared.sum(axis=1)
    return total


def are_free(boxes: F64, obstacles: F64) -> NDArray[np.bool_]:
    """Return which of `boxes` (n, 4) share nothing with `obstacles`."""
    left, top, width, height = boxes.T[:, :, None]
    x, y, across, down = obstacles.T
    met = left < x + across
    met &= left + width > x
    met &= top < y + down
    met &= top + height > y
    free: NDArray[np.bool_] = ~met.any(axis=1)
    return free


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
    return place_in_corners([size], obstacles, room)[0]


def place_in_corners(
    sizes: Sequence[tuple[float, float]], obstacles: F64, room: Box
) -> list[tuple[Box, float]]:
    """Do the same for boxes of several sizes, each as if it were alone."""
    boxes = [box for size in sizes for box in _corners(size, room)]
    covered = overlaps(np.array(boxes), obstacles).reshape(-1, 4)
    best = np.argmin(covered, axis=1).tolist()
    return [(boxes[4 * n + k], float(covered[n, k])) for n, k in enumerate(best)]


def _corners(size: tuple[float, float], room: Box) -> list[Box]:
    width, height = size
    left, top = room[0] + GAP, room[1] + GAP
    right = max(left, room[0] + room[2] - width - GAP)
    bottom = max(top, room[1] + room[3] - height - GAP)
    corners = ((left, top), (right, bottom), (right, top), (left, bottom))
    return [(x, y, width, height) for x, y in corners]


def _nearest_free(
    line: Line, size: tuple[float, float], obstacles: F64, room: Box
) -> Box | None:
    """Return the free box whose centre is nearest to the middle of the line."""
    boxes = _candidates(line, size, room)
    middle = np.array([line[0] + line[2], line[1] + line[3]]) / 2
    away = ((boxes[:, :2] + boxes[:, 2:] / 2 - middle) ** 2).sum(axis=1)
    boxes = boxes[np.argsort(away, kind="stable")]
    for start in range(0, len(boxes), AT_ONCE):  # most often one of the nearest is free
        near = boxes[start : start + AT_ONCE]
        free = np.flatnonzero(are_free(near, obstacles))
        if free.size:
            left, top, width, height = near[free[0]].tolist()
            return left, top, width, height
    return None


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
