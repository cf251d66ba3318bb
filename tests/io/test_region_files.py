import sys

import pytest
from astropy.coordinates import SkyCoord
from astropy.io import fits

from rampviewer.io.region_files import read_regions, write_regions
from rampviewer.io.sky import HeaderSky
from rampviewer.model.regions.region import Region, Regions
from rampviewer.model.regions.shapes import Circle, Place, Polygon, Rectangle

SHAPES = (
    Circle(299.25, 511.5, 20),
    Rectangle(199, 99.5, 20, 41, 30),
    Rectangle(0, 0, 1, 1),
    Polygon((Place(9, 9.25), Place(9, 19), Place(19.5, 14))),
)
BY_DS9 = """\
# Region file format: DS9 version 4.1
global color=green dashlist=8 3 width=1 font="helvetica 10 normal roman" select=1 \
highlite=1 dash=0 fixed=0 edit=1 move=1 delete=1 include=1 source=1
image
circle(512.5,300.25,20) # text={my; star}
box(100.5,200,41,20,30) # color=red text={box # one}
polygon(10.25,10,20,10,15,20.5)
circle(1,1,2)
"""


def test_what_is_written_is_read_as_it_was(tmp_path):
    regions = Regions()
    for number, shape in enumerate(SHAPES):
        regions = regions.add(shape, f"shape {number}")
    path = tmp_path / "mine.reg"
    write_regions(regions, path)
    found = read_regions(path)
    assert found.items == regions.items
    assert found.others == found.notes == ()


def test_a_file_of_ds9_counts_pixels_from_1(tmp_path):
    path = tmp_path / "ds9.reg"
    path.write_text(BY_DS9)
    found = read_regions(path)
    assert found.items == (
        Region("my; star", SHAPES[0]),
        Region("box # one", SHAPES[1]),
        Region("region", SHAPES[3]),
        Region("region", Circle(0, 0, 2)),
    )
    assert found.notes == ()


def test_the_file_counts_from_1(tmp_path):
    path = tmp_path / "mine.reg"
    write_regions(Regions().add(Circle(20, 10, 3), "a"), path)
    assert "circle(11.00000000,21.00000000,3.00000000)" in path.read_text()


OTHERS = """\
image
circle(5,6,2)
panda(1,2,0,360,4,1,2,1)
-circle(5,5,2)
# vector(1,2,30,45) vector=1
fk5
circle(10.0,20.0,3") # text={sky; "one"}
galactic;ellipse(10,20,3",4",5)
image; ellipse(50,60,10,5,0)
image
annulus(5,6,1,2)
annulus(9,6,1,2)
"""


def test_what_cannot_be_drawn_is_named_and_saved_again(tmp_path):
    path = tmp_path / "mixed.reg"
    path.write_text(OTHERS)
    found = read_regions(path)
    assert [item.shape for item in found.items] == [Circle(5, 4, 2)]
    assert found.notes == (
        "Not drawn, but saved again with the others: panda, excluded circle, vector, "
        "circle in fk5 coordinates, ellipse in galactic coordinates, ellipse, 2 x annulus.",
        "Regions in sky coordinates can be drawn on an exposure whose header has a WCS "
        "only.",
    )
    again = tmp_path / "again.reg"
    write_regions(Regions().take(found).add(Circle(1, 1, 1)), again)
    once_more = read_regions(again)
    assert once_more.others == found.others
    assert len(once_more.items) == 2
    assert 'fk5\ncircle(10.0,20.0,3") # text={sky; "one"}' in again.read_text()


def test_loading_twice_keeps_other_lines_once(tmp_path):
    path = tmp_path / "mixed.reg"
    path.write_text(OTHERS)
    found = read_regions(path)
    regions = Regions().take(found).take(found)
    assert regions.others == found.others
    assert len(regions.items) == 2


def test_physical_coordinates_are_those_of_the_image(tmp_path):
    path = tmp_path / "physical.reg"
    path.write_text("physical\ncircle(11,21,3)\n")
    found = read_regions(path)
    assert found.items == (Region("region", Circle(20, 10, 3)),)
    assert found.notes == ("Physical coordinates were taken as those of the image.",)


