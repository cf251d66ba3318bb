"""Connected areas of a mask, as runs of pixels along the rows.

Pixels that touch at a side or a corner belong together. A run is a stretch of a row: an
area of a few hundred pixels is a few dozen runs, and a row without any costs next to
nothing.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F64, I32, I64, U8, kernel

_CHUNK = 64  # columns looked at together
_LEAST_WITH_HOLE = 8  # pixels around a hole of one pixel; a ring open at a corner leaks


class Areas(NamedTuple):
    """Areas of one mask in the order of their first pixels, row by row.

    Parameters
    ----------
    runs : (n_runs, 3) int32
        Row, first column and column after the last, area by area.
    first_run : (n_areas + 1,) int64
        Area k has the runs `first_run[k]` to `first_run[k + 1]` (exclusive).
    n_pixels : (n_areas,) int64
    centre : (n_areas, 2) float64
        Mean row and column.
    axes : (n_areas, 2) float64
        Minor and major axis of the ellipse with the same second moments, each one pixel
        less. Good to some ten digits: `Shapes` has the last ones.
    angle : (n_areas,) float64
        Of the major axis [radian], from the row axis to the column axis.
    box : (n_areas, 4) int64
        First row, row after the last, first column, column after the last.
    """

    runs: I32
    first_run: I64
    n_pixels: I64
    centre: F64
    axes: F64
    angle: F64
    box: I64


@kernel
def find_runs(mask: U8) -> I32:
    """Return the runs of the pixels that are not 0: (n_runs, 3) int32, row by row."""
    n_rows, n_cols = mask.shape
    runs = np.empty((1024, 3), np.int32)
    n = 0
    for row in range(n_rows):
        values = mask[row]
        start = -1
        for left in range(0, n_cols, _CHUNK):
            chunk = values[left : left + _CHUNK]
            some = np.uint8(0)
            for k in range(chunk.size):
                some |= chunk[k]
            if some == 0 and start < 0:
                continue
            if n + _CHUNK > len(runs):
                longer = np.empty((2 * len(runs), 3), np.int32)
                longer[:n] = runs[:n]
                runs = longer
            for k in range(chunk.size):
                if chunk[k] != 0 and start < 0:
                    start = left + k
                elif chunk[k] == 0 and start >= 0:
                    runs[n, 0], runs[n, 1], runs[n, 2] = row, start, left + k
                    n, start = n + 1, -1
        if start >= 0:
            runs[n, 0], runs[n, 1], runs[n, 2] = row, start, n_cols
            n += 1
    return runs[:n].copy()


@kernel
def _root(parent: I64, k: int) -> int:
    while parent[k] != k:
        parent[k] = parent[parent[k]]
        k = parent[k]
    return k


@kernel
def _join_runs(runs: I32) -> I64:
    """Return for each run the first run of its area."""
    n = len(runs)
    parent = np.arange(n)
    above = 0
    for k in range(n):
        row, start, stop = runs[k, 0], runs[k, 1], runs[k, 2]
        while runs[above, 0] < row - 1 or (
            runs[above, 0] == row - 1 and runs[above, 2] < start
        ):
            above += 1
        other = above
        while runs[other, 0] == row - 1 and runs[other, 1] <= stop:
            a, b = _root(parent, k), _root(parent, other)
            parent[max(a, b)] = min(a, b)
            other += 1
    for k in range(n):
        parent[k] = _root(parent, k)
    return parent


@kernel
def _by_area(runs: I32, root: I64) -> tuple[I32, I64]:
    """Return the runs sorted by area, and where the runs of each area start."""
    n = len(runs)
    number, n_areas = np.empty(n, np.int64), 0
    for k in range(n):
        if root[k] == k:
            number[k] = n_areas
            n_areas += 1
        else:
            number[k] = number[root[k]]
    first = np.zeros(n_areas + 1, np.int64)
    for k in range(n):
        first[number[k] + 1] += 1
    first = np.cumsum(first)
    place, ordered = first[:-1].copy(), np.empty_like(runs)
    for k in range(n):
        ordered[place[number[k]]] = runs[k]
        place[number[k]] += 1
    return ordered, first


@kernel
def _moments(runs: I32, centre: F64, axes: F64) -> tuple[int, float]:
    """Fill in the centre and the axes of one area; return its pixels and angle."""
    row_0, col_0 = runs[0, 0], runs[0, 1]
    n = s_r = s_c = s_rr = s_cc = s_rc = 0
    for k in range(len(runs)):
        row, start, stop = runs[k, 0] - row_0, runs[k, 1] - col_0, runs[k, 2] - col_0
        length = stop - start
        total = (start + stop - 1) * length // 2
        n += length
        s_r += row * length
        s_c += total
        s_rr += row * row * length
        s_rc += row * total
        for col in range(start, stop):
            s_cc += col * col
    centre[0] = float(s_r + n * row_0) / float(n)
    centre[1] = float(s_c + n * col_0) / float(n)
    along_rows = (s_rr - float(s_r) * s_r / n) / n
    along_cols = (s_cc - float(s_c) * s_c / n) / n
    mixed = (s_rc - float(s_r) * s_c / n) / n
    mean = 0.5 * (along_rows + along_cols)
    spread = np.hypot(0.5 * (along_rows - along_cols), mixed)
    axes[0] = 4.0 * np.sqrt(max(mean - spread, 0.0)) - 1.0
    axes[1] = 4.0 * np.sqrt(max(mean + spread, 0.0)) - 1.0
    return n, 0.5 * np.arctan2(2.0 * mixed, along_rows - along_cols)


@kernel
def all_areas(mask: U8) -> Areas:
    """Return the areas of the pixels that are not 0.

    Parameters
    ----------
    mask : (n_rows, n_cols) uint8
    """
    runs = find_runs(mask)
    if len(runs):
        runs, first = _by_area(runs, _join_runs(runs))
    else:
        first = np.zeros(1, np.int64)
    n_areas = len(first) - 1
    n_pixels, angle = np.empty(n_areas, np.int64), np.empty(n_areas)
    centre, axes = np.empty((n_areas, 2)), np.empty((n_areas, 2))
    box = np.empty((n_areas, 4), np.int64)
    for k in range(n_areas):
        own = runs[first[k] : first[k + 1]]
        n_pixels[k], angle[k] = _moments(own, centre[k], axes[k])
        box[k, 0], box[k, 1] = own[0, 0], own[len(own) - 1, 0] + 1
        box[k, 2], box[k, 3] = own[:, 1].min(), own[:, 2].max()
    return Areas(runs, first, n_pixels, centre, axes, angle, box)


@kernel
def cut_out(areas: Areas, k: int) -> U8:
    """Return area `k` alone, 1 in its pixels, as large as its box."""
    top, bottom, left, right = areas.box[k]
    image = np.zeros((bottom - top, right - left), np.uint8)
    for n in range(areas.first_run[k], areas.first_run[k + 1]):
        row, start, stop = areas.runs[n]
        image[row - top, start - left : stop - left] = 1
    return image


@kernel
def filled_area(image: U8) -> int:
    """Return the number of pixels of an area with its holes.

    A hole is background from which no path, over sides or corners, leads out of the box.
    """
    n_rows, n_cols = image.shape
    outside = np.zeros((n_rows + 2, n_cols + 2), np.bool_)
    stack = np.empty((outside.size, 2), np.int64)
    stack[0] = 0
    outside[0, 0] = True
    n, n_outside = 1, 0
    while n > 0:
        n, n_outside = n - 1, n_outside + 1
        row, col = stack[n]
        for r in range(max(row - 1, 0), min(row + 2, n_rows + 2)):
            for c in range(max(col - 1, 0), min(col + 2, n_cols + 2)):
                within = 1 <= r <= n_rows and 1 <= c <= n_cols
                if outside[r, c] or (within and image[r - 1, c - 1] != 0):
                    continue
                outside[r, c] = True
                stack[n, 0], stack[n, 1] = r, c
                n += 1
    return outside.size - n_outside


@kernel
def large_enough(areas: Areas, least: float) -> NDArray[np.bool_]:
    """Return which areas have, holes included, at least `least` pixels."""
    enough = areas.n_pixels >= least
    for k in range(len(enough)):
        top, bottom, left, right = areas.box[k]
        may_be = (bottom - top) * (right - left) >= least
        if not enough[k] and may_be and areas.n_pixels[k] >= _LEAST_WITH_HOLE:
            enough[k] = filled_area(cut_out(areas, k)) >= least
    return enough
