"""What a move of the parameters changes in a run."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.live.bits import put_jumps, put_values
from rampviewer.model.memory import pages
from rampviewer.model.runs.results import RatePlanes
from rampviewer.model.runs.run import Run


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delta:
    """The run of new parameters, where it differs from that of the parameters before.

    Without `pixels` the run is whole. Else its planes hold no frame, but the values of
    these pixels one after the other, and then some that mean nothing;
    `largest_ratio`, which no such move changes, is not among them. Recipe, counters and
    large events are always those of the whole exposure.
    """

    generation: int  # counts the moves of a `LiveRun`; each starts from the one before
    run: Run
    pixels: NDArray[np.int64] | None = None  # (n,) row x n_cols + column, each once


def apply(delta: Delta, run: Run) -> Run:
    """Return the run that a move leads to.

    Parameters
    ----------
    delta : Delta
    run : Run
        Of the parameters before. Unless the delta is whole its planes are changed in place
        and belong to the run returned from then on.
    """
    if delta.pixels is None:
        return delta.run
    put_pixels(delta, run)
    return followed(delta, run)


def followed(delta: Delta, run: Run) -> Run:
    """Return a run with the planes of another one, but all else as a move leaves it.

    It is the run that the move leads to as soon as `put_pixels` has changed the planes.
    """
    part = delta.run
    return replace(
        run,
        recipe=part.recipe,
        large=part.large,
        n_primary=part.n_primary,
        n_extended=part.n_extended,
    )


def put_pixels(delta: Delta, run: Run) -> None:
    """Put the pixels of a move, which must not be whole, into the planes of a run."""
    part, written = delta.run, set()
    assert delta.pixels is not None
    for target, source in zip(_planes(run), _planes(part), strict=True):
        place = target.__array_interface__["data"]
        if place not in written:  # else a plane of rate and rateints both, see `BandFit`
            put_values(_by_pixels(source), delta.pixels, _by_pixels(target))
            written.add(place)
    n_cols = run.n_jumps.shape[-1]
    jumps = np.unpackbits(part.jump_bits, axis=-1, count=part.n_jumps.shape[-1])
    n_planes = jumps.shape[0] * jumps.shape[1]
    target = run.jump_bits.reshape(n_planes, *run.jump_bits.shape[2:])
    put_jumps(jumps.reshape(n_planes, -1), delta.pixels, n_cols, target)


_PARTS = "rate", "rateints", "diagnostics"  # of a run, with planes that moves change


def room_like(run: Run) -> Run:
    """Return a run with planes of its own, whose values mean nothing yet."""
    parts = {name: replace(part, **_room(part)) for name, part in _parts(run)}
    return replace(run, **_room(run), **parts)


def fill(copy: Run, run: Run) -> None:
    """Copy the values of all planes of a run to one of `room_like`."""
    for name, part in _parts(run):
        _fill(getattr(copy, name), part)
    _fill(copy, run)


def _parts(run: Run) -> Iterator[tuple[str, Any]]:
    for name in _PARTS:
        yield name, getattr(run, name)


def _moved(part: Any) -> dict[str, NDArray[Any]]:
    """Return the planes of a part of a run, or of the run itself, by their name."""
    values = {item.name: getattr(part, item.name) for item in fields(part)}
    return {
        name: value
        for name, value in values.items()
        if isinstance(value, np.ndarray) and name != "pixeldq"  # no move changes that
    }


def _room(part: Any) -> dict[str, Any]:
    return {
        name: pages.empty(value.shape, value.dtype) for name, value in _moved(part).items()
    }


def _fill(copy: Any, part: Any) -> None:
    for name, value in _moved(part).items():
        np.copyto(getattr(copy, name), value)


def _by_pixels(planes: NDArray[Any]) -> NDArray[Any]:
    return planes.reshape(-1, planes.shape[-2] * planes.shape[-1])


def _planes(run: Run) -> Iterator[NDArray[Any]]:
    """Yield every plane, (..., n_rows, n_cols), that a local move may change."""
    for rates in (run.rate, run.rateints):
        for item in fields(RatePlanes):
            if (plane := getattr(rates, item.name)) is not None:
                yield plane
    found = run.diagnostics
    yield from (run.n_jumps, found.first_jump, found.first_saturated)
    yield from (found.n_good, found.n_segments)
