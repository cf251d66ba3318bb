import errno
import math
import os
import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest

from rampviewer.model.memory import scratch
from rampviewer.model.memory.scratch import (
    BLOCK,
    blocks,
    expect,
    is_scratch,
    release,
    scratch_array,
    size_text,
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("written", [True, False])
def test_values_outlive_the_release_of_their_pages(folder, written):
    array = scratch_array((3, 4, 5), np.float32, written=written)
    assert not array.any()
    array[...] = np.arange(60).reshape(3, 4, 5)
    release(array[1], np.zeros(3), None)
    np.testing.assert_array_equal(array, np.arange(60).reshape(3, 4, 5))


@pytest.mark.parametrize("part", [np.s_[1], np.s_[:, 300:400], np.s_[0, 700:], np.s_[:0]])
def test_what_is_expected_stays_as_it_is(folder, part):
    array = scratch_array((3, 1000, 500), np.float32)
    array[...] = np.arange(array.size).reshape(array.shape)
    release(array)
    expect(array[part], np.zeros((2, 3)), None)
    np.testing.assert_array_equal(array.ravel(), np.arange(array.size))


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells")
@pytest.mark.parametrize("written", [True, False])
def test_rows_of_many_frames_take_the_memory_of_these_rows(folder, written):
    array = scratch_array((200, 64, 2048), np.float32, written=written)  # 105 MB
    array[...] = 1
    release(array)
    before = resident()
    assert array[:, 8:12].sum() == 200 * 4 * 2048  # 6.6 MB
    assert resident() - before < 40e6
    release(array)
    assert resident() - before < 5e6


def resident():
    """Return the memory that is taken by pages of files [byte]."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (size,) = (line.split()[1] for line in lines if line.startswith("RssFile"))
    return 1024 * int(size)


def test_views_know_that_they_live_in_a_file(folder):
    array = scratch_array((4, 6), np.uint8)
    assert is_scratch(array.reshape(-1)[3:].view(np.uint8))
    assert not is_scratch(array.copy())
    assert array.flags.c_contiguous
    assert array.flags.writeable


@pytest.mark.skipif(os.name != "posix", reason="the file has a name while it is used")
def test_no_file_can_be_left_behind(folder):
    array = scratch_array((10,), np.float32)
    assert list(folder.iterdir()) == []
    assert array.size == 10


def test_a_file_is_emptied_on_a_thread_of_its_own(folder, monkeypatch):
    emptied, threads = Event(), []

    def empty(file, size):
        if size == 0 and os.fstat(file).st_size == 4 * 1003:  # else of another test
            threads.append(threading.get_ident())
            emptied.set()

    monkeypatch.setattr(scratch.os, "ftruncate", empty)
    array = scratch_array((1003,), np.float32)
    view = array[10:]
    del array
    assert not threads
    del view
    assert emptied.wait(60)
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux tells")
def test_nothing_is_left_of_a_file_that_nobody_needs(folder):
    arrays = [scratch_array((1000,), np.float32) for _ in range(3)]
    assert files_in(folder) > 0
    arrays.clear()
    end = time.monotonic() + 60
    while files_in(folder):
        assert time.monotonic() < end


def files_in(folder):
    """Return how many files that lie, or lay, in a folder this process has open."""
    names = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(str(link.readlink()))
    return sum(name.startswith(str(folder)) for name in names)


def test_a_disk_without_room_is_told_with_sizes(folder, monkeypatch):
    usage = SimpleNamespace(free=2_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(OSError, match=r"2 MB free.* 4 MB .*RAMPVIEWER_SCRATCH") as caught:
        scratch_array((1000, 1000), np.float32)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_disk_that_fills_up_meanwhile_is_told_alike(folder, monkeypatch):
    def full(_file, _n_bytes, _written):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(scratch, "_reserve", full)
    with pytest.raises(OSError, match=r"free, but the work needs .* 4 kB there"):
        scratch_array((1000,), np.float32)


def test_a_folder_that_cannot_be_used_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", str(tmp_path / "nowhere"))
    with pytest.raises(OSError, match=r"nowhere cannot take scratch files \(No such file"):
        scratch_array((10,), np.float32)


def test_the_folder_may_be_chosen(monkeypatch):
    monkeypatch.setenv("TMPDIR", "/b")
    assert str(scratch.scratch_folder()) == "/b"
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", "/a")
    assert str(scratch.scratch_folder()) == "/a"


@pytest.mark.parametrize(
    "shape",
    [
        (200, 10, 256, 2048),
        (1, 10, 2048, 2048),
        (3, 70, 1024, 1024),
        (50, 4, 3),
        (7, 1, 6000, 6000),
        (5, 6),
    ],
)
def test_blocks_follow_each_other_and_cut_no_frame(shape):
    numbers = np.arange(math.prod(shape[:-2])).reshape(shape[:-2])
    frame = 4 * math.prod(shape[-2:])
    seen = []
    for index in blocks(shape, 4):
        part = np.atleast_1d(numbers[index] if numbers.ndim else numbers)
        seen.extend(part.ravel().tolist())
        assert part.size * frame <= max(BLOCK, frame)
    assert seen == list(range(numbers.size))


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [(5_242_880_000, "5.24 GB"), (950_000_000, "0.95 GB"), (12, "12 bytes"), (2e3, "2 kB")],
)
def test_sizes_are_said_with_their_unit(n_bytes, text):
    assert size_text(n_bytes) == text
