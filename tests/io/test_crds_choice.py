"""Which file of CRDS an exposure gets: by its header, by a context, or from the server."""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from rampviewer.cli import main
from rampviewer.io import crds_package
from rampviewer.io.crds_choice import crds_state
from rampviewer.io.observatory import JWST
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.model.errors import MissingReferenceError

PLACE = {"SUBSTRT1": 11, "SUBSTRT2": 21, "SUBSIZE1": 7, "SUBSIZE2": 6}
OLD, NEW = "jwst_nircam_gain_0001.fits", "jwst_nircam_gain_0002.fits"
MADE = {"CRDS_CTX": "jwst_0100.pmap", "R_GAIN": f"crds://{OLD}"}

# By number of a context; `tests.crds_server` gives them, too.
RULES = {
    "jwst_{n}.pmap": """header = {{
    'mapping': 'PIPELINE', 'observatory': 'JWST', 'name': 'jwst_{n}.pmap',
    'derived_from': 'none', 'sha1sum': '0', 'parkey': ('META.INSTRUMENT.NAME',),
}}
selector = {{'NIRCAM': 'jwst_nircam_{n}.imap'}}
""",
    "jwst_nircam_{n}.imap": """header = {{
    'mapping': 'INSTRUMENT', 'observatory': 'JWST', 'instrument': 'NIRCAM',
    'name': 'jwst_nircam_{n}.imap', 'derived_from': 'none', 'sha1sum': '0',
    'parkey': ('REFTYPE',),
}}
selector = {{'gain': 'jwst_nircam_gain_{n}.rmap'}}
""",
    "jwst_nircam_gain_{n}.rmap": """header = {{
    'mapping': 'REFERENCE', 'observatory': 'JWST', 'instrument': 'NIRCAM',
    'filekind': 'GAIN', 'name': 'jwst_nircam_gain_{n}.rmap', 'derived_from': 'none',
    'sha1sum': '0', 'classes': ('Match', 'UseAfter'),
    'parkey': (('META.INSTRUMENT.DETECTOR',),
               ('META.OBSERVATION.DATE', 'META.OBSERVATION.TIME')),
}}
selector = Match({{
    ('NRCA1',): UseAfter({{
        '2015-01-01 00:00:00': 'jwst_nircam_gain_0001.fits',
        '2023-06-01 00:00:00': 'jwst_nircam_gain_0002.fits',
    }}),
}})
""",
}


@pytest.fixture
def cache(tmp_path, monkeypatch, write_reference):
    """Return a CRDS cache with two gain files, 1 and 2 electron/DN."""
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "cache"))
    for name, value in ((OLD, 1), (NEW, 2)):
        write_reference(
            f"cache/references/jwst/nircam/{name}", np.full((6, 7), value), **PLACE
        )
    return tmp_path / "cache"


@pytest.fixture
def write_rules(cache, monkeypatch):
    """Return a function that puts the rules of a context into the cache."""
    pytest.importorskip("crds")
    monkeypatch.setenv("CRDS_IGNORE_MAPPING_CHECKSUM", "1")
    folder = cache / "mappings" / "jwst"
    folder.mkdir(parents=True)

    def write(number):
        for name, text in RULES.items():
            (folder / name.format(n=number)).write_text(text.format(n=number))
        return f"jwst_{number}.pmap"

    return write


class Server:
    """Stands in for what asks the CRDS server."""

    def __init__(self, cache, monkeypatch):
        self.cache, self.asked = cache, []
        monkeypatch.setattr(crds_package, "is_installed", lambda: True)
        monkeypatch.setattr(crds_package, "fetch_best", self.fetch_best)
        monkeypatch.setattr(crds_package, "fetch_file", self.fetch_file)

    def fetch_best(self, kind, _observatory, header):
        self.asked.append((kind, header["DETECTOR"]))
        return self.give(kind, f"jwst_nircam_{kind}_0009.fits"), "jwst_0900.pmap"

    def fetch_file(self, name, _observatory, context):
        self.asked.append((name, context))
        return self.give("gain", name)

    def give(self, kind, name):
        path = self.cache / "references" / "jwst" / "nircam" / name
        header = fits.Header({**PLACE, "REFTYPE": kind.upper()})
        image = fits.ImageHDU(np.full((6, 7), 9, np.float32), name="SCI")
        fits.HDUList([fits.PrimaryHDU(header=header), image]).writeto(path)
        return path


@pytest.fixture
def server(cache, monkeypatch):
    return Server(cache, monkeypatch)


def test_the_context_of_the_header_is_said_with_the_file_that_it_names(write_ramp, cache):
    exposure = read_exposure(write_ramp(keywords=MADE), readnoise=1)
    assert str(exposure.gain_reference) == f"{OLD} (CRDS cache, jwst_0100.pmap)"


