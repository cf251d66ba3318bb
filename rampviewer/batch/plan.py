"""Which exposures of a batch can be worked on together."""

from collections.abc import Iterable
from pathlib import Path

from rampviewer.batch.order import Order, Outcome
from rampviewer.batch.standing import wanted_products


def planned(paths: Iterable[Path], order: Order) -> tuple[list[Path], list[Outcome]]:
    """Return the exposures to work on, and those whose products another one writes."""
    free: list[Path] = []
    refused: list[Outcome] = []
    taken: set[Path] = set()
    for path in paths:
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
