"""The official steps on the same input give the same products, but for what is listed."""

import io
from functools import cache

import asdf.util
import numpy as np
import pytest
from astropy.io import fits
from astropy.io.fits.scripts import fitscheck

from tests.official import Case, both_products

datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
pytest.importorskip("jwst.jump")
pytestmark = pytest.mark.filterwarnings("ignore")  # of the official package

CASES = {
    "image": Case(),
    "gain factor": Case(gain_factor=2.5),
    "likelihood": Case(algorithm="LIKELY", shape=(1, 8, 24, 30)),
    "uneven groups": Case(algorithm="LIKELY", is_uneven=True),
    "MIRI MRS": Case(
        instrument="MIRI", detector="MIRIFULONG", exp_type="MIR_MRS", ends_unused=True
    ),
    "NIRSpec IFU": Case(
        instrument="NIRSPEC", detector="NRS1", exp_type="NRS_IFU", gain_factor=1.25
    ),
    "NIRSpec lamp through the IFU": Case(
        instrument="NIRSPEC", detector="NRS2", exp_type="NRS_LAMP", lamp_mode="IFU"
    ),
    "two groups": Case(instrument="NIRISS", detector="NIS", shape=(2, 2, 24, 30)),
    "all saturated": Case(all_saturated=True),
    "jump skipped": Case(skip="jump"),
    "jump skipped after a jump step": Case(skip="jump", jumps_delivered=True),
    "jump skipped, all saturated": Case(skip="jump", all_saturated=True),
    "ramp fit skipped": Case(skip="ramp_fit"),
}
CLASSES = {
    "jump": "RampModel",
    "rate": "ImageModel",
    "rateints": "CubeModel",
    "fitopt": "RampFitOutputModel",
    "likely_chisq": "ImageModel",
}

# What differs from the official products, and why: keyword, or (product, keyword).
THEIRS = {
    "CAL_VER": "says which version of the official package calibrated the file last: ours "
    "keep that of the input, and state their own in RV_VERS",
    "CAL_VCS": "the same, for its revision",
    "CRDS_VER": "version of the CRDS package, which was not asked",
    "CRDS_CTX": "the official steps state the context of the moment, even though both "
    "references were given; ours do where CRDS chose one of them",
    ("fitopt", "R_GAIN"): "the official step saves this product before it records files",
    ("fitopt", "R_READNO"): "the same",
    ("likely_chisq", "BUNIT"): "the official product keeps the DN of the ramps; a "
    "chi-square is a pure number",
}
OURS = {
    "RV_VERS": "version of rampviewer",
    "RV_FLAGS": "what was done with delivered jumps",
    "CHECKSUM": "the official package writes no checksums",
    "DATASUM": "the same",
}
VARYING = {
    "DATE": "the time of writing",
    "NAXIS1": "of the table that holds the tree: it has other texts",
    "TFORM1": "the same",
}
# Nodes of the tree that the two may not share, and why.
NODES = {
    "rampviewer": "parameters, and where references are from",
    "cal_logs": "what the official steps log",
    "asdf_library": "the program that wrote the tree",
    "history": "the same",
    "extra_fits": "unknown keywords, ours among them: readers make it anew",
    "_fits_hash": "lets a reader pass over the headers: ours must be read",
    ("fitopt", "meta.bunit_data"): "the unit of the ramps: no array here is in DN",
    ("likely_chisq", "meta.bunit_data"): "the same",
}


@pytest.fixture(params=CASES, ids=lambda name: name.replace(" ", "_"))
def both(request):
    """Return the products of both programs for one case, and its inputs."""
    return both_products(CASES[request.param])


def is_listed(product, keyword, *tables):
    return any(keyword in table or (product, keyword) in table for table in tables)


@cache
def tree(path):
    with fits.open(path) as hdus:
        raw = hdus["ASDF"].data.tobytes()
    return asdf.util.load_yaml(io.BytesIO(raw), tagged=True)


def leaves(node, path=()):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif node is not None and node != []:  # asked for, the latter springs up
        yield path, node


