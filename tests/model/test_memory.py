import numpy as np
import pytest

from rampviewer.model.memory import budget as memory
from rampviewer.model.memory.budget import IN_MEMORY, Room, bytes_of, free_memory
from rampviewer.model.memory.scratch import is_scratch

SERIES = (200, 10, 256, 2048)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4GB", 4e9),
        ("500 MB", 5e8),
        ("1.5g", 1.5e9),
        ("2000", 2000),
        (12, 12),
        ("3kB", 3e3),
    ],
)
def test_a_budget_is_a_number_with_a_unit(text, size):
    assert bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "0", "four GB", "4 apples", -1, None])
def test_anything_else_is_no_budget(text):
    with pytest.raises(ValueError, match="a size such as 4GB"):
        bytes_of(text)


def test_half_of_the_free_memory_is_the_default(monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 20 * 10**9)
    assert Room.within(SERIES, None) == Room(10 * 10**9, on_disk=False)
    monkeypatch.setattr(memory, "free_memory", lambda: 10 * 10**9)
    assert Room.within(SERIES, None) == Room(5 * 10**9, on_disk=True)


def test_the_system_tells_how_much_is_free():
    assert 10**7 < free_memory() < 10**15


def test_only_large_arrays_go_to_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", str(tmp_path))
    room = Room(64_000, on_disk=True)
    assert is_scratch(room.empty((1001,), np.uint8))
    assert not is_scratch(room.empty((1000,), np.uint8))
    assert not is_scratch(Room(64_000).empty((1001,), np.uint8))
    assert not is_scratch(IN_MEMORY.zeros((10**6,), np.uint8))
    assert not room.zeros((5000,), np.uint8).any()


def test_two_small_arrays_are_one_piece_of_memory_and_large_ones_are_not(
    tmp_path, monkeypatch
):
    first, second = IN_MEMORY.empty_pair((3, 1000), np.uint8)
    assert first.shape == second.shape == (3, 1000)
    assert first.base is second.base
    assert not np.shares_memory(first, second)
    first, second = IN_MEMORY.empty_pair((2**24 + 1,), np.uint8)
    assert first.base is not second.base
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", str(tmp_path))
    room = Room(64_000, on_disk=True)
    assert all(is_scratch(array) for array in room.empty_pair((1001,), np.uint8))


@pytest.mark.parametrize("most", [1, 2, 8])
def test_bands_fit_the_budget(most):
    budget = 2 * 10**9
    room = Room.within(SERIES, budget)
    n_threads, rows = room.n_threads(SERIES, most), room.rows_per_band(SERIES, most)

    def size(n_rows):
        return 200 * 10 * (2048 * n_rows * 8 + 2 * 2**16)

    assert n_threads == min(most, 3)
    assert n_threads * size(rows) <= budget / 2
    assert n_threads * size(rows + 1) > budget / 2 or rows == 64


def test_bands_of_usual_exposures_are_as_large_as_ever():
    shape = (1, 10, 2048, 2048)
    assert Room.within(shape, 2 * 10**9).rows_per_band(shape, 2) == 64
    assert IN_MEMORY.rows_per_band(SERIES, 2) == 64
    assert IN_MEMORY.n_threads(SERIES, 16) == 16


def test_a_band_has_a_row_however_small_the_budget():
    room = Room.within(SERIES, 1)
    assert (room.rows_per_band(SERIES, 8), room.n_threads(SERIES, 8)) == (1, 1)


def test_what_works_from_disk_is_told_with_sizes(monkeypatch):
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", "/scratch")
    text = Room.within(SERIES, 2 * 10**9).sentence("x.fits", SERIES)
    assert "x.fits holds 5.24 GB" in text
    assert "memory budget of 2 GB" in text
    assert "in /scratch (5.24 GB, and 2.23 GB for each run)" in text
    assert Room.within(SERIES, 20 * 10**9).sentence("x.fits", SERIES) == ""