def test_another_context_in_crds_context_chooses_by_its_rules(
    write_ramp, write_rules, monkeypatch
):
    monkeypatch.setenv("CRDS_CONTEXT", write_rules("0201"))
    exposure = read_exposure(write_ramp(keywords=MADE), readnoise=1)
    assert (exposure.gain == 2).all()
    assert exposure.gain_reference.context == "jwst_0201.pmap"
    assert exposure.notes == ()


@pytest.mark.parametrize(("date", "gain"), [("2020-01-01", 1), ("2024-01-01", 2)])
def test_rules_look_at_the_date_of_the_exposure(
    write_ramp, write_rules, monkeypatch, date, gain
):
    monkeypatch.setenv("CRDS_CONTEXT", write_rules("0202"))
    exposure = read_exposure(write_ramp(keywords={"DATE-OBS": date}), readnoise=1)
    assert (exposure.gain == gain).all()


def test_the_context_of_a_file_chooses_what_its_header_does_not_name(
    write_ramp, write_rules
):
    context = write_rules("0203")
    exposure = read_exposure(write_ramp(keywords={"CRDS_CTX": context}), readnoise=1)
    assert (exposure.gain == 2).all()


def test_references_are_where_crds_refpath_says_and_rules_where_crds_mappath(
    write_ramp, write_rules, cache, monkeypatch, tmp_path
):
    context = write_rules("0209")
    (cache / "references").rename(tmp_path / "far")
    (cache / "mappings").rename(tmp_path / "law")
    path = write_ramp(keywords=MADE)
    with pytest.raises(MissingReferenceError, match=f"not in the CRDS cache {cache}"):
        read_exposure(path, readnoise=1)
    monkeypatch.setenv("CRDS_REFPATH", str(tmp_path / "far"))
    assert (read_exposure(path, readnoise=1).gain == 1).all()
    monkeypatch.setenv("CRDS_MAPPATH", str(tmp_path / "law"))
    monkeypatch.setenv("CRDS_CONTEXT", context)
    assert (read_exposure(path, readnoise=1).gain == 2).all()
    monkeypatch.delenv("CRDS_PATH")
    assert (read_exposure(path, readnoise=1).gain == 2).all()
    assert crds_state().folder == tmp_path / "far"


def test_the_same_context_in_both_asks_no_rules(write_ramp, cache, monkeypatch):
    monkeypatch.setenv("CRDS_CONTEXT", "jwst_0100.pmap")
    exposure = read_exposure(write_ramp(keywords=MADE), readnoise=1)
    assert (exposure.gain == 1).all()
    assert exposure.notes == ()


@pytest.mark.parametrize(
    ("context", "installed", "why"),
    [
        ("jwst_0999.pmap", True, "the CRDS cache does not hold the rules jwst_0999.pmap"),
        ("latest", True, "which rules latest stands for only the CRDS server knows"),
        ("jwst_0999.pmap", False, "are read by the crds package only"),
    ],
)
def test_rules_that_cannot_be_read_are_said_and_the_header_counts(
    write_ramp, cache, monkeypatch, context, installed, why
):
    monkeypatch.setenv("CRDS_CONTEXT", context)
    monkeypatch.setattr(crds_package, "is_installed", lambda: installed)
    exposure = read_exposure(write_ramp(keywords=MADE), readnoise=1)
    assert (exposure.gain == 1).all()
    assert exposure.gain_reference.context == "jwst_0100.pmap"
    (note,) = exposure.notes
    assert why in note
    assert f"{OLD}, which the header names for jwst_0100.pmap, is used" in note


def test_rules_without_a_file_for_the_detector_say_so(write_ramp, write_rules, monkeypatch):
    monkeypatch.setenv("CRDS_CONTEXT", write_rules("0204"))
    path = write_ramp(keywords={"DETECTOR": "NRCA2"})
    with pytest.raises(MissingReferenceError, match=r"jwst_0204.pmap choose no gain file"):
        read_exposure(path, readnoise=1)


def test_a_file_that_rules_choose_but_the_cache_lacks_is_named(
    write_ramp, write_rules, cache, monkeypatch
):
    monkeypatch.setenv("CRDS_CONTEXT", write_rules("0205"))
    (cache / "references" / "jwst" / "nircam" / NEW).unlink()
    with pytest.raises(MissingReferenceError, match=f"jwst_0205.pmap names {NEW}, which"):
        read_exposure(write_ramp(keywords=MADE), readnoise=1)


def test_nothing_is_fetched_unless_it_is_allowed(write_ramp, server):
    path = write_ramp(keywords={"R_GAIN": "crds://jwst_nircam_gain_0077.fits"})
    with pytest.raises(MissingReferenceError, match="fetch-references"):
        read_exposure(path, readnoise=1)
    assert server.asked == []


