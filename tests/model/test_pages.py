import errno
import gc
import mmap
import subprocess
import sys
import threading

import numpy as np
import pytest

from rampviewer.model.memory import pages

LARGE = (3, pages.PAGE // 4)


@pytest.fixture(autouse=True)
def _nothing_kept():
    pages._kept.clear()
    yield
    pages._kept.clear()


def _address(array):
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint32, np.float32, np.bool_])
def test_an_array_is_as_numpy_makes_it(dtype):
    array = pages.empty((7, 1024, 1000), dtype)
    assert array.shape == (7, 1024, 1000)
    assert array.dtype == dtype
    assert array.flags.c_contiguous
    assert array.flags.writeable
    array[...] = 1
    assert (array == 1).all()


def test_arrays_in_use_share_no_memory():
    arrays = [pages.empty(LARGE, np.float32) for _ in range(4)]
    for number, array in enumerate(arrays):
        array[...] = number
    assert [float(array.max()) for array in arrays] == [0, 1, 2, 3]


def test_the_pages_of_an_array_go_to_the_next_one_of_its_size():
    first = pages.empty(LARGE, np.float32)
    address = _address(first)
    other = pages.empty((*LARGE, 2), np.float32)
    del first
    assert _address(other) != address
    assert _address(pages.empty((LARGE[1], LARGE[0]), np.uint32)) == address


def test_pages_stay_in_use_as_long_as_a_part_of_the_array():
    first = pages.empty(LARGE, np.float32)
    part = first[1:].view(np.uint32)
    address = _address(first)
    del first
    other = pages.empty(LARGE, np.float32)
    assert _address(other) != address
    del part
    assert _address(pages.empty(LARGE, np.float32)) == address


def test_no_more_is_kept_than_is_said(monkeypatch):
    monkeypatch.setattr(pages, "MOST_KEPT", 2 * pages.PAGE)
    arrays = [pages.empty((pages.PAGE,), np.uint8) for _ in range(5)]
    del arrays
    assert sum(map(len, pages._kept)) == 2 * pages.PAGE
    large = pages.empty((3 * pages.PAGE,), np.uint8)
    del large
    assert sum(map(len, pages._kept)) <= 2 * pages.PAGE


def test_small_arrays_are_left_to_numpy():
    small = pages.empty((pages.PAGE - 1,), np.uint8)
    assert small.base is None


def test_threads_never_get_the_same_pages():
    wrong = []

    def work(number):
        for _ in range(200):
            array = pages.empty((pages.PAGE,), np.uint8)
            array[::4096] = number
            if (array[::4096] != number).any():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_collector_at_work_meanwhile_does_no_harm():
    class Cycle:
        def __init__(self):
            self.me, self.array = self, pages.empty((pages.PAGE,), np.uint8)

    several = [pages.empty((pages.PAGE,), np.uint8) for _ in range(30)]
    del several
    usual = gc.get_threshold()
    gc.set_threshold(1, 1, 1)
    try:
        for _ in range(100):
            Cycle()
            pages.empty((pages.PAGE,), np.uint8)
    finally:
        gc.set_threshold(*usual)


class _Refusing(mmap.mmap):
    def madvise(self, *_):
        raise OSError(errno.EINVAL, "Invalid argument")


def test_a_system_need_not_take_any_advice(monkeypatch):
    monkeypatch.setattr(pages.mmap, "mmap", _Refusing)
    first = pages.empty(LARGE, np.float32)
    address = _address(first)
    del first
    assert _address(pages.empty(LARGE, np.float32)) == address


def test_too_little_memory_is_said_as_numpy_says_it():
    with pytest.raises(MemoryError):
        pages.empty((2**55,), np.uint8)


def test_an_array_too_large_to_be_kept_leaves_the_others(monkeypatch):
    monkeypatch.setattr(pages, "MOST_KEPT", 2 * pages.PAGE)
    small = pages.empty((pages.PAGE,), np.uint8)
    del small
    large = pages.empty((3 * pages.PAGE,), np.uint8)
    del large
    assert list(map(len, pages._kept)) == [pages.PAGE]


def test_pages_that_are_made_ready_are_those_of_the_next_array():
    pages._kept.clear()
    pages.make_ready(LARGE, np.float32)
    assert len(pages._kept) == 1
    pages.empty(LARGE, np.float32)[...] = 1
    assert len(pages._kept) == 1  # back again: no others were taken


AT_THE_END = """
import numpy
from rampviewer.model.memory import pages
numpy.held = pages.empty((3, pages.PAGE // 4), "f4")  # longer than the module's own names
"""


def test_pages_in_use_at_the_end_of_python_say_nothing():
    done = subprocess.run(
        [sys.executable, "-c", AT_THE_END], check=True, capture_output=True, text=True
    )
    assert done.stderr == ""
