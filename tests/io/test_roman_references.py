"""References of Roman in a CRDS cache: the same rules as for JWST, in Roman's words."""

import json
import os
import subprocess
import sys

import asdf
import numpy as np
import pytest
from astropy.io import fits

from rampviewer.cli import main
from rampviewer.io.observatory import ROMAN
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.model.errors import MissingReferenceError
from tests.crds_server import CrdsServer, serving
from tests.foreign_files import l1_data, l1_meta, write_l1

KINDS = ("gain", "readnoise", "saturation")
PARKEYS = {  # as the specifications in the package have them
    "gain": ("DETECTOR",),
    "readnoise": ("DETECTOR", "TYPE"),
    "saturation": ("DETECTOR",),
}
PMAP = """header = {{
    'mapping': 'PIPELINE', 'observatory': 'ROMAN', 'name': 'roman_{n}.pmap',
    'derived_from': 'none', 'sha1sum': '0', 'parkey': ('ROMAN.META.INSTRUMENT.NAME',),
}}
selector = {{'WFI': 'roman_wfi_{n}.imap'}}
"""
IMAP = """header = {{
    'mapping': 'INSTRUMENT', 'observatory': 'ROMAN', 'instrument': 'WFI',
    'name': 'roman_wfi_{n}.imap', 'derived_from': 'none', 'sha1sum': '0',
    'parkey': ('ROMAN.META.REFTYPE',),
}}
selector = {{
    'GAIN': 'roman_wfi_gain_{n}.rmap',
    'READNOISE': 'roman_wfi_readnoise_{n}.rmap',
    'SATURATION': 'roman_wfi_saturation_{n}.rmap',
}}
"""
RMAP = """header = {{
    'mapping': 'REFERENCE', 'observatory': 'ROMAN', 'instrument': 'WFI',
    'filekind': '{upper}', 'name': 'roman_wfi_{kind}_{n}.rmap', 'derived_from': 'none',
    'sha1sum': '0', 'classes': ('Match', 'UseAfter'),
    'parkey': ({parkey}, ('ROMAN.META.EXPOSURE.START_TIME',)),
}}
selector = Match({{
    {match}: UseAfter({{
        '2020-01-01 00:00:00': 'roman_wfi_{kind}_0001.asdf',
        '2027-03-01 10:00:00': 'roman_wfi_{kind}_0002.asdf',
    }}),
}})
"""


