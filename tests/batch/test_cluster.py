"""A batch on a Dask cluster of real processes."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from rampviewer.batch import cluster as cluster_module
from rampviewer.cli import main
from tests.exposure_files import write_simulated
from tests.foreign_files import ima_ramp, l1_data, write_ima, write_l1

pytest.importorskip("distributed")

CLUSTER = """
import json, sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]
        print(json.dumps({"address": cluster.scheduler_address, "pids": pids}), flush=True)
        sys.stdin.read()
"""


@contextmanager
def running(folder):
    """Start a scheduler and two workers; give its address and the process numbers."""
    script = folder / "cluster.py"
    script.write_text(CLUSTER)
    with subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield {**json.loads(process.stdout.readline()), "own": process.pid}
        process.stdin.close()
        process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with running(tmp_path_factory.mktemp("cluster")) as facts:
        yield facts


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return [
        write_simulated(folder, f"e{i}_ramp.fits", n_groups=5, seed=1 + i % 2)
        for i in range(6)
    ]


NUMBERS = ("--gain", "1.8", "--readnoise", "9")


def batch(files, out, *words, given=()):
    ramps = [str(exposure.ramp) for exposure in files]
    first = files[0]
    given = given or (
        "--override-gain",
        first.gain,
        "--override-readnoise",
        first.readnoise,
    )
    command = [sys.executable, "-m", "rampviewer", "process", *ramps, *given, "-o", out]
    return subprocess.Popen(
        [*map(str, command), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_bad_file_is_reported_and_others_of_any_telescope_go_on(cluster, files, tmp_path):
    bad = tmp_path / "bad_ramp.fits"
    bad.write_text("no FITS")
    ramp = ima_ramp(n_reads=6)
    others = [
        write_ima(tmp_path / "y_ima.fits", ramp, tuple(0.5 * k for k in range(6))),
        write_l1(tmp_path / "r01_wfi07_uncal.asdf", l1_data()),
    ]
    words = ("--scheduler", cluster["address"], "--json", str(bad), *map(str, others))
    with batch(files[:1], tmp_path / "out", *words, given=NUMBERS) as process:
        said, errors = process.communicate()
    assert process.returncode == 1
    assert "bad_ramp.fits" in errors
    found = {line["path"]: line for line in map(json.loads, said.splitlines())}
    assert found.pop(str(bad))["state"] == "failed"
    assert found.keys() == {str(path) for path in (files[0].ramp, *others)}
    for line in found.values():
        assert line["state"] == "done"
        assert len(line["products"]) == 3


# The last on this cluster: it kills one of its workers.
def test_every_exposure_is_done_once_though_a_worker_is_killed(cluster, files, tmp_path):
    out = tmp_path / "out"
    words = ("--scheduler", cluster["address"], "--overwrite")
    with batch(files, out, *words) as process:
        first = process.stdout.readline().strip()
        assert first, process.stderr.read()
        before = Path(first).stat()
        os.kill(cluster["pids"][0], signal.SIGKILL)
        said, errors = process.stdout.read(), process.stderr.read()
    assert process.returncode == 0, errors
    assert "6 exposures: 6 processed" in errors
    products = [first, *said.split()]
    assert len(products) == len(set(products)) == 18
    kinds = ("jump", "rate", "rateints")
    wanted = {str(out / f"e{i}_{kind}.fits") for i in range(6) for kind in kinds}
    assert set(products) == wanted
    assert Path(first).stat().st_ino == before.st_ino
    assert Path(first).stat().st_mtime_ns == before.st_mtime_ns


def test_a_cluster_that_is_lost_fails_what_it_had_not_finished(files, tmp_path):
    out = tmp_path / "out"
    with running(tmp_path) as cluster:
        stopped, other = cluster["pids"]
        os.kill(stopped, signal.SIGSTOP)  # what it is given is never finished
        words = ("--scheduler", cluster["address"], "--json")
        with batch(files, out, *words) as process:
            first = process.stdout.readline()
            for pid in (cluster["own"], stopped, other):
                os.kill(pid, signal.SIGKILL)
            said, errors = process.stdout.read(), process.stderr.read()
    assert process.returncode == 1
    outcomes = [json.loads(line) for line in (first, *said.splitlines())]
    assert {line["path"] for line in outcomes} == {str(own.ramp) for own in files}
    lost = [line for line in outcomes if line["state"] == "failed"]
    assert 0 < len(lost) < len(files)
    for line in lost:
        assert "the connection to the Dask scheduler was lost" in line["reason"]
    assert "Traceback" not in errors
    assert f"6 exposures: {6 - len(lost)} processed, {len(lost)} failed" in errors


def test_without_a_scheduler_one_sentence_says_so(files, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster_module, "TIMEOUT", 1)
    words = ["--gain", "2", "--readnoise", "9", "-o", str(tmp_path)]
    address = "tcp://127.0.0.1:1"
    assert main(["process", str(files[0].ramp), *words, "--scheduler", address]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert f"no Dask scheduler answers at {address}" in said.err
