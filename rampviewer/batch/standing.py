"""Whether the products of an exposure are there already, and may be left as they are."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from rampviewer.batch.order import Order
from rampviewer.io.asdf_tree import raw_bytes, read_tree
from rampviewer.io.crds_choice import choose, stated_context, wanted_context
from rampviewer.io.fits_file import open_fits
from rampviewer.io.names import product_paths, products_wanted
from rampviewer.io.ramp_file import open_ramp
from rampviewer.io.series import segments_beside, series_name
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

# What products of uncalibrated exposures tell of saturation where it is otherwise.
USUAL: Final = {"use_readpatt": True, "n_pix_grow_sat": 1, "skip_saturation": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is there of an exposure.

    Parameters
    ----------
    products : tuple of Path
        All of them, when nothing is left to do.
    replaces : bool
        Whether those that are there may be replaced.
    """

    products: tuple[Path, ...] = ()
    replaces: bool = False


def wanted_products(path: Path, order: Order) -> dict[str, Path]:
    """Return where the products of an exposure belong, by their kind.

    Raises
    ------
    ValueError
        When two of them, or one and the exposure, would be the same file.
    """
    optional = "likely_chisq" if order.fit.algorithm == "LIKELY" else "fitopt"
    kinds = products_wanted(order.skipped, optional if order.save_opt else "")
    if order.whole_series and segments_beside(path):
        path = path.with_name(series_name(path))
    return product_paths(path, order.directory, products=kinds, naming=order.naming)


def standing(path: Path, order: Order) -> Standing:
    """Return what of the products of an exposure is there.

    What was made by the same order is left alone while it is newer than the exposure and
    the references that are given; else it is made again.

    Raises
    ------
    FileExistsError
        When something else is there, and `overwrite` is False.
    """
    products = _with_optional(path, order, wanted_products(path, order))
    existing = {kind: product for kind, product in products.items() if product.exists()}
    if not existing:
        return Standing()
    is_whole = len(existing) == len(products)
    if order.overwrite:
        since = order.since
        own = since is not None and is_whole and _is_newer(existing, since)
        same = own and not _difference(path, existing, order)
        return Standing(products=tuple(existing.values()) if same else (), replaces=True)
    if different := _difference(path, existing, order):
        raise FileExistsError(f"{path}: {different}; --overwrite replaces it")
    files = segments_beside(path) if order.whole_series else ()
    inputs = [one for one in (path, *files, *order.references) if one.exists()]
    changed = max((source.stat().st_mtime for source in inputs), default=0.0)
    if is_whole and _is_newer(existing, changed):
        return Standing(products=tuple(existing.values()))
    return Standing(replaces=True)


def _with_optional(path: Path, order: Order, products: dict[str, Path]) -> dict[str, Path]:
    """Return the products with the optional one that was written in place of that expected.

    Uneven read times are fitted by likelihood whatever `algorithm` says, and fewer than
    four groups by least squares, but a file must be opened to know its times and groups.
    """
    if not products.keys() & {"fitopt", "likely_chisq"}:
        return products
    algorithm = "LIKELY" if "fitopt" in products else "OLS_C"
    others = wanted_products(
        path, replace(order, fit=replace(order.fit, algorithm=algorithm))
    )
    (mine,), (theirs,) = products.keys() - others.keys(), others.keys() - products.keys()
    is_other = others[theirs].exists() and not products[mine].exists()
    return others if is_other else products


def _is_newer(products: dict[str, Path], moment: float) -> bool:
    return all(product.stat().st_mtime >= moment for product in products.values())


