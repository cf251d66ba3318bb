"""Which exposures of a batch can be worked on together."""

from collections.abc import Iterable
from pathlib import Path

from rampviewer.batch.order import Order, Outcome
from rampviewer.batch.standing import made_from, wanted_products
from rampviewer.io.names import PRODUCTS
from rampviewer.io.series import segments_beside


def planned(paths: Iterable[Path], order: Order) -> tuple[list[Path], list[Outcome]]:
    """Return the exposures to work on, and those that another one stands in the way of.

    Of a series that is read as one, the first segment stands for all. Products of exposures
    that are given too are left out: `*.fits` names those of the time before.
    """
    paths = list(paths)
    given = {_unpacked(path.name) for path in paths}
    free: list[Path] = []
    refused: list[Outcome] = []
    taken: set[Path] = set()
    series: dict[tuple[Path, ...], Path] = {}
    for path in paths:
        segments = segments_beside(path.absolute()) if order.whole_series else ()
        if segments and series.setdefault(segments, path) != path:
            reason = f"{path}: it is read with {series[segments].name} as one exposure"
            refused.append(Outcome(path=path, state="skipped", reason=reason))
            continue
        source = made_from(path) if _is_named_as_product(path, order) else ""
        if _unpacked(source) in given - {_unpacked(path.name)}:
            reason = f"{path}: it is a product of {source}"
            refused.append(Outcome(path=path, state="skipped", reason=reason))
            continue
        try:
            products = {p.resolve(): p for p in wanted_products(path, order).values()}
        except ValueError as error:
            refused.append(Outcome(path=path, state="failed", reason=f"{path}: {error}"))
            continue
        both = taken.intersection(products)
        if both:
            reason = (
                f"{path}: {products[both.pop()]} is written for another file; "
                "process this one into another directory (-o)"
            )
            refused.append(Outcome(path=path, state="failed", reason=reason))
        else:
            taken.update(products)
            free.append(path)
    return free, refused


def _is_named_as_product(path: Path, order: Order) -> bool:
    """Return whether a file may be a product, so that a look into it is worth its while."""
    endings = tuple(order.naming.ending(product) for product in PRODUCTS)
    return _unpacked(path.name).removesuffix(".fits").endswith(endings)


def _unpacked(name: str) -> str:
    return name.removesuffix(".gz")
