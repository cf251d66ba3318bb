import os
import signal
from dataclasses import replace
from multiprocessing import active_children

import pytest
from astropy.io import fits

from rampviewer.batch.pool import process_side_by_side


class Audience:
    """Notes what it hears, and may act on it."""

    def __init__(self, act=lambda seat, part: None, at_begin=lambda path: None):
        self.heard, self.act, self.at_begin = [], act, at_begin

    def begin(self, seat, path):
        self.heard.append(("begin", seat, path.name))
        self.at_begin(path)

    def advance(self, seat, part, done, total):
        assert 0 <= done <= total
        self.heard.append((part, seat))
        self.act(seat, part)

    def note(self, seat, text):
        self.heard.append(("note", seat, text))

    def end(self, seat):
        self.heard.append(("end", seat))


def paths_of(exposures):
    return [exposure.ramp for exposure in exposures]


def test_every_exposure_is_processed_once_by_two_jobs_though_a_file_is_bad(
    exposures, order, tmp_path
):
    audience, bad = Audience(), tmp_path / "bad_ramp.fits"
    bad.write_text("no FITS")
    paths = [bad, *paths_of(exposures)]
    ended = list(process_side_by_side(paths, order, 2, audience))
    assert sorted(outcome.path for outcome in ended) == sorted(paths)
    (failed,) = [outcome for outcome in ended if outcome.path == bad]
    assert failed.state == "failed"
    assert "bad_ramp.fits" in failed.reason
    done = [outcome for outcome in ended if outcome.path != bad]
    assert {outcome.state for outcome in done} == {"done"}
    assert all(product.exists() for outcome in done for product in outcome.products)
    assert len({product for outcome in done for product in outcome.products}) == 9
    begun = [words for words in audience.heard if words[0] == "begin"]
    assert sorted(name for _, _, name in begun) == sorted(path.name for path in paths)
    assert {seat for _, seat, _ in begun} == {0, 1}
    assert {"reading", "processing", "writing"} <= {words[0] for words in audience.heard}
    assert audience.heard[-1][0] == "end"


def test_a_process_that_dies_costs_its_exposure_alone(exposures, order):
    died = []

    def kill(seat, part):
        if not died:
            died.append(active_children()[0].pid)
            os.kill(died[0], signal.SIGKILL)

    paths = paths_of(exposures)
    ended = list(process_side_by_side(paths, order, 1, Audience(kill)))
    assert died
    assert [outcome.state for outcome in ended] == ["failed", "done", "done"]
    assert ended[0].path == paths[0]
    assert "SIGKILL" in ended[0].reason
    assert str(paths[0]) in ended[0].reason


def test_a_process_that_dies_with_nothing_to_do_costs_nothing(exposures, order):
    paths, killed = paths_of(exposures), []

    def kill(path):
        if path in paths[:2]:  # which it was not given yet
            (idle,) = active_children()
            idle.kill()
            idle.join()
            killed.append(idle.pid)

    ended = list(process_side_by_side(paths, order, 1, Audience(at_begin=kill)))
    assert len(set(killed)) == 2
    assert [(outcome.path, outcome.state) for outcome in ended] == [
        (path, "done") for path in paths
    ]
    assert not active_children()


def test_processes_that_cannot_live_fail_every_exposure_with_the_reason(
    exposures, order, monkeypatch
):
    paths = paths_of(exposures)
    monkeypatch.setattr("rampviewer.batch.pool._work", print)  # ends at once
    ended = list(process_side_by_side(paths, order, 2, Audience()))
    assert sorted(outcome.path for outcome in ended) == paths
    assert {outcome.state for outcome in ended} == {"failed"}
    assert all("its process ended with code 0" in outcome.reason for outcome in ended)


def test_jobs_share_threads_and_memory(order):
    share = replace(order, n_threads=None, memory_budget=800).shared_by(4, 8)
    assert (share.n_threads, share.memory_budget) == (2, 200)
    assert replace(order, n_threads=2).shared_by(4, 8).n_threads == 1


def test_stopping_in_between_leaves_no_process_and_no_half_file(exposures, order):
    class EnoughError(Exception):
        pass

    def stop(seat, part):
        if part == "writing":
            raise EnoughError

    with pytest.raises(EnoughError):
        list(process_side_by_side(paths_of(exposures), order, 2, Audience(stop)))
    assert not active_children()
    folder = order.directory
    left = [*folder.iterdir()] if folder.exists() else []
    assert not [path for path in left if path.suffix == ".part"]
    for path in left:
        fits.getdata(path)