def _difference(exposure: Path, existing: dict[str, Path], order: Order) -> str:
    """Return how the products were made otherwise than ordered, "" if they were not."""
    records = {path: _record(path) for path in existing.values()}
    foreign = [path for path, record in records.items() if not record]
    if foreign:
        return f"{foreign[0]} exists"
    path = existing.get("rate", next(iter(existing.values())))  # that states most
    record = records[path]
    source = str(record.get("exposure", exposure.name))
    if not _is_one_of(source, exposure, order):  # as _uncal beside _ramp
        return f"{path} exists and was made from {source}"
    if choice := _other_choice(record, order):
        return f"{path} exists and was made with {choice}"
    stated = record.get("parameters")
    for step, mine in (("jump", order.jump), ("ramp_fit", order.fit)):
        theirs = stated.get(step) if isinstance(stated, dict) else None
        # A step that was skipped states nothing.
        name = "" if theirs is None else _other(theirs, mine)
        if name:
            return f"{path} exists and was made with another {name}"
    return _other_reference(path, record, order, exposure)


def _other_choice(record: dict[str, Any], order: Order) -> str:
    """Return what was chosen otherwise beside parameters, "" if nothing was."""
    if sorted(record.get("skipped", ())) != sorted(order.skipped):
        return "other steps skipped"
    if record.get("delivered_jumps") != order.recipe.delivered_jumps:
        return "other --delivered-jumps"
    for name, usual in USUAL.items() if "quick_look" in record else ():
        if record.get(name, usual) != getattr(order, name):
            return f"another {name}"
    return ""


def made_from(product: Path) -> str:
    """Return the name of the exposure that a product of ours was made from, else ""."""
    return str(_record(product).get("exposure", ""))


def _record(path: Path) -> dict[str, Any]:
    """Return what a product of ours says about how it was made, {} for another file."""
    try:
        with open_fits(path) as hdus:
            record = read_tree(raw_bytes(hdus)).get("rampviewer")
    except (OSError, ValueError):
        return {}
    return dict(record) if isinstance(record, dict) else {}


def _is_one_of(name: str, exposure: Path, order: Order) -> bool:
    """Return whether a name is that of the exposure, packed or not, or of its series."""
    files = (exposure, *(segments_beside(exposure) if order.whole_series else ()))
    return name.removesuffix(".gz") in {file.name.removesuffix(".gz") for file in files}


def _other(stated: dict[str, Any], mine: JumpParameters | RampFitParameters) -> str:
    """Return the first parameter with another value, "" if there is none."""
    values = asdict(mine).items()
    return next((name for name, value in values if stated.get(name) != value), "")


def _other_reference(
    path: Path, record: dict[str, Any], order: Order, exposure: Path
) -> str:
    """Return which reference is another one than is given now, "" if none is."""
    is_searched = "quick_look" in record and not order.skip_saturation
    given: dict[ReferenceKind, Path | float | None] = {
        "gain": order.gain,
        "readnoise": order.readnoise,
        "saturation": order.saturation if is_searched else None,
    }
    for kind, reference in given.items():
        entry = record.get(kind)
        if _is_same(entry, reference) and not (
            reference is None and _is_outdated(kind, entry, exposure, order)
        ):
            continue
        # A product of ours as exposure names its references, too.
        if reference is not None or not entry or _record(exposure).get(kind) != entry:
            return f"{path} exists and was made with another {kind}"
    return ""


def _is_outdated(kind: ReferenceKind, entry: Any, exposure: Path, order: Order) -> bool:
    """Return whether CRDS_CONTEXT chooses another file than that of a product."""
    context = stated_context()
    if not context or not isinstance(entry, dict) or entry.get("source") != "crds":
        return False
    if entry.get("context") == context:
        return False
    try:
        with open_ramp(exposure) as ramp:
            if not wanted_context(ramp.header):
                return False
            chosen = choose(kind, ramp.target, fetch=order.fetch_references)
    except (LookupError, OSError, ValueError):  # the work itself says it
        return False
    return chosen.path.name != Path(str(entry.get("name"))).name


def _is_same(entry: Any, given: Path | float | None) -> bool:
    """Return whether a product records what is given now; None: what the header names."""
    if not isinstance(entry, dict):
        return given is None
    source, name = entry.get("source"), str(entry.get("name", ""))
    if given is None:
        return source in ("crds", "header")  # a file that states numbers itself, as of HST
    if isinstance(given, Path):
        return source == "file" and Path(name).name == given.name
    return source == "scalar" and float(name) == given
