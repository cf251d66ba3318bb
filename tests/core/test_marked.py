import numpy as np
import pytest

from rampviewer.core._jit import kernel
from rampviewer.core.marked import list_marked, pack_jumps

SIZES = [0, 1, 7, 8, 9, 64, 103]


@kernel
def _listed(marks, places):
    return list_marked(marks, places)


@kernel
def _packed(flags, bits):
    pack_jumps(flags, bits)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_every_marked_column_is_listed_once_and_in_order(size, share):
    rng = np.random.default_rng(size)
    marks = (rng.random(size) < share).astype(np.uint8) * rng.integers(
        1, 256, dtype=np.uint8
    )
    places = np.full(size, -1)
    n = _listed(marks, places)
    np.testing.assert_array_equal(places[:n], np.flatnonzero(marks))


@pytest.mark.parametrize("size", SIZES)
def test_jumps_of_a_row_are_packed_as_numpy_packs_them(size):
    flags = np.random.default_rng(size).integers(0, 256, size).astype(np.uint8)
    bits = np.full((size + 7) // 8, 255, np.uint8)
    _packed(flags, bits)
    np.testing.assert_array_equal(bits, np.packbits(flags & 4))
