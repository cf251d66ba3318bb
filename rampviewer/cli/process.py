"""`rampviewer process FILE...`: both steps on every file, without a window."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rampviewer.cli.console import Progress, complain, say, sentence
from rampviewer.cli.options import (
    Parser,
    add_memory_budget,
    add_parameters,
    add_references,
    n_threads,
    references_of,
)
from rampviewer.cli.outputs import add_outputs, shared, stated
from rampviewer.model.bands import cores
from rampviewer.model.naming import Naming
from rampviewer.model.parameter_set import ParameterSet
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.step_parameters import unofficial_notes

if TYPE_CHECKING:
    from rampviewer.api import Result

DESCRIPTION = """\
Detect jumps and fit ramps; write the products _jump, _rate and _rateints.

Parameters have the official names, with - or _; a switch is --x, --no-x or --x=True.
Exit code: 0 all done, 1 a file could not be processed, 2 wrong usage.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to do with every file; `parameters` says where its parameters come from."""

    directory: Path
    gain: Path | float | None
    readnoise: Path | float | None
    parameters: ParameterSet
    jump: JumpParameters
    fit: RampFitParameters
    naming: Naming
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
    except (ValueError, OSError) as error:
        parser.error(str(error))
    for note in order.parameters.notes:
        complain(note)
    try:
        _save_parameters(order, values.save_parameters)
    except (ValueError, OSError) as error:
        complain(str(error))
        return 1
    code = 0
    written: set[Path] = set()
    for path in values.files:
        try:
            if not _process(path, order, written):
                code = 1
        except BrokenPipeError:
            raise
        except (OSError, ValueError, MemoryError) as error:
            complain(sentence(error, str(path), *_references(order)))
            code = 1
    return code


def _references(order: Order) -> list[str]:
    given = order.gain, order.readnoise
    return [str(reference) for reference in given if isinstance(reference, Path)]


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
            source=order.parameters.name or "defaults",
            n_threads=order.n_threads,
            progress=progress.part("processing"),
        )
        products = result.save(
            order.directory,
            save_opt=order.save_opt,
            naming=order.naming,
            overwrite=order.overwrite,
            progress=progress.part("writing"),
        )
    written.update(product.resolve() for product in products)
    return _report(path, products, result)


def _report(path: Path, products: list[Path], result: "Result") -> bool:
    """Say what was written and what should be known; return whether there are rates."""
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
    paths = product_paths(path, order.directory, products=products, naming=order.naming)
    for product in paths.values():
        if product.resolve() in written:
            raise ValueError(
                f"{path}: {product} was just written for another file; "
                "process this one into another directory (-o)"
            )
        if product.exists() and not order.overwrite:
            raise FileExistsError(f"{path}: {product} exists; --overwrite replaces it")


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
            options=order.parameters.options,
            overwrite=order.overwrite,
        )
    except FileExistsError as error:
        raise FileExistsError(f"{error}; --overwrite replaces it") from None
    for path in paths:
        say(str(path))
    for note in unofficial_notes(order.jump):
        complain(note)


def _order(values: Namespace) -> Order:
    found = stated(values)
    gain, readnoise = references_of(values)
    asked = [
        part["maximum_cores"] for part in found.options.values() if "maximum_cores" in part
    ]
    threads = values.maximum_cores or cores(asked[0] if asked else "all")
    return Order(
        directory=shared(found, "output_dir") or Path(),
        gain=shared(found, "override_gain") if gain is None else gain,
        readnoise=shared(found, "override_readnoise") if readnoise is None else readnoise,
        parameters=found,
        jump=found.jump,
        fit=found.fit,
        naming=found.naming(),
        delivered_jumps=values.delivered_jumps,
        n_threads=threads,
        save_opt=found.options["ramp_fit"].get("save_opt", False),
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
        metavar="DIR",
        help="where the products go; made if need be (default: the current directory)",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace existing products"
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
    parser.add_argument("-q", "--quiet", action="store_true", help="show no progress bar")
    add_outputs(parser)
    add_memory_budget(parser)
    add_references(parser)
    add_parameters(parser)
    return parser
