"""Names of products, as the pipeline gives them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rampviewer.model.settings.naming import Naming
from rampviewer.model.settings.step_parameters import Step

PRODUCTS: Final = ("jump", "rate", "rateints", "fitopt", "likely_chisq")
STANDARD: Final = PRODUCTS[:3]

# Endings that the pipeline takes off a name before it adds its own: products, then steps
# of each stage. Steps that are run alone end in the name of their class, such as
# `jumpstep`, which a pattern covers.
_PRODUCT_WORDS = (
    "ami ami-oi aminorm aminorm-oi blot bsub bsubints c1d cal calints cat crf crfints dark "
    "i2d mbsub median phot psfalign psfstack psfsub ramp rate rateints s2d s3d snr uncal "
    "wfscmb whtlt x1d x1dints "
    "ima"  # of HST
)
_STEP_WORDS = (
    "adaptive_trace_model align_refs ami_analyze ami_normalize assign_mtwcs assign_wcs "
    "bkg_subtract clean_flicker_noise combine_1d cube_build dark_current dq_init emicorr "
    "engdblog extract_1d extract_2d firstframe flat_field fringe gain_scale group_scale "
    "guider_cds hlsp imprint ipc jump klip lastframe linearity master_background "
    "outlier_detection pathloss persistence photom picture_frame ramp_fit refpix resample "
    "resample_spec reset residual_fringe rscd saturation skymatch source_catalog "
    "spec2nrslamp spectral_leak srctype stackrefs straylight superbias targ_centroid "
    "tweakreg wfscombine white_light"
)
_WORDS = "|".join(map(re.escape, f"{_PRODUCT_WORDS} {_STEP_WORDS}".split()))
_KNOWN = re.compile(rf"(?P<root>.+?)(?P<mark>[_-])(?:{_WORDS}|[a-z0-9]+(?:step|pipeline))")


def products_wanted(
    skipped: frozenset[Step] = frozenset(), optional: str = ""
) -> tuple[str, ...]:
    """Return the products that are written: those of the steps that are carried out.

    Parameters
    ----------
    skipped : set of "jump", "ramp_fit"
    optional : str
        What more of the ramp fit is wanted, "fitopt" or "likely_chisq"; "" for nothing.
    """
    jump, *rates = STANDARD
    of_fit = () if "ramp_fit" in skipped else (*rates, *([optional] if optional else []))
    return (*(() if "jump" in skipped else (jump,)), *of_fit)


def product_name(exposure_name: str, product: str) -> str:
    """Return the file name of a product: a known ending is replaced, others are kept.

    Examples
    --------
    >>> product_name("jw01_nrca1_ramp.fits.gz", "rate")
    'jw01_nrca1_rate.fits'
    """
    stem = _stem(exposure_name)
    known = _KNOWN.fullmatch(stem)
    if known is None:
        return f"{stem}_{product}.fits"
    return f"{known['root']}{known['mark']}{product}.fits"


def root_of(exposure_name: str) -> str:
    """Return what the names of all products of an exposure begin with.

    Examples
    --------
    >>> root_of("jw01_nrca1_ramp.fits.gz")
    'jw01_nrca1'
    """
    stem = _stem(exposure_name)
    known = _KNOWN.fullmatch(stem)
    return stem if known is None else known["root"]


def _stem(name: str) -> str:
    """Return a file name without the endings of its format and of compression."""
    name = re.sub(r"(?i)\.(gz|bz2|xz|z)$", "", name)
    return re.sub(r"(?i)\.(fits|fit|fts|asdf)$", "", name)


def product_paths(
    exposure_path: Path | None,
    directory: Path,
    *,
    products: Sequence[str] = STANDARD,
    naming: Naming | None = None,
) -> dict[str, Path]:
    """Return where the products of an exposure belong.

    Parameters
    ----------
    exposure_path : Path or None
        The opened file; None for an exposure made of arrays, then called `exposure`.
    directory : Path
    products : sequence of "jump", "rate", "rateints", "fitopt", "likely_chisq"
        The keys of what is returned.
    naming : Naming, optional
        What the official output options say.

    Raises
    ------
    ValueError
        When a product is unknown, would be the opened file itself, or two would be one.
    """
    if unknown := set(products).difference(PRODUCTS):
        raise ValueError(
            f"unknown product {unknown.pop()!r}: known are {', '.join(PRODUCTS)}"
        )
    name = exposure_path.name if exposure_path else "exposure"
    in_order = [str(product) for product in PRODUCTS if product in products]
    naming = naming or Naming()
    paths = {
        product: directory
        / product_name(naming.base(name, product), naming.ending(product))
        for product in in_order
    }
    for path in (places := [*paths.values()]):
        if places.count(path) > 1:
            raise ValueError(f"two products would be {path}: give another suffix")
    for path in paths.values():
        if exposure_path is not None and _is_same(path, exposure_path):
            raise ValueError(
                f"{path} is the opened file, which is never replaced: choose another folder"
            )
    return paths


def _is_same(path: Path, opened: Path) -> bool:
    if path.resolve() == opened.resolve():
        return True
    return path.exists() and opened.exists() and path.samefile(opened)
