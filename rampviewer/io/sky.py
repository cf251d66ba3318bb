"""Right ascension and declination of a pixel, from the keywords of a header."""

import math
import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from astropy.io import fits

from rampviewer.io.headers import without_structure
from rampviewer.model.exposure import Exposure

if TYPE_CHECKING:
    from astropy.wcs import WCS

_POINTING = ("RA_REF", "DEC_REF", "ROLL_REF", "V3I_YANG", "VPARITY", "CRPIX1", "CRPIX2")
# A pixel of a dispersed exposure has a wavelength, and no one place on the sky.
_DISPERSED = ("WFSS", "GRISM", "SOSS", "LRS", "MRS", "SPEC", "BRIGHTOBJ", "IFU", "SLIT")


@dataclass(frozen=True, eq=False)
class HeaderSky:
    """Gives the place of any pixel; what it needs is made when first called.

    Parameters
    ----------
    header : fits.Header
        With a celestial WCS.
    """

    header: fits.Header

    def __call__(self, row: float, col: float) -> tuple[float, float]:
        """Return right ascension and declination of a pixel (0-based) [degree].

        NaN where the projection does not reach.

        Raises
        ------
        ValueError
            When the keywords make no WCS.
        """
        ra, dec = self.wcs.all_pix2world(col, row, 0)
        return float(ra), float(dec)

    def pixel(self, ra: float, dec: float) -> tuple[float, float]:
        """Return row and column (0-based) of a place [degree].

        NaN where the projection does not reach it.

        Raises
        ------
        ValueError
            When the keywords make no WCS, or the place cannot be found.
        """
        from astropy.wcs import NoConvergence  # noqa: PLC0415 - as below

        try:
            col, row = self.wcs.all_world2pix(ra, dec, 0)
        except NoConvergence as error:
            raise ValueError(f"RA {ra}, Dec {dec} is far outside the image") from error
        return float(row), float(col)

    @cached_property
    def wcs(self) -> "WCS":
        """The pair of celestial axes; raises as a call does."""
        from astropy.wcs import WCS, WcsError  # noqa: PLC0415 - slow to load, and not always needed

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # dates, and axes it does not know
                wcs = WCS(self.header).celestial
                ends = wcs.all_pix2world([0.0, 1.0], [0.0, 1.0], 0)
        except (WcsError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise ValueError(f"its keywords make no WCS ({_first_line(error)})") from error
        if wcs.naxis != 2:
            raise ValueError("its WCS has no pair of celestial axes")
        if all(math.isnan(x) for x in ends[0]) or ends[0][0] == ends[0][1]:
            raise ValueError("its WCS gives no place for the first pixels")
        return wcs


def sky_of(header: fits.Header, sci: fits.Header) -> HeaderSky | None:
    """Return what gives the places of pixels, None where a header does not tell.

    Parameters
    ----------
    header : fits.Header
        Of the whole file.
    sci : fits.Header
        Of the SCI extension. Its CTYPE, CRVAL, ... count; without them the pointing of the
        aperture (RA_REF, DEC_REF, ROLL_REF, V3I_YANG, VPARITY) does.
    """
    kind = f"{header.get('EXP_TYPE', '')} {header.get('OBSTYPE', '')}"  # JWST, HST
    if any(word in kind for word in _DISPERSED):
        return None
    if "CTYPE1" in sci and "CRVAL1" in sci:
        return HeaderSky(without_structure(sci))
    pointing = _pointing(header)
    return None if pointing is None else HeaderSky(pointing)


def with_checked_sky(exposure: Exposure) -> Exposure:
    """Return the exposure with a WCS that works, or with none and a note why."""
    if exposure.sky is None:
        return exposure
    try:
        exposure.sky(0, 0)
    except ValueError as error:
        note = f"There is no right ascension and declination: {error}."
        return replace(exposure, sky=None, notes=(*exposure.notes, note))
    return exposure


def _pointing(header: fits.Header) -> fits.Header | None:
    """Return a gnomonic WCS about the reference pixel of an aperture."""
    scales = [header.get(name) for name in ("CDELT1", "CDELT2")]
    values = [header.get(name) for name in _POINTING]
    if not all(isinstance(value, int | float) for value in (*values, *scales)):
        return None
    ra, dec, roll, yang, parity, x, y = values
    angle = math.radians(roll - parity * yang)
    wcs = fits.Header()
    wcs.update(
        {
            "WCSAXES": 2,
            "CTYPE1": "RA---TAN",
            "CTYPE2": "DEC--TAN",
            "CRVAL1": ra,
            "CRVAL2": dec,
            "CRPIX1": x,
            "CRPIX2": y,
            "CDELT1": scales[0],
            "CDELT2": scales[1],
            "PC1_1": parity * math.cos(angle),
            "PC1_2": math.sin(angle),
            "PC2_1": -parity * math.sin(angle),
            "PC2_2": math.cos(angle),
        }
    )
    return wcs


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".:") if lines else type(error).__name__
