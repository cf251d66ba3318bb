"""`rampviewer process FILE...`: both steps on every file, without a window."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from rampviewer.batch.cluster import process_on_cluster
from rampviewer.batch.order import Order, Outcome
from rampviewer.batch.plan import planned
from rampviewer.batch.pool import process_side_by_side
from rampviewer.batch.work import process_file
from rampviewer.cli.console import Bars, Progress, above_bars, complain, say, say_json
from rampviewer.cli.options import (
    Parser,
    add_memory_budget,
    add_parameters,
    add_references,
    add_whole_series,
    n_threads,
    references_of,
    whole,
)
from rampviewer.cli.outputs import add_outputs, shared, stated, with_overrides
from rampviewer.model.runs.bands import cores
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.saturation_options import saturation_options
from rampviewer.model.settings.step_parameters import Step, skipped_of, unofficial_notes

DESCRIPTION = """\
Detect jumps and fit ramps; write the products _jump, _rate and _rateints.

Parameters have the official names, with - or _; a switch is --x, --no-x or --x=True.
Products that are newer than their exposure and made with the same parameters are left
alone, so that a batch that was stopped goes on when it is started again.
Exit code: 0 all done, 1 a file could not be processed, 2 wrong usage.
"""


def run(arguments: Sequence[str]) -> int:
    """Process every file; 1 when one of them could not be processed whole."""
    parser = make_parser()
    values = parser.read(arguments)
    try:
        order = _order(values)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    for note in order.parameters.notes:
        complain(note)
    try:
        _save_parameters(order, values.save_parameters)
        return _process(order, values)
    except BrokenPipeError:
        raise
    except (ValueError, OSError) as error:
        complain(str(error))
        return 1


def _process(order: Order, values: Namespace) -> int:
    """Process all files and say what became of each; return the exit code."""
    paths, refused = planned(values.files, order)
    ended: list[Outcome] = []
    with Bars(len(paths), values.quiet) as bars:
        for outcome in chain(refused, _outcomes(paths, order, values, bars)):
            ended.append(outcome)
            bars.count(outcome.state == "failed")
            with above_bars():
                _show(outcome, values.json)
    if len(ended) > 1:
        complain(_summary(ended))
    return 1 if any(outcome.state == "failed" for outcome in ended) else 0


def _outcomes(
    paths: list[Path], order: Order, values: Namespace, bars: Bars
) -> Iterator[Outcome]:
    """Give the outcome of each file as it ends, wherever it is worked on."""
    if values.scheduler:
        yield from process_on_cluster(paths, order, values.scheduler)
    elif values.jobs > 1 and len(paths) > 1:
        yield from process_side_by_side(paths, order, values.jobs, bars)
    else:
        for path in paths:
            with Progress(path.name, values.quiet, bars.n_rows) as progress:
                outcome = process_file(path, order, progress)
            yield outcome


def _show(outcome: Outcome, as_json: bool) -> None:
    """Write what was made to standard output, and what should be known to the other."""
    if as_json:
        say_json(outcome.as_json)
    elif outcome.state != "skipped":
        for product in outcome.products:
            say(str(product))
    for note in outcome.notes:
        complain(f"{outcome.path}: {note}")
    if outcome.reason:
        complain(f"{outcome.reason}; skipped" if outcome.is_skipped else outcome.reason)


def _summary(ended: list[Outcome]) -> str:
    failed = [outcome.path.name for outcome in ended if outcome.state == "failed"]
    skipped = sum(outcome.is_skipped for outcome in ended)
    parts = [
        f"{len(ended) - len(failed) - skipped} processed",
        f"{skipped} skipped" * (skipped > 0),
        f"{len(failed)} failed ({', '.join(failed)})" * bool(failed),
    ]
    return f"{len(ended)} exposures: {', '.join(filter(None, parts))}"


def _save_parameters(order: Order, where: Path | None) -> None:
    """Write the parameters before the work is done, as the official step does."""
    if where is None:
        return
    from rampviewer.io.parameter_writer import (  # noqa: PLC0415 - as above
        write_parameters,
    )

    try:
        paths = write_parameters(
            where,
            jump=order.jump,
            fit=order.fit,
            options=_options(order),
            saturation=_saturation(order),
            overwrite=order.overwrite,
        )
    except FileExistsError as error:
        raise FileExistsError(f"{error}; --overwrite replaces it") from None
    for path in paths:
        say(str(path))
    for note in unofficial_notes(order.jump):
        complain(note)


def _saturation(order: Order) -> dict[str, Any]:
    """Return what the official saturation step would have to be told, if anything."""
    level = order.saturation
    return saturation_options(
        str(level.absolute()) if isinstance(level, Path) else "",
        use_readpatt=order.use_readpatt,
        n_pix_grow_sat=order.n_pix_grow_sat,
        skip=order.skip_saturation,
    )


def _options(order: Order) -> dict[Step, dict[str, Any]]:
    """Return the official options in use, with the files of gain and read noise.

    A number stands in no such file; a file that it takes the place of must not, either.
    """
    given = {"override_gain": order.gain, "override_readnoise": order.readnoise}
    files = {name: str(p.absolute()) for name, p in given.items() if isinstance(p, Path)}
    return {
        step: {name: value for name, value in own.items() if name not in given} | files
        for step, own in order.parameters.options.items()
    }


def _order(values: Namespace) -> Order:
    found = stated(values)
    given = with_overrides(references_of(values), found)
    asked = [
        part["maximum_cores"] for part in found.options.values() if "maximum_cores" in part
    ]
    # On a cluster, "all" are those of each worker.
    threads = values.maximum_cores or (cores(asked[0]) if asked else None)
    return Order(
        directory=shared(found, "output_dir") or Path(),
        gain=given.gain,
        readnoise=given.readnoise,
        saturation=given.saturation,
        use_readpatt=given.use_readpatt,
        n_pix_grow_sat=given.n_pix_grow_sat,
        skip_saturation=given.skip_saturation,
        fetch_references=given.fetch,
        parameters=found,
        jump=found.jump,
        fit=found.fit,
        naming=found.naming(),
        delivered_jumps=values.delivered_jumps,
        skipped=_skipped(found, values.delivered_jumps),
        n_threads=threads,
        save_opt=found.options["ramp_fit"].get("save_opt", False),
        overwrite=values.overwrite,
        memory_budget=values.memory_budget,
        whole_series=values.whole_series,
    )


def _skipped(found: ParameterSet, delivered_jumps: str) -> frozenset[Step]:
    """Return the steps that files and options leave out."""
    skipped = skipped_of(found.skipped)
    if "jump" in skipped and delivered_jumps == "drop":
        raise ValueError(
            "jump detection is skipped, and flags as delivered are kept: "
            "--delivered-jumps drop cannot be done"
        )
    return skipped


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="rampviewer process",
        usage="rampviewer process FILE... [-o DIR] [options]",
        description=DESCRIPTION,
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument(
        "-o",
        "--output-dir",
        type=Path,
        metavar="DIR",
        help="where the products go; made if need be (default: the current directory)",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace existing products, whatever they are",
    )
    parser.add_argument(
        "--delivered-jumps",
        choices=("keep", "drop"),
        default="keep",
        help="what becomes of JUMP_DET flags that are in the file (default: keep)",
    )
    parser.add_argument(
        "--maximum-cores",
        type=n_threads,
        metavar="N",
        help="threads: none, quarter, half, all or a number (default: all)",
    )
    _add_talk(parser)
    add_whole_series(parser)
    _add_places(parser)
    add_outputs(parser)
    add_memory_budget(parser)
    add_references(parser)
    add_parameters(parser)
    return parser


def _add_talk(parser: Parser) -> None:
    """Add the options that say what is written to the terminal."""
    parser.add_argument("-q", "--quiet", action="store_true", help="show no progress bar")
    parser.add_argument(
        "--json",
        action="store_true",
        help="write one line of JSON for each exposure in place of the names of products",
    )


def _add_places(parser: Parser) -> None:
    """Add the options that say where the work is done."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "-j",
        "--jobs",
        type=whole(1),
        default=1,
        metavar="N",
        help="exposures at a time; they share threads and memory (default: 1)",
    )
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="work on an existing Dask cluster, such as tcp://host:8786, whose workers see "
        "the same files (pip install 'rampviewer[dask]')",
    )
