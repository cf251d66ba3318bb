"""The work on one exposure of a batch, in whichever process."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rampviewer.batch.order import Order, Outcome
from rampviewer.batch.standing import standing
from rampviewer.model.errors import sentence

if TYPE_CHECKING:
    from rampviewer.api import Result


class Listener(Protocol):
    """What hears of the progress of one exposure."""

    def part(self, name: str) -> Callable[[int, int], None]:
        """Hear that a part begins: "reading", "processing" or "writing"."""
        ...

    def note(self, text: str) -> None:
        """Hear a sentence that cannot wait."""
        ...


class Deaf:
    """Hears nothing."""

    def part(self, _name: str) -> Callable[[int, int], None]:
        return lambda _done, _total: None

    def note(self, _text: str) -> None:
        pass


def process_file(path: Path, order: Order, listener: Listener | None = None) -> Outcome:
    """Read one exposure, apply both steps and write the products.

    What is wrong with a file is in what is returned, so that others go on.
    """
    start = time.monotonic()
    try:
        outcome = _processed(path, order, listener or Deaf())
    except BrokenPipeError:
        raise
    except (OSError, ValueError, MemoryError) as error:
        reason = sentence(error, str(path), *map(str, order.references))
        outcome = Outcome(path=path, state="failed", reason=reason)
    return replace(outcome, seconds=time.monotonic() - start)


def _processed(path: Path, order: Order, listener: Listener) -> Outcome:
    there = standing(path, order)
    if there.products:
        return _left_alone(path, order, there.products)
    from rampviewer import api  # noqa: PLC0415 - loads numba; keeps --help quick
    from rampviewer.io.ramp_reader import read_exposure  # noqa: PLC0415 - as above

    exposure = read_exposure(  # whose errors name options, not arguments
        path,
        gain=order.gain,
        readnoise=order.readnoise,
        saturation=order.saturation,
        use_readpatt=order.use_readpatt,
        n_pix_grow_sat=order.n_pix_grow_sat,
        skip_saturation=order.skip_saturation,
        fetch_references=order.fetch_references,
        memory_budget=order.memory_budget,
        whole_series=order.whole_series,
        announce=listener.note,
        progress=listener.part("reading"),
    )
    recipe = order.recipe
    result = api.process(
        exposure,
        recipe.jump,
        recipe.fit,
        order.delivered_jumps,
        skip=recipe.skipped,
        source=recipe.source,
        n_threads=order.n_threads,
        progress=listener.part("processing"),
    )
    products = result.save(
        order.directory,
        save_opt=order.save_opt,
        naming=order.naming,
        overwrite=there.replaces,
        progress=listener.part("writing"),
    )
    return _outcome(path, result, products)


def _left_alone(path: Path, order: Order, products: tuple[Path, ...]) -> Outcome:
    """Return that nothing was left to do: done if this very batch did it, else skipped."""
    since = order.since
    if since is not None and all(p.stat().st_mtime >= since for p in products):
        return Outcome(path=path, state="done", products=products)
    reason = f"{path}: its products are newer and made with the same parameters"
    return Outcome(path=path, state="skipped", products=products, reason=reason)


def _outcome(path: Path, result: "Result", products: list[Path]) -> Outcome:
    """Return what was made; it failed where there are no rates."""
    names = ", ".join(map(str, products))
    skipped, none_fitted = result.run.recipe.skipped, result.run.nothing_fitted
    failed = none_fitted and "ramp_fit" not in skipped
    written = f"only the flags were written ({names})" if names else "nothing was written"
    nothing = f"{path}: no ramp can be fitted, so there is no rate product; {written}"
    return Outcome(
        path=path,
        state="failed" if failed else "done",
        products=tuple(products),
        notes=tuple(result.notes),
        reason=nothing if failed else "",
        n_primary=_counted(result, result.run.n_primary),
        n_extended=_counted(result, result.run.n_extended),
    )


def _counted(result: "Result", number: int) -> int | None:
    """Return a number of jumps, None where none were searched for or none are counted."""
    run = result.run
    is_searched = not run.jump_skipped and "jump" not in run.recipe.skipped
    return number if is_searched and number >= 0 else None
