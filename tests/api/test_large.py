"""Exposures too large for their memory budget: the same results, from scratch files."""

import shutil
from dataclasses import fields, replace
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

import rampviewer as rv
from rampviewer.io import provenance
from rampviewer.model.errors import CancelledError
from rampviewer.model.memory.scratch import is_scratch
from tests.exposure_files import simulated_exposure, with_jump_flags, write_exposure

TINY = 1000  # [byte]
CLIP = {"minimum_sigclip_groups": 3}
RECIPES = {
    "iterative": {},
    "sigma clip": {"jump": rv.JumpParameters(**CLIP)},
    "large events": {
        "jump": rv.JumpParameters(expand_large_events=True, find_showers=True)
    },
    "likelihood": {"fit": rv.RampFitParameters(algorithm="LIKELY")},
    "fresh": {"delivered_jumps": "drop"},
}


class FixedTime(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return an exposure of 4 integrations with delivered jumps and unusable groups."""
    exposure = with_jump_flags(simulated_exposure(size=70, n_groups=6, n_ints=4))
    groupdq = exposure.groupdq.copy()
    groupdq[:, 0] |= 1
    exposure = replace(exposure, groupdq=groupdq)
    return write_exposure(tmp_path_factory.mktemp("series"), exposure)


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", str(folder))
    monkeypatch.setattr(provenance, "datetime", FixedTime)
    yield folder
    assert list(folder.iterdir()) == []


def read(files, memory_budget=None, **options):
    return rv.open(
        files.ramp, files.gain, files.readnoise, memory_budget=memory_budget, **options
    )


def arrays_of(result):
    run = result.run
    for planes in (run.rate, run.rateints, run.diagnostics):
        for item in fields(planes):
            yield item.name, getattr(planes, item.name)
    yield "jump_bits", run.jump_bits
    yield "n_jumps", run.n_jumps


@pytest.mark.parametrize("name", RECIPES)
def test_results_and_products_are_the_same_in_every_bit(files, scratch, tmp_path, name):
    written = {}
    for folder, budget in (("memory", None), ("disk", TINY)):
        result = rv.process(read(files, budget), **RECIPES[name])
        written[folder] = result, result.save(tmp_path / folder, save_opt=True)
    (in_memory, expected), (on_disk, paths) = written["memory"], written["disk"]
    assert is_scratch(on_disk.exposure.sci)
    assert is_scratch(on_disk.run.jump_bits)
    assert is_scratch(on_disk.run.rateints.slope)
    assert not is_scratch(in_memory.run.rateints.slope)
    for (key, one), (_, other) in zip(
        arrays_of(in_memory), arrays_of(on_disk), strict=True
    ):
        np.testing.assert_array_equal(one, other, err_msg=key)
    np.testing.assert_array_equal(on_disk.jumps.groupdq, in_memory.jumps.groupdq)
    assert len(paths) == 4
    for one, other in zip(expected, paths, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert str(rv.explain(on_disk, 20, 30)) == str(rv.explain(in_memory, 20, 30))


def test_groups_of_miri_are_trimmed_alike(files, scratch):
    results = [
        rv.process(replace(read(files, budget), instrument="MIRI"))
        for budget in (None, TINY)
    ]
    for (key, one), (_, other) in zip(*map(arrays_of, results), strict=True):
        np.testing.assert_array_equal(one, other, err_msg=key)


def test_two_groups_lose_their_delivered_jumps_alike(tmp_path, scratch):
    exposure = with_jump_flags(simulated_exposure(size=64, n_groups=2, n_ints=3))
    files = write_exposure(tmp_path / "short", exposure)
    bits = [
        rv.process(read(files, budget), delivered_jumps="drop").run.jump_bits
        for budget in (None, TINY)
    ]
    assert is_scratch(bits[1])
    assert not bits[0].any()
    np.testing.assert_array_equal(*bits)


def test_sizes_are_announced_before_anything_is_read(files, scratch):
    events = []
    read(files, TINY, announce=events.append, progress=lambda *n: events.append(n))
    text, *counts = events
    assert "sim_ramp.fits holds 588 kB, more than the memory budget of 1 kB" in text
    assert str(scratch) in text
    assert counts == sorted(counts)
    assert counts[-1][0] == counts[-1][1] == 5 * 4 * 6 * 70 * 70


def test_nothing_is_announced_where_memory_suffices(files, scratch):
    said = []
    assert not is_scratch(read(files, "1GB", announce=said.append).sci)
    assert said == []


@pytest.mark.parametrize("part", ["reading", "processing", "writing"])
def test_each_part_of_the_work_can_be_cancelled(files, scratch, tmp_path, part):
    def cancel(_done, _total):
        raise CancelledError

    progress = {part: cancel}
    out = tmp_path / "out"
    with pytest.raises(CancelledError):  # noqa: PT012 - any of the three may raise it
        options = {"progress": progress["reading"]} if "reading" in progress else {}
        exposure = read(files, TINY, **options)
        options = {"progress": progress["processing"]} if "processing" in progress else {}
        result = rv.process(exposure, **options)
        result.save(out, progress=progress["writing"])
    assert not out.exists() or list(out.iterdir()) == []


def test_a_full_scratch_disk_is_told_in_one_sentence(files, scratch, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5000))
    with pytest.raises(OSError, match="has 5 kB free, but the work needs a scratch file"):
        read(files, TINY)


def test_a_budget_that_is_none_is_refused(files):
    with pytest.raises(ValueError, match="a size such as 4GB"):
        read(files, "plenty")
