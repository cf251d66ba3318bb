"""`rampviewer process FILE...`: both steps on every file, without a window."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rampviewer.cli.console import Progress, complain, say, sentence
from rampviewer.cli.options import (
    Parser,
    add_memory_budget,
    add_parameters,
    add_references,
    n_threads,
    parameters_of,
    references_of,
)
from rampviewer.model.bands import cores
from rampviewer.model.parameters import JumpParameters, RampFitParameters

DESCRIPTION = """\
Detect jumps and fit ramps; write the products _jump, _rate and _rateints.

Parameters have the official names, with - or _; a switch is --x, --no-x or --x=True.
Exit code: 0 all done, 1 a file could not be processed, 2 wrong usage.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to do with every file."""

    directory: Path
    gain: Path | float | None
    readnoise: Path | float | None
    jump: JumpParameters
    fit: RampFitParameters
    delivered_jumps: Literal["keep", "drop"]
    n_threads: int
    save_opt: bool
    overwrite: bool
    quiet: bool
    memory_budget: int | None


def run(arguments: Sequence[str]) -> int:
    """Process every file; 1 when one of them could not be processed whole."""
    parser = _parser()
    values = parser.read(arguments)
    try:
        order = _order(values)
    except ValueError as error:
        parser.error(str(error))
    code = 0
    written: set[Path] = set()
    for path in values.files:
        try:
            if not _process(path, order, written):
                code = 1
        except BrokenPipeError:
            raise
        except (OSError, ValueError, MemoryError) as error:
            complain(sentence(error, str(path)))
            code = 1
    return code


def _process(path: Path, order: Order, written: set[Path]) -> bool:
    """Process one file; return whether there are rates."""
    from rampviewer import api  # noqa: PLC0415 - loads numba; keeps --help quick

    _refuse_existing(path, order, written)
    with Progress(path.name, order.quiet) as progress:
        exposure = api.open(
            path,
            gain=order.gain,
            readnoise=order.readnoise,
            memory_budget=order.memory_budget,
            announce=progress.note,
            progress=progress.part("reading"),
        )
        result = api.process(
            exposure,
            order.jump,
            order.fit,
            order.delivered_jumps,
            n_threads=order.n_threads,
            progress=progress.part("processing"),
        )
        products = result.save(
            order.directory,
            save_opt=order.save_opt,
            overwrite=order.overwrite,
            progress=progress.part("writing"),
        )
    written.update(product.resolve() for product in products)
    for product in products:
        say(str(product))
    for note in result.notes:
        complain(f"{path}: {note}")
    if result.fit.nothing_fitted:
        names = ", ".join(str(product) for product in products)
        complain(
            f"{path}: no ramp can be fitted, so there is no rate product; "
            f"only the flags were written ({names})"
        )
        return False
    return True


def _refuse_existing(path: Path, order: Order, written: set[Path]) -> None:
    """Raise before the work is done when its products could not be written."""
    from rampviewer.io.names import STANDARD, product_paths  # noqa: PLC0415 - as above

    optional = "likely_chisq" if order.fit.algorithm == "LIKELY" else "fitopt"
    products = (*STANDARD, optional) if order.save_opt else STANDARD
    for product in product_paths(path, order.directory, products=products).values():
        if product.resolve() in written:
            raise ValueError(
                f"{path}: {product} was just written for another file; "
                "process this one into another directory (-o)"
            )
        if product.exists() and not order.overwrite:
            raise FileExistsError(f"{path}: {product} exists; --overwrite replaces it")


def _order(values: Namespace) -> Order:
    gain, readnoise = references_of(values)
    jump, fit = parameters_of(values)
    return Order(
        directory=values.output_dir,
        gain=gain,
        readnoise=readnoise,
        jump=jump,
        fit=fit,
        delivered_jumps=values.delivered_jumps,
        n_threads=values.maximum_cores,
        save_opt=getattr(values, "save_opt", False),
        overwrite=values.overwrite,
        quiet=values.quiet,
        memory_budget=values.memory_budget,
    )


def _parser() -> Parser:
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
        default=Path(),
        metavar="DIR",
        help="where the products go; made if need be (default: the current directory)",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace existing products"
    )
    parser.add_switch(
        parser,
        "save_opt",
        "write _fitopt, the fits of all segments, as well; _likely_chisq with LIKELY",
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
        default=cores("all"),
        metavar="N",
        help="threads: none, quarter, half, all or a number (default: all)",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="show no progress bar")
    add_memory_budget(parser)
    add_references(parser)
    add_parameters(parser)
    return parser