@pytest.mark.parametrize(
    "line", ["box(10,20,3,4,8,9,0)", 'circle(10,20,3")', "polygon(1,2)", "circle(1,2,0)"]
)
def test_known_names_of_another_form_are_kept(tmp_path, line):
    path = tmp_path / "odd.reg"
    path.write_text(f"image\n{line}\n")
    found = read_regions(path)
    assert found.items == ()
    assert found.others == (f"image\n{line}",)


@pytest.mark.parametrize("content", [b"", b"hello world\n", b"\xff\xfe\x00\x01"])
def test_a_file_without_regions_is_refused(tmp_path, content):
    path = tmp_path / "none.reg"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"none.reg (holds no region|is no region file)"):
        read_regions(path)


def test_without_the_package_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "regions", None)
    for use in (lambda: read_regions(tmp_path), lambda: write_regions(Regions(), tmp_path)):
        with pytest.raises(ValueError, match=r"pip install 'rampviewer\[regions\]'"):
            use()


@pytest.mark.parametrize(
    ("name", "read"),
    [("a {b} c", "a (b) c"), ("a; # b", "a; # b"), ('it\'s "x"', 'it\'s "x"')],
)
def test_a_name_may_have_any_letters(tmp_path, name, read):
    path = tmp_path / "mine.reg"
    write_regions(Regions().add(Circle(1, 1, 1), name).add(Circle(2, 2, 1)), path)
    assert [item.name for item in read_regions(path).items] == [read, "region 1"]


SCALE = 1e-4  # [degree/pixel]
SKY = HeaderSky(
    fits.Header(
        {
            "CTYPE1": "RA---TAN",
            "CTYPE2": "DEC--TAN",
            "CRVAL1": 83.6,
            "CRVAL2": 10.0,
            "CRPIX1": 11.0,
            "CRPIX2": 21.0,
            "CDELT1": -SCALE,
            "CDELT2": SCALE,
            "RADESYS": "ICRS",
        }
    )
)


def in_galactic():
    place = SkyCoord(83.6, 10.0, unit="deg").galactic
    return f'galactic\ncircle({place.l.deg:.8f},{place.b.deg:.8f},0.72")\n'


def test_regions_on_the_sky_are_drawn_where_the_wcs_puts_them(tmp_path):
    path = tmp_path / "sky.reg"
    path.write_text(
        'icrs\ncircle(83.6,10.0,0.72") # text={star}\n'
        'box(5:34:24,10:00:00,1.44",0.72",0)\n'
        "polygon(83.6,10,83.6,10.001,83.599,10)\n" + in_galactic()
    )
    found = read_regions(path, SKY)
    circle, box, polygon, other = found.items
    assert circle.name == "star"
    assert (circle.shape.row, circle.shape.col) == pytest.approx((20, 10), abs=1e-6)
    assert circle.shape.radius == pytest.approx(2.0)
    assert (box.shape.width, box.shape.height) == pytest.approx((4.0, 2.0))
    rows, cols = zip(*polygon.shape.corners, strict=True)
    assert rows == pytest.approx((20, 30, 20), abs=1e-3)
    assert cols == pytest.approx((10, 10, 19.85), abs=0.01)
    assert (other.shape.row, other.shape.col) == pytest.approx((20, 10), abs=1e-3)
    assert found.others == ()
    assert found.notes == (
        "Sky coordinates were turned into pixels by the WCS of this exposure.",
    )


@pytest.mark.parametrize("sky", [None, lambda _row, _col: (0.0, 0.0)])
def test_without_a_wcs_one_sentence_says_why_they_are_not_drawn(tmp_path, sky):
    path = tmp_path / "sky.reg"
    path.write_text('fk5\ncircle(83.6,10.0,0.72")\n')
    found = read_regions(path, sky)
    assert found.items == ()
    assert found.notes == (
        "Not drawn, but saved again with the others: circle in fk5 coordinates.",
        "Regions in sky coordinates can be drawn on an exposure whose header has a WCS "
        "only.",
    )


def test_a_region_at_the_other_side_of_the_sky_is_kept(tmp_path):
    path = tmp_path / "far.reg"
    path.write_text('icrs\ncircle(263.6,-10.0,3")\ncircle(83.6,10,3")\n')
    found = read_regions(path, SKY)
    assert len(found.items) == 1
    assert found.others == ('icrs\ncircle(263.6,-10.0,3")',)
