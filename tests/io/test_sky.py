import math

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS

from rampviewer.io.sky import sky_of, with_checked_sky
from tests.exposures import random_exposure

POINTING = {
    "RA_REF": 245.98,
    "DEC_REF": 28.38,
    "ROLL_REF": 198.15,
    "V3I_YANG": 0.032,
    "VPARITY": -1,
    "CRPIX1": 712.0,
    "CRPIX2": 1515.9,
    "CDELT1": 8.5e-06,
    "CDELT2": 8.6e-06,
}


def header_of(**cards):
    header = fits.Header()
    header.update(cards)
    return header


def tan(**changes):
    cards = {
        "NAXIS": 4,
        "WCSAXES": 2,
        "CTYPE1": "RA---TAN",
        "CTYPE2": "DEC--TAN",
        "CRVAL1": 83.6,
        "CRVAL2": -69.5,
        "CRPIX1": 11.0,
        "CRPIX2": 21.0,
        "CDELT1": -1e-5,
        "CDELT2": 1e-5,
    }
    return header_of(**(cards | changes))


def test_the_reference_pixel_counts_from_one_and_rows_from_zero():
    sky = sky_of(header_of(), tan())
    assert sky(20, 10) == pytest.approx((83.6, -69.5), abs=1e-12)
    ra, dec = sky(21, 10)
    assert (ra, dec) == pytest.approx((83.6, -69.5 + 1e-5), abs=1e-10)
    assert sky(20, 11)[0] < 83.6  # east is to the left


def test_a_matrix_is_heeded():
    sky = sky_of(header_of(), tan(PC1_1=0.0, PC1_2=-1.0, PC2_1=1.0, PC2_2=0.0))
    assert sky(20, 12)[1] == pytest.approx(-69.5 + 2e-5 * -1 * -1, abs=1e-9)


def test_distortion_is_heeded():
    sip = {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 1e-3, "B_0_2": 0.0}
    cards = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", **sip}
    plain, bent = sky_of(header_of(), tan()), sky_of(header_of(), tan(**cards))
    # 100 pixels from the reference a quadratic term of 1e-3 is 10 pixels more.
    np.testing.assert_allclose(bent(20, 110), plain(20, 120), atol=1e-9)


def test_a_third_axis_of_wavelength_does_no_harm():
    cards = {"WCSAXES": 3, "CTYPE3": "WAVE", "CRVAL3": 1e-6, "CRPIX3": 0.0, "CDELT3": 1e-9}
    sky = sky_of(header_of(), tan(**cards))
    assert sky(20, 10) == pytest.approx((83.6, -69.5), abs=1e-12)


@pytest.mark.parametrize("parity", [-1, 1])
def test_without_a_wcs_the_pointing_of_the_aperture_counts(parity):
    square = {"VPARITY": parity, "CDELT1": POINTING["CDELT2"]}
    sky = sky_of(header_of(**POINTING | square), header_of())
    assert sky(1514.9, 711) == pytest.approx((245.98, 28.38), abs=1e-12)
    center = SkyCoord(245.98, 28.38, unit="deg")
    up = SkyCoord(*sky(1614.9, 711), unit="deg")
    right = SkyCoord(*sky(1514.9, 811), unit="deg")
    # The y axis of the aperture lies V3I_YANG from V3, which lies ROLL_REF from north.
    angle = 198.15 - parity * 0.032
    assert center.position_angle(up).deg == pytest.approx(angle % 360, abs=1e-3)
    turned = (angle + 90 * parity) % 360
    assert center.position_angle(right).deg == pytest.approx(turned, abs=1e-3)
    assert center.separation(up).deg == pytest.approx(100 * 8.6e-6, rel=1e-6)


def test_the_pointing_agrees_with_the_wcs_of_a_flight_header():
    cards = {
        "CRVAL1": 245.981865309727,
        "CRVAL2": 28.38410372178712,
        "PC1_1": 0.9500653341488,
        "PC1_2": -0.3120510548752063,
        "PC2_1": -0.3120510548752063,
        "PC2_2": -0.9500653341488,
    }
    common = {name: POINTING[name] for name in ("CRPIX1", "CRPIX2", "CDELT1", "CDELT2")}
    pointing = {
        **POINTING,
        "RA_REF": cards["CRVAL1"],
        "DEC_REF": cards["CRVAL2"],
        "ROLL_REF": 198.1509949487168,
        "V3I_YANG": 0.03188519,
    }
    ours = sky_of(header_of(**pointing), header_of())
    theirs = sky_of(header_of(), tan(**common, **cards))
    for place in ((0, 0), (2047, 0), (1000, 2047)):
        np.testing.assert_allclose(ours(*place), theirs(*place), atol=1e-9)


@pytest.mark.parametrize("missing", POINTING)
def test_an_incomplete_pointing_gives_nothing(missing):
    cards = {name: value for name, value in POINTING.items() if name != missing}
    assert sky_of(header_of(**cards), header_of()) is None


@pytest.mark.parametrize("kind", ["NRC_WFSS", "MIR_MRS", "NRS_IFU", "NIS_SOSS"])
def test_a_dispersed_exposure_has_no_places(kind):
    assert sky_of(header_of(EXP_TYPE=kind, **POINTING), tan()) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"PC1_1": 0.0, "PC2_2": 0.0},  # singular
        {"CTYPE2": "RA---TAN"},
        {"CTYPE1": "FREQ", "CTYPE2": "STOKES"},
        {"CTYPE1": "RA---XXX", "CTYPE2": "DEC--XXX"},
        {"CDELT1": 0.0},
    ],
)
def test_a_broken_wcs_is_a_note_and_no_failure(broken):
    exposure = random_exposure(sky=sky_of(header_of(), tan(**broken)))
    checked = with_checked_sky(exposure)
    assert checked.sky is None
    (note,) = checked.notes
    assert note.startswith("There is no right ascension and declination: its ")
    assert checked.sci is exposure.sci


def test_a_good_wcs_stays():
    exposure = random_exposure(sky=sky_of(header_of(), tan()))
    assert with_checked_sky(exposure) is exposure
    assert with_checked_sky(random_exposure()).sky is None


def test_where_the_projection_does_not_reach_there_is_nan():
    sky = sky_of(header_of(), tan(CTYPE1="RA---SIN", CTYPE2="DEC--SIN", CDELT1=1.0))
    assert math.isnan(sky(20, 500)[0])


def test_the_projection_is_made_once_however_many_pixels_ask(monkeypatch):
    made = []

    class Counted(WCS):
        def __init__(self, *arguments, **options):
            made.append(arguments)
            super().__init__(*arguments, **options)

    monkeypatch.setattr("astropy.wcs.WCS", Counted)
    sky = sky_of(header_of(), tan())
    sky(0, 3)
    n_made = len(made)
    assert len({sky(row, 3) for row in range(50)}) == 50
    assert len(made) == n_made > 0
