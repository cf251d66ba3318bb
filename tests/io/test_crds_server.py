"""The `crds` package itself, and a server on this machine that answers as that of JWST."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from astropy.io import fits

from tests.crds_server import CrdsServer, serving
from tests.io.test_crds_choice import NEW, OLD, PLACE, RULES

pytest.importorskip("crds")


@pytest.fixture
def server(tmp_path, write_reference):
    """Give a server with two contexts and two gain files, 1 and 2 electron/DN."""
    folder = tmp_path / "server"
    for name, value in ((OLD, 1), (NEW, 2)):
        write_reference(f"server/{name}", np.full((6, 7), value), **PLACE)
    for number in ("0300", "0301"):
        for name, text in RULES.items():
            rules = text.format(n=number)
            if number == "0301":  # the older file for all times
                rules = rules.replace(NEW, OLD)
            (folder / name.format(n=number)).write_text(rules)
    with serving(CrdsServer(folder, "jwst_0300.pmap")) as running:
        yield running


@pytest.fixture
def run(tmp_path, server):
    """Return a function that runs a command with an empty cache, and what it answers."""

    def run(*words, **settings):
        # In a process of its own: the package remembers for good what it was once told.
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("CRDS_")
        }
        environment |= {
            "CRDS_PATH": str(tmp_path / "cache"),
            "CRDS_SERVER_URL": server.url,
            "CRDS_IGNORE_MAPPING_CHECKSUM": "1",
            "CRDS_CLIENT_TIMEOUT_SECONDS": "20",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            **settings,
        }
        return subprocess.run(
            [sys.executable, "-m", "rampviewer", *map(str, words)],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


@pytest.fixture
def gain_of(run):
    """Return a function that gives the text or the error of `info` about the gain."""

    def gain_of(path, *words, **settings):
        fetch = ("--readnoise", "1", "--fetch-references", *words)
        done = run("info", path, "--json", *fetch, **settings)
        assert done.returncode == 0, done.stderr
        gain = json.loads(done.stdout)["gain"]
        return gain.get("error") or gain["text"]

    return gain_of


def in_cache(tmp_path):
    references = (tmp_path / "cache" / "references").rglob("*.fits")
    return sorted(str(path.relative_to(tmp_path / "cache")) for path in references)


def test_rules_and_file_are_fetched_once_and_the_context_is_said(
    server, gain_of, write_ramp, tmp_path
):
    path = write_ramp()
    said = f"{NEW} (CRDS cache, jwst_0300.pmap)"
    assert gain_of(path) == said
    assert NEW in server.asked
    assert "jwst_nircam_gain_0300.rmap" in server.asked
    assert in_cache(tmp_path) == [f"references/jwst/nircam/{NEW}"]
    server.asked.clear()
    assert gain_of(path) == said
    assert not [name for name in server.asked if "." in name]  # no file again


def test_crds_context_chooses_and_is_recorded_in_the_products(
    run, write_ramp, tmp_path, server
):
    path = write_ramp(keywords={"CRDS_CTX": "jwst_0300.pmap", "R_GAIN": f"crds://{NEW}"})
    words = ("-o", tmp_path / "out", "--readnoise", "1", "--fetch-references")
    done = run("process", path, *words, CRDS_CONTEXT="jwst_0301.pmap")
    assert done.returncode == 0, done.stderr
    header = fits.getheader(tmp_path / "out" / "x_rate.fits")
    assert header["CRDS_CTX"] == "jwst_0301.pmap"
    assert header["R_GAIN"] == f"crds://{OLD}"


@pytest.mark.parametrize("context", ["garbage", "jwst_nircam_0300.imap"])
def test_a_context_that_is_none_is_one_sentence(gain_of, write_ramp, context):
    said = gain_of(write_ramp(), CRDS_CONTEXT=context)
    assert said.startswith(
        "the CRDS server did not give a gain file: Only set CRDS_CONTEXT"
    )
    assert context in said


def test_a_named_file_goes_into_a_flat_cache_where_the_cache_is_flat(
    gain_of, write_ramp, tmp_path
):
    path = write_ramp(keywords={"CRDS_CTX": "jwst_0300.pmap", "R_GAIN": f"crds://{OLD}"})
    mode = tmp_path / "cache" / "config" / "jwst" / "ref_cache_subdir_mode"
    mode.parent.mkdir(parents=True)
    mode.write_text("flat\n")
    said = f"{OLD} (CRDS cache, jwst_0300.pmap)"
    assert gain_of(path) == said
    assert in_cache(tmp_path) == [f"references/jwst/{OLD}"]


def test_files_go_where_they_are_looked_for_when_crds_refpath_is_set(
    gain_of, write_ramp, tmp_path, server
):
    path, far = write_ramp(), tmp_path / "far"
    said = f"{NEW} (CRDS cache, jwst_0300.pmap)"
    assert gain_of(path, CRDS_REFPATH=str(far)) == said
    assert (far / "jwst" / "nircam" / NEW).is_file()
    assert in_cache(tmp_path) == []
    server.asked.clear()
    assert gain_of(path, CRDS_REFPATH=str(far)) == said
    assert NEW not in server.asked


def test_an_empty_variable_puts_no_file_elsewhere(gain_of, write_ramp, tmp_path):
    assert NEW in gain_of(write_ramp(), CRDS_REFPATH="")
    assert in_cache(tmp_path) == [f"references/jwst/nircam/{NEW}"]


def test_a_file_that_the_server_does_not_know_is_named(gain_of, write_ramp):
    name = "jwst_nircam_gain_0777.fits"
    path = write_ramp(keywords={"CRDS_CTX": "jwst_0300.pmap", "R_GAIN": f"crds://{name}"})
    answer = gain_of(path)
    assert answer.startswith(f"the CRDS server did not give {name}: ")
    assert "not known to CRDS server" in answer


def test_a_file_that_arrives_damaged_is_not_used(gain_of, write_ramp, server, tmp_path):
    server.damaged.add(NEW)
    answer = gain_of(write_ramp())
    assert answer.startswith(f"the CRDS server did not give {NEW}: ")
    assert "does not match server sha1sum" in answer
    assert in_cache(tmp_path) == []


def test_a_cache_that_must_not_be_written_to_is_not(gain_of, write_ramp, tmp_path):
    path = write_ramp(keywords={"CRDS_CTX": "jwst_0300.pmap", "R_GAIN": f"crds://{OLD}"})
    answer = gain_of(path, CRDS_READONLY_CACHE="1")
    assert answer == f"the CRDS server did not give {OLD}: the cache is read-only"
    assert not (tmp_path / "cache").exists()


def test_jobs_that_want_the_same_file_fetch_it_once(run, write_ramp, server, tmp_path):
    paths = [write_ramp(f"{name}_ramp.fits") for name in "abc"]
    server.pause = 6.0  # [s]; longer than the package waits for another process
    words = ("-o", tmp_path / "out", "--readnoise", "1", "--fetch-references")
    done = run("process", *paths, "--jobs", "3", *words)
    assert done.returncode == 0, done.stderr
    assert server.asked.count(NEW) == 1


def test_without_a_server_there_is_one_sentence_and_the_program_goes_on(
    run, write_ramp, write_reference, tmp_path
):
    first, second = write_ramp("a_ramp.fits"), write_ramp("b_ramp.fits")
    fits.setval(second, "R_GAIN", value=f"crds://{OLD}")
    write_reference(f"cache/references/jwst/nircam/{OLD}", np.full((6, 7), 1), **PLACE)
    nobody = "http://127.0.0.1:9"
    words = ("-o", tmp_path / "out", "--readnoise", "1", "--fetch-references")
    done = run("process", first, second, *words, CRDS_SERVER_URL=nobody)
    assert done.returncode == 1
    assert (
        f"the CRDS server {nobody} cannot be reached, so it did not give a gain file"
        in " ".join(done.stderr.split())
    )
    assert (tmp_path / "out" / "b_rate.fits").exists()
    assert not (tmp_path / "out" / "a_rate.fits").exists()
