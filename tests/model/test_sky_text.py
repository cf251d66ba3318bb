import pytest
from astropy.coordinates import SkyCoord

from rampviewer.model.text.sky_text import in_degrees, sexagesimal


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ((0.0, 0.0), "00:00:00.000 +00:00:00.00"),
        ((83.6, -69.5), "05:34:24.000 -69:30:00.00"),
        ((359.99999999, 89.99999999), "00:00:00.000 +90:00:00.00"),
        ((15.0, -0.0001), "01:00:00.000 -00:00:00.36"),
        ((14.9999999999, 1 - 1e-9), "01:00:00.000 +01:00:00.00"),
    ],
)
def test_no_part_is_ever_sixty(place, text):
    assert sexagesimal(*place) == text


@pytest.mark.parametrize("place", [(245.981865, 28.384104), (1.23, -5.678), (300.0, 89.0)])
def test_texts_are_those_of_astropy_and_as_wide(place):
    coordinate = SkyCoord(*place, unit="deg")
    ra = coordinate.ra.to_string("hour", sep=":", precision=3, pad=True)
    dec = coordinate.dec.to_string(sep=":", precision=2, pad=True, alwayssign=True)
    assert sexagesimal(*place) == f"{ra} {dec}"
    assert len(in_degrees(*place)) == len("245.981865 +28.384104")
    assert [float(part) for part in in_degrees(*place).split()] == list(place)
