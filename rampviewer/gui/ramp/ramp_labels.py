"""Where labels go between points and lines, in pixels, y downwards."""

from collections.abc import Sequence
from functools import cache

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
    return along_each(np.reshape(np.asarray(lines, np.float64), (-1, 4)), step)[0]


def along_each(ends: F64, step: float = 8.0) -> tuple[F64, NDArray[np.intp]]:
    """Return boxes (n, 4) that cover lines (n, 4), and the number of the line of each."""
    way = ends[:, 2:] - ends[:, :2]
    n_boxes = (np.abs(way).max(axis=1, initial=0.0) / step).astype(int) + 2
    number = np.repeat(np.arange(len(ends)), n_boxes)
    done = np.arange(number.size) - np.repeat(np.cumsum(n_boxes) - n_boxes, n_boxes)
    points = ends[number, :2] + (done / (n_boxes[number] - 1))[:, None] * way[number]
    return around(points[:, 0], points[:, 1], 2.0), number


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


def choose(places: F64, obstacles: F64) -> list[Box] | None:
    """Return a free one of the boxes (n, k) of each line, None when a line has none."""
    near = _are_free(places[:, :AT_ONCE], obstacles)  # most often one of them is free
    placed: list[Box] = []
    for boxes, is_free in zip(places, near, strict=True):
        box = _first_apart(boxes[:AT_ONCE][is_free], placed)
        if box is None:
            rest = boxes[AT_ONCE:]
            box = _first_apart(rest[are_free(rest, obstacles)], placed)
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


def _are_free(places: F64, obstacles: F64) -> NDArray[np.bool_]:
    """Return which of (n, k) boxes share nothing with `obstacles`."""
    free: NDArray[np.bool_] = are_free(places.reshape(-1, 4), obstacles)
    return free.reshape(places.shape[:2])


def _first_apart(boxes: F64, placed: list[Box]) -> Box | None:
    """Return the first box that shares nothing with those placed."""
    for left, top, width, height in boxes.tolist():
        if not any(
            left < x + across and x < left + width and top < y + down and y < top + height
            for x, y, across, down in placed
        ):
            return left, top, width, height
    return None


def candidates(lines: F64, sizes: F64, rooms: F64) -> F64:
    """Return boxes (n, k, 4) around each line (n, 4), moved into its room (n, 4).

    The nearest to the middle of its line comes first.
    """
    start, end = lines[:, None, :2], lines[:, None, 2:]
    points = start + np.array(ALONG)[:, None] * (end - start)
    corners = points[:, :, None, None] + _offsets() * sizes[:, None, None, None] + _gaps()
    lowest = rooms[:, None, :2]
    highest = lowest + (rooms[:, 2:] - sizes)[:, None]
    corners = np.minimum(np.maximum(corners.reshape(len(lines), -1, 2), lowest), highest)
    boxes = np.empty((*corners.shape[:2], 4))
    boxes[..., :2], boxes[..., 2:] = corners, sizes[:, None]
    middle = (lines[:, None, :2] + lines[:, None, 2:]) / 2
    away = ((corners + sizes[:, None] / 2 - middle) ** 2).sum(axis=2)
    # Places as near on both sides of a line are equal, whatever the last bit says.
    order = np.argsort(np.round(away, 6), axis=1, kind="stable")
    found: F64 = np.take_along_axis(boxes, order[:, :, None], axis=1)
    return found


@cache
def _offsets() -> F64:
    """Return from where a label hangs, in its sizes, (sides, 2)."""
    return np.array(SIDES, np.float64)[:, :2]


@cache
def _gaps() -> F64:
    """Return how far it stands off [pixel], (distances, sides, 2)."""
    sides = np.array(SIDES, np.float64)[:, 2:]
    found: F64 = GAP * np.array(DISTANCES)[:, None, None] * sides
    return found