def test_a_file_that_the_cache_lacks_is_fetched_by_its_name(write_ramp, server):
    name = "jwst_nircam_gain_0077.fits"
    path = write_ramp(keywords={"R_GAIN": f"crds://{name}", "CRDS_CTX": "jwst_0100.pmap"})
    exposure = read_exposure(path, readnoise=1, fetch_references=True)
    assert (exposure.gain == 9).all()
    assert server.asked == [(name, "jwst_0100.pmap")]
    assert read_exposure(path, readnoise=1).gain_reference.source == "crds"  # from now on


def test_what_the_cache_has_is_not_fetched(write_ramp, server):
    path = write_ramp(keywords=MADE)
    read_exposure(path, readnoise=1, fetch_references=True)
    assert server.asked == []


def test_the_server_chooses_where_the_header_names_nothing(write_ramp, server):
    exposure = read_exposure(write_ramp(), readnoise=1, fetch_references=True)
    assert server.asked == [("gain", "NRCA1")]
    assert exposure.gain_reference.context == "jwst_0900.pmap"


def test_given_references_are_never_fetched(write_ramp, server):
    read_exposure(write_ramp(), gain=2, readnoise=1, fetch_references=True)
    assert server.asked == []


@pytest.mark.parametrize(
    ("installed", "folder", "why"),
    [(False, "cache", "crds package only"), (True, "", "CRDS_PATH is not set")],
)
def test_fetching_says_what_it_lacks(write_ramp, monkeypatch, installed, folder, why):
    monkeypatch.setenv("CRDS_PATH", folder)
    monkeypatch.setattr(crds_package, "is_installed", lambda: installed)
    with pytest.raises(MissingReferenceError, match=why):
        read_exposure(write_ramp(), readnoise=1, fetch_references=True)


def test_what_the_server_does_not_give_is_one_sentence(write_ramp, cache, monkeypatch):
    crds = pytest.importorskip("crds")
    from crds.client import api  # noqa: PLC0415 - slow to import

    def fail(*_arguments, **_more):
        raise crds.CrdsError("no route")

    monkeypatch.setattr(crds, "getrecommendations", fail)
    monkeypatch.setattr(api, "dump_references", fail)
    monkeypatch.setattr(api, "set_crds_server", lambda _url: None)
    with pytest.raises(OSError, match="CRDS server did not give a gain file: no route"):
        read_exposure(write_ramp(), readnoise=1, fetch_references=True)
    named = {"R_GAIN": "jwst_nircam_gain_0077.fits", "CRDS_CTX": "jwst_0100.pmap"}
    with pytest.raises(OSError, match=r"did not give jwst_\w+\.fits: no route"):
        read_exposure(write_ramp(keywords=named), readnoise=1, fetch_references=True)


def test_the_package_is_asked_as_it_wants_to_be(write_ramp, cache, monkeypatch):
    crds = pytest.importorskip("crds")
    from crds.client import api  # noqa: PLC0415 - slow to import

    asked, servers = [], []

    def getrecommendations(parameters, reftypes, observatory, context):
        asked.append((parameters, reftypes, observatory, context))
        return {"gain": NEW}

    monkeypatch.delenv("CRDS_SERVER_URL", raising=False)
    monkeypatch.setattr(crds, "getrecommendations", getrecommendations)
    monkeypatch.setattr(api, "dump_references", lambda _context, _names: None)
    monkeypatch.setattr(crds, "get_context_name", lambda *_asked: "jwst_0300.pmap")
    monkeypatch.setattr(api, "set_crds_server", servers.append)
    exposure = read_exposure(write_ramp(), readnoise=1, fetch_references=True)
    assert (exposure.gain == 2).all()
    [(parameters, *others)] = asked
    assert others == [["gain"], "jwst", None]
    assert parameters["META.INSTRUMENT.NAME"] == "NIRCAM"
    assert parameters["META.OBSERVATION.DATE"] == "2024-01-01"
    assert set(servers) == {JWST.server}


def test_nobody_else_asks_at_the_same_time(write_ramp, cache, monkeypatch):
    fcntl = pytest.importorskip("fcntl")
    crds = pytest.importorskip("crds")
    from crds.client import api  # noqa: PLC0415 - slow to import

    waited = []

    def look(*_arguments, **_more):
        with (
            Path(tempfile.gettempdir()) / f"rampviewer-crds-{os.getuid()}.lock"
        ).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waited.append(True)
        return {"gain": NEW}

    monkeypatch.setattr(crds, "getrecommendations", look)
    monkeypatch.setattr(api, "dump_references", look)
    monkeypatch.setattr(crds, "get_context_name", lambda *_asked: "jwst_0300.pmap")
    monkeypatch.setattr(api, "set_crds_server", lambda _url: None)
    read_exposure(write_ramp(), readnoise=1, fetch_references=True)
    assert waited == [True, True]  # for the rules, and for the file