def test_both_write_the_same_products(both):
    assert set(both.ours) == set(both.theirs)
    fitted = {"rate", "rateints", "fitopt"}
    if both.case.algorithm == "LIKELY":
        fitted = {"rate", "rateints", "likely_chisq"}
    is_fitted = not both.case.all_saturated and both.case.skip != "ramp_fit"
    flags = set() if both.case.skip == "jump" else {"jump"}
    assert set(both.ours) == (flags | fitted if is_fitted else flags)


def test_extensions_have_the_same_order_types_and_values(both):
    for product, path in both.ours.items():
        with fits.open(path) as ours, fits.open(both.theirs[product]) as theirs:
            assert [hdu.name for hdu in ours] == [hdu.name for hdu in theirs], product
            for our, their in zip(ours[1:-1], theirs[1:-1], strict=True):
                same_values(our, their, f"{product} {our.name}")


def same_values(our, their, where):
    assert our.data.dtype == their.data.dtype, where
    assert our.data.shape == their.data.shape, where
    if our.data.dtype.kind == "f":
        most = np.nanmax(np.abs(their.data), initial=0)
        np.testing.assert_allclose(
            our.data, their.data, rtol=1e-5, atol=1e-7 * most, err_msg=where
        )
    else:
        np.testing.assert_array_equal(np.array(our.data), np.array(their.data), where)


def test_keywords_their_values_and_comments_are_the_same_but_for_those_listed(both):
    for product, path in both.ours.items():
        with fits.open(path) as ours, fits.open(both.theirs[product]) as theirs:
            for our, their in zip(ours, theirs, strict=True):
                same_header(product, our.header, their.header)


def same_header(product, ours, theirs):
    texts = {"HISTORY", "COMMENT", ""}
    for keyword in {*ours, *theirs} - texts:
        if is_listed(product, keyword, VARYING):
            continue
        if is_listed(product, keyword, THEIRS):
            continue
        if is_listed(product, keyword, OURS):
            assert keyword not in theirs
            continue
        assert ours.get(keyword) == theirs.get(keyword), (product, keyword)
        assert ours.comments[keyword] == theirs.comments[keyword], (product, keyword)
    lines = list(theirs.get("HISTORY", []))
    assert list(ours.get("HISTORY", []))[: len(lines)] == lines


def test_keywords_stand_in_the_same_order_below_the_same_headings(both):
    for product, path in both.ours.items():
        with fits.open(path) as ours, fits.open(both.theirs[product]) as theirs:
            for our, their in zip(ours, theirs, strict=True):
                assert order(product, our.header) == order(product, their.header)


def order(product, header):
    return [
        (card.keyword, card.value if card.keyword == "" else None)
        for card in header.cards
        if card.keyword not in ("HISTORY", "COMMENT")
        and not is_listed(product, card.keyword, THEIRS, OURS)
    ]


def test_nothing_is_listed_in_vain():
    seen = set()
    for name in ("two groups", "likelihood"):
        both = both_products(CASES[name])
        for product, path in both.ours.items():
            differing = differing_keywords(path, both.theirs[product])
            seen |= differing | {(product, keyword) for keyword in differing}
    assert not {*THEIRS, *OURS, *VARYING} - seen


def differing_keywords(path, other):
    with fits.open(path) as ours, fits.open(other) as theirs:
        return {
            keyword
            for our, their in zip(ours, theirs, strict=True)
            for keyword in {*our.header, *their.header}
            if our.header.get(keyword) != their.header.get(keyword)
        }


def test_trees_hold_the_same_but_for_what_is_listed(both):
    for product, path in both.ours.items():
        ours, theirs = dict(leaves(tree(path))), dict(leaves(tree(both.theirs[product])))
        keywords = places_of(product, path) | places_of(product, both.theirs[product])
        for place in {*ours, *theirs}:
            if ours.get(place) == theirs.get(place) or place[0] in NODES:
                continue
            name = ".".join(place)
            name = keywords.get(name, name)
            assert is_listed(product, name, THEIRS, VARYING, NODES), (product, name)


def places_of(product, path):
    """Return the keywords of a header by their places in the tree."""
    with fits.open(path) as hdus:
        keywords = {keyword for hdu in hdus[:2] for keyword in hdu.header}
    return {place: k for k in keywords for place in places_for(CLASSES[product], k)}