def write_rules(folder, number):
    """Write rules by which the second file holds since ten o'clock."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"roman_{number}.pmap": PMAP, f"roman_wfi_{number}.imap": IMAP}
    words = {"n": number}
    for name, text in texts.items():
        (folder / name).write_text(text.format(**words))
    place = {"DETECTOR": "INSTRUMENT.DETECTOR", "TYPE": "EXPOSURE.TYPE"}
    values = {"DETECTOR": "WFI07", "TYPE": "WFI_IMAGE|WFI_GRISM"}
    for kind, keys in PARKEYS.items():
        text = RMAP.format(
            kind=kind,
            upper=kind.upper(),
            n=number,
            parkey=tuple(f"ROMAN.META.{place[key]}" for key in keys),
            match=tuple(values[key] for key in keys),
        )
        (folder / f"roman_wfi_{kind}_{number}.rmap").write_text(text)
    return f"roman_{number}.pmap"


def write_references(folder):
    """Write two files of each kind, the second with values ten times as large."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, value in (("gain", 1.9), ("readnoise", 5.0), ("saturation", 5250.0)):
        for number in (1, 2):
            data = np.full((16, 20), value * 10 ** (number - 1), np.float32)
            tree = {"meta": {"reftype": kind.upper()}, "data": data}
            name = f"roman_wfi_{kind}_{number:04d}.asdf"
            asdf.AsdfFile({"roman": tree}).write_to(folder / name)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Return a cache with folders for instruments."""
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "cache"))
    monkeypatch.setenv("CRDS_IGNORE_MAPPING_CHECKSUM", "1")
    write_references(tmp_path / "cache" / "references" / "roman" / "wfi")
    return tmp_path / "cache"


@pytest.fixture
def context(cache, monkeypatch):
    """Set CRDS_CONTEXT to a context in the cache."""
    pytest.importorskip("crds")
    name = write_rules(cache / "mappings" / "roman", "0400")
    monkeypatch.setenv("CRDS_CONTEXT", name)
    return name


def l1(tmp_path, *, detector="WFI07", ref_file=None, **exposure):
    meta = l1_meta(**exposure)
    meta["instrument"]["detector"] = detector
    if ref_file is not None:
        meta["ref_file"] = ref_file
    return write_l1(tmp_path / "r1_wfi07_uncal.asdf", l1_data(), meta=meta)


@pytest.mark.parametrize("layout", ["instrument", "flat"])
def test_rules_choose_all_three_in_both_layouts(tmp_path, cache, context, layout):
    if layout == "flat":
        folder = cache / "references" / "roman"
        for path in list((folder / "wfi").iterdir()):
            path.rename(folder / path.name)
    exposure = read_exposure(l1(tmp_path))
    assert (exposure.gain == 19).all()
    np.testing.assert_allclose(exposure.readnoise, 50 * 2**0.5, rtol=1e-6)
    level = exposure.saturation_reference
    said = [
        str(one) for one in (exposure.gain_reference, exposure.readnoise_reference, level)
    ]
    assert said == [f"roman_wfi_{kind}_0002.asdf (CRDS cache, {context})" for kind in KINDS]


@pytest.mark.parametrize(
    ("start", "gain"),
    [
        ("2027-03-01T09:59:59.000", 1.9),
        ("2027-03-01T10:00:01.000", 19),
        ("2027-03-01 10:00:01.000", 19),
    ],
)
def test_rules_look_at_the_time_of_the_exposure(tmp_path, context, start, gain):
    exposure = read_exposure(l1(tmp_path, start_time=start))
    assert (exposure.gain == np.float32(gain)).all()


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [({"detector": "WFI01"}, "gain"), ({"type": "WFI_DARK"}, "readnoise")],
)
def test_rules_look_at_detector_and_type(tmp_path, context, changed, lacks):
    with pytest.raises(MissingReferenceError, match=f"{context} choose no {lacks} file"):
        read_exposure(l1(tmp_path, **changed))


def test_what_the_file_names_counts_without_a_context(tmp_path, cache):
    names = {kind: f"crds://roman_wfi_{kind}_0001.asdf" for kind in KINDS}
    made = {"version": "12.0.0", "context": "roman_0050.pmap"}
    exposure = read_exposure(l1(tmp_path, ref_file={**names, "crds": made}))
    assert (exposure.gain == np.float32(1.9)).all()
    assert exposure.saturation_reference is not None
    assert str(exposure.gain_reference) == (
        "roman_wfi_gain_0001.asdf (CRDS cache, roman_0050.pmap)"
    )


@pytest.mark.parametrize("nothing", ["?", "N/A"])
def test_a_name_that_is_none_is_none(tmp_path, cache, nothing):
    with pytest.raises(MissingReferenceError, match=r"has no gain: .*meta\.ref_file\.gain"):
        read_exposure(l1(tmp_path, ref_file={"gain": nothing}))


def test_a_context_of_jwst_says_nothing_of_roman(tmp_path, cache, monkeypatch):
    monkeypatch.setenv("CRDS_CONTEXT", "jwst_1234.pmap")
    names = {kind: f"crds://roman_wfi_{kind}_0001.asdf" for kind in KINDS}
    exposure = read_exposure(l1(tmp_path, ref_file=names))
    assert (exposure.gain == np.float32(1.9)).all()
    assert not any("jwst_1234" in note for note in exposure.notes)
    with pytest.raises(MissingReferenceError, match=r"jwst_1234\.pmap is that of another"):
        read_exposure(l1(tmp_path))


def test_products_name_files_and_context_and_find_them_again(
    tmp_path, context, write, monkeypatch
):
    paths = write(read_exposure(l1(tmp_path)))
    header = fits.getheader(paths["rate"])
    assert header["CRDS_CTX"] == context
    assert header["R_GAIN"] == "crds://roman_wfi_gain_0002.asdf"
    assert header["R_SATURA"] == "crds://roman_wfi_saturation_0002.asdf"
    assert header["R_READNO"] == "crds://roman_wfi_readnoise_0002.asdf"
    monkeypatch.delenv("CRDS_CONTEXT")
    again = read_exposure(paths["jump"])
    assert (again.gain == 19).all()
    np.testing.assert_allclose(again.readnoise, 50 * 2**0.5, rtol=1e-6)


def test_a_batch_needs_no_options(tmp_path, context, capsys):
    words = ["process", str(l1(tmp_path)), "-o", str(tmp_path / "out"), "-q"]
    assert main(words) == main(words) == 0
    assert "its products are newer" in capsys.readouterr().err


def test_rules_are_asked_in_the_words_of_roman():
    header = {"INSTRUME": "WFI", "DETECTOR": "WFI07", "DATE-OBS": "2027-03-01"}
    assert ROMAN.matched(header) == {
        "ROMAN.META.INSTRUMENT.NAME": "WFI",
        "ROMAN.META.INSTRUMENT.DETECTOR": "WFI07",
    }


@pytest.fixture
def server(tmp_path):
    """Give a server of Roman."""
    folder = tmp_path / "server"
    write_references(folder)
    with serving(CrdsServer(folder, write_rules(folder, "0700"))) as running:
        yield running


def test_rules_and_files_are_fetched_with_the_package(tmp_path, server):
    pytest.importorskip("crds")
    path = l1(tmp_path)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CRDS_")}
    environment |= {
        "CRDS_PATH": str(tmp_path / "cache"),
        "CRDS_SERVER_URL": server.url,
        "CRDS_IGNORE_MAPPING_CHECKSUM": "1",
        "CRDS_CONTEXT": "jwst_1234.pmap",  # of another telescope
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    words = ["info", str(path), "--json", "--fetch-references"]
    done = subprocess.run(
        [sys.executable, "-m", "rampviewer", *words],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["gain"]["text"] == "roman_wfi_gain_0002.asdf (CRDS cache, roman_0700.pmap)"
    folder = tmp_path / "cache" / "references" / "roman" / "wfi"
    assert (folder / "roman_wfi_readnoise_0002.asdf").is_file()


TURNING = """
import os, sys
from pathlib import Path
from rampviewer.io.ramp_reader import read_exposure
for server, path in zip(sys.argv[1::2], sys.argv[2::2]):
    os.environ["CRDS_SERVER_URL"] = server
    exposure = read_exposure(path, readnoise=1.0, fetch_references=True)
    print(exposure.gain_reference)
"""


def test_one_process_asks_the_servers_of_both_telescopes(
    tmp_path, server, write_ramp, write_reference
):
    pytest.importorskip("crds")
    from tests.io.test_crds_choice import NEW, PLACE, RULES  # noqa: PLC0415 - one test

    other = tmp_path / "jwst_server"
    write_reference(f"jwst_server/{NEW}", np.full((6, 7), 2), **PLACE)
    for name, text in RULES.items():
        (other / name.format(n="0600")).write_text(text.format(n="0600"))
    with serving(CrdsServer(other, "jwst_0600.pmap")) as jwst:
        turns = (jwst.url, write_ramp(), server.url, l1(tmp_path))
        done = subprocess.run(
            [sys.executable, "-c", TURNING, *map(str, turns)],
            env={
                **os.environ,
                "CRDS_PATH": str(tmp_path / "cache"),
                "CRDS_IGNORE_MAPPING_CHECKSUM": "1",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if "CRDS cache" in line] == [
        f"{NEW} (CRDS cache, jwst_0600.pmap)",
        "roman_wfi_gain_0002.asdf (CRDS cache, roman_0700.pmap)",
    ]