def test_the_package_is_not_loaded_where_it_is_not_needed(write_ramp, cache, monkeypatch):
    monkeypatch.setitem(sys.modules, "crds", None)  # an import fails
    monkeypatch.setitem(sys.modules, "crds.core", None)
    read_exposure(write_ramp(keywords=MADE), readnoise=1)


def test_what_is_set_up_is_told(cache, monkeypatch):
    monkeypatch.setenv("CRDS_CONTEXT", "jwst_0100.pmap")
    monkeypatch.setattr(crds_package, "is_installed", lambda: True)
    state = crds_state()
    assert (state.folder, state.context) == (Path(cache), "jwst_0100.pmap")
    assert state.obstacle == ""
    monkeypatch.setattr(crds_package, "is_installed", lambda: False)
    assert "pip install rampviewer[crds]" in crds_state().obstacle
    monkeypatch.setattr(crds_package, "is_installed", lambda: True)
    monkeypatch.delenv("CRDS_PATH")
    assert "CRDS_PATH" in crds_state().obstacle


def test_the_context_is_recorded_in_the_products(
    write_ramp, write_rules, write, monkeypatch
):
    monkeypatch.setenv("CRDS_CONTEXT", write_rules("0206"))
    paths = write(read_exposure(write_ramp(keywords=MADE), readnoise=1))
    for path in paths.values():
        header = fits.getheader(path)
        assert header["CRDS_CTX"] == "jwst_0206.pmap"
        assert header["R_GAIN"] == f"crds://{NEW}"
        lines = " ".join(header["HISTORY"])
        assert f"gain = {NEW} (CRDS cache, jwst_0206.pmap)" in " ".join(lines.split())


def test_the_context_of_the_file_stays_where_references_are_given(write_ramp, write):
    path = write_ramp(keywords=MADE)
    written = write(read_exposure(path, gain=1.5, readnoise=1))
    assert fits.getheader(written["rate"])["CRDS_CTX"] == "jwst_0100.pmap"


@pytest.mark.parametrize("gain", ["file", 3.5])
def test_the_rules_of_crds_context_count_more_than_what_a_product_was_made_with(
    write_ramp, write_reference, write_rules, write, monkeypatch, gain
):
    if gain == "file":
        gain = write_reference("mine_gain.fits", np.full((6, 7), 3.5), **PLACE)
    first = write(read_exposure(write_ramp(keywords=MADE), gain=gain, readnoise=1))
    context = write_rules("0207")
    for made_with in (MADE["CRDS_CTX"], context):
        fits.setval(first["jump"], "CRDS_CTX", value=made_with)
        assert (read_exposure(first["jump"]).gain == 3.5).all()
        monkeypatch.setenv("CRDS_CONTEXT", context)
        exposure = read_exposure(first["jump"], readnoise=1)
        assert (exposure.gain == 2).all()
        assert str(exposure.gain_reference) == f"{NEW} (CRDS cache, jwst_0207.pmap)"
        name = "mine_gain.fits" if isinstance(gain, Path) else "3.5"
        assert f"The product was made with the gain {name}." in exposure.notes
        assert (read_exposure(first["jump"], gain=4.0, readnoise=1).gain == 4).all()
        monkeypatch.delenv("CRDS_CONTEXT")


def test_what_a_product_was_made_with_is_used_where_no_rules_can_be_read(
    write_ramp, cache, write, monkeypatch
):
    first = write(read_exposure(write_ramp(), gain=3.5, readnoise=1))
    monkeypatch.setenv("CRDS_CONTEXT", "jwst_0999.pmap")
    exposure = read_exposure(first["jump"])
    assert (exposure.gain == 3.5).all()
    assert any(
        "CRDS_CONTEXT is jwst_0999.pmap, but " in note and "has no gain" in note
        for note in exposure.notes
    )


def test_a_batch_keeps_no_product_for_that_of_another_context(
    write_ramp, write_rules, monkeypatch, tmp_path, capsys
):
    path, out = write_ramp(keywords=MADE), tmp_path / "out"
    words = ["process", str(path), "-o", str(out), "--readnoise", "1", "-q"]
    assert main(words) == main(words) == 0
    assert "its products are newer" in capsys.readouterr().err
    monkeypatch.setenv("CRDS_CONTEXT", write_rules("0208"))
    assert main(words) == 1
    assert "was made with another gain; --overwrite replaces it" in capsys.readouterr().err
    assert main([*words, "--overwrite"]) == main(words) == 0
    assert fits.getheader(out / "x_rate.fits")["CRDS_CTX"] == "jwst_0208.pmap"