@cache
def places_for(kind, keyword):
    return empty_model(kind).find_fits_keyword(keyword)


@cache
def empty_model(kind):
    return getattr(datamodels, kind)()


def test_the_tree_says_what_the_header_says(both):
    for product, path in both.ours.items():
        node = {".".join(place): value for place, value in leaves(tree(path))}
        header, places = fits.getheader(path), places_of(product, path)
        in_primary = {p: k for p, k in places.items() if k in header and p in node}
        assert len(in_primary) > 20
        for place, keyword in in_primary.items():
            assert node[place] == header[keyword], (product, keyword)
        absent = {p for p in places if p not in node and p.startswith("meta.")}
        assert absent <= {"meta.bunit_err"}, product  # no error stands beside a ramp


def test_each_opens_as_the_official_class_and_is_valid(both):
    is_ifu = "IFU" in f"{both.case.exp_type} {both.case.lamp_mode}"
    is_ifu = is_ifu or both.case.exp_type == "MIR_MRS"
    for product, path in both.ours.items():
        wanted = CLASSES[product]
        if product == "rate" and is_ifu:
            wanted = "IFUImageModel"
        with datamodels.open(path) as ours, datamodels.open(both.theirs[product]) as theirs:
            assert type(ours) is type(theirs) is getattr(datamodels, wanted), product
            ours.validate()
            assert ours.meta.model_type == wanted


def test_a_round_trip_through_the_official_class_changes_nothing(both, tmp_path):
    for product, path in both.ours.items():
        with datamodels.open(path) as model:
            model.save(str(tmp_path / path.name))
        with fits.open(path) as ours, fits.open(tmp_path / path.name) as theirs:
            assert [hdu.name for hdu in ours] == [hdu.name for hdu in theirs], product
            for our, their in zip(ours[1:-1], theirs[1:-1], strict=True):
                same_values(our, their, product)
            made_anew = {"DATE", "CHECKSUM", "DATASUM", "HISTORY", "COMMENT", ""}
            for keyword in {*ours[0].header} - made_anew:
                assert ours[0].header[keyword] == theirs[0].header[keyword], keyword
            assert list(ours[0].header["HISTORY"]) == list(theirs[0].header["HISTORY"])


def test_headers_are_standard_and_checksums_true(both, caplog):
    for path in both.ours.values():
        with fits.open(path, checksum=True) as hdus:
            hdus.verify("exception")
            assert all("CHECKSUM" in hdu.header for hdu in hdus)
        assert fitscheck.main(["--compliance", str(path)]) == 0, caplog.text


def test_a_changed_byte_is_found_by_the_checksums(both, tmp_path):
    if "jump" not in both.ours:
        return
    path = tmp_path / "changed.fits"
    content = bytearray(both.ours["jump"].read_bytes())
    with fits.open(both.ours["jump"]) as hdus:
        content[hdus["SCI"].fileinfo()["datLoc"] + 1234] ^= 1
    path.write_bytes(content)
    assert fitscheck.main([str(path)]) == 1


def test_history_and_keywords_record_how_it_was_made(both):
    for product, path in both.ours.items():
        header, recorded = fits.getheader(path), tree(path)["rampviewer"]
        lines = list(header["HISTORY"])
        assert lines[0] == "made for a test"
        assert lines[1] == f"rampviewer {header['RV_VERS']}: {product}"
        assert recorded["version"] == header["RV_VERS"]
        for step, parameters in recorded["parameters"].items():
            assert f"{step}:" in lines
            for name, value in parameters.items():
                assert f"  {name} = {value}" in lines
        steps = set() if header["S_JUMP"] == "SKIPPED" else {"jump"}
        steps |= set() if product == "jump" else {"ramp_fit"}
        assert set(recorded["parameters"]) == steps
        for keyword, kind in (("R_GAIN", "gain"), ("R_READNO", "readnoise")):
            given = str(getattr(both.inputs, kind))
            assert recorded[kind] == {"source": "file", "name": given}
            assert header.get(keyword, given) == given
            assert (keyword in header) is bool(steps)
