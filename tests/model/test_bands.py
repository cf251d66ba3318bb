import os
from threading import Event, current_thread

import pytest

from rampviewer.model.errors import CancelledError
from rampviewer.model.runs.bands import bands, cores, kept_threads, over_bands


def test_bands_cover_every_row_once():
    assert bands(130, 64) == [(0, 64), (64, 128), (128, 130)]
    assert bands(0) == []


@pytest.mark.parametrize("n_threads", [1, 2, 5])
def test_every_band_is_worked_on_once(n_threads):
    done = over_bands(lambda start, stop: (start, stop), bands(300, 7), n_threads)
    assert sorted(done) == bands(300, 7)


def test_with_one_thread_the_order_is_kept():
    tasks = [(9, 10), (0, 1), (4, 5)]
    assert list(over_bands(lambda start, _stop: start, tasks, 1)) == [9, 0, 4]


def test_cancelling_ends_the_work_early():
    stop = Event()
    seen = []

    def work(start, _stop):
        seen.append(start)
        stop.set()

    with pytest.raises(CancelledError):
        list(over_bands(work, bands(1000, 1), 1, stop.is_set))
    assert len(seen) <= 2


def test_an_error_in_a_band_reaches_the_caller():
    def work(start, stop):
        raise ZeroDivisionError(start)

    with pytest.raises(ZeroDivisionError):
        list(over_bands(work, bands(10, 5), 2))


def test_threads_are_begun_once_where_they_are_kept():
    names = set()
    with kept_threads():
        for _ in range(20):
            with kept_threads():  # as work within work does
                names.update(over_bands(lambda *_: current_thread().name, bands(8, 1), 2))
    assert len(names) <= 2


def test_work_that_is_given_up_is_over_before_threads_are_used_again():
    begun, go_on = [], Event()

    def work(start, _stop):
        begun.append(start)
        go_on.wait(0.05)
        begun.append("end")

    with kept_threads():
        given_up = over_bands(work, bands(90, 1), 2)
        next(given_up)
        given_up.close()
        seen = list(begun)
        assert list(over_bands(lambda start, _: start, bands(3, 1), 2))
    assert begun == seen
    assert seen.count("end") == len(seen) / 2


@pytest.mark.parametrize("word", ["none", "1", 1, "None"])
def test_one_core(word):
    assert cores(word) == 1


def test_shares_of_the_cores():
    assert cores("all") == (os.cpu_count() or 1)
    assert cores("half") == max(1, (os.cpu_count() or 1) // 2)
    assert cores("100000") == (os.cpu_count() or 1)


@pytest.mark.parametrize("word", ["many", "0", "-1", "1.5", ""])
def test_other_words_are_refused(word):
    with pytest.raises(ValueError, match="maximum_cores must be"):
        cores(word)
