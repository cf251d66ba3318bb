"""Write the products of a run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from astropy.io import fits
from astropy.io.fits.verify import VerifyError

from rampviewer.io.asdf_tree import (
    ABOUT_SCIENCE_DATA,
    EXTENSION,
    UNITS,
    array_link,
    observation_tree,
    raw_bytes,
    read_tree,
    standard,
    table_link,
    tree_hdu,
    whole_tree,
)
from rampviewer.io.atomic import make_folder, write_whole
from rampviewer.io.fits_file import find, open_fits
from rampviewer.io.hdus import Extension, Image, Keywords, Original, write_hdus
from rampviewer.io.headers import (
    about_time,
    in_ascii,
    merge_into,
    minimal_header,
    unit_header,
    with_entries,
    without_structure,
)
from rampviewer.io.irs2 import science_rows, trimmed
from rampviewer.io.names import STANDARD, product_paths
from rampviewer.io.provenance import (
    entries,
    history,
    model_name,
    record,
    unused_groups,
)
from rampviewer.io.ramp_file import DARK_CURRENT
from rampviewer.io.readers.choice import open_foreign, source_of
from rampviewer.io.readers.interface import Source
from rampviewer.io.series import in_file, joined_table, series_name
from rampviewer.io.superstripes import INT_TIMES, OF_PARTS, Superstripes
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.results import RatePlanes, Segments
from rampviewer.model.runs.run import Run
from rampviewer.model.runs.run_flags import flags_of_part
from rampviewer.model.settings.naming import Naming

RATE_UNIT, SIGNAL_UNIT = "DN/s", "DN"
TIMES = {INT_TIMES: "int_times", OF_PARTS: "int_times_stripe"}  # tables, by their names


def write_products(
    exposure: Exposure,
    run: Run,
    directory: Path,
    *,
    segments: Segments | None = None,
    overwrite: bool = False,
    which: Sequence[str] = STANDARD,
    naming: Naming | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Path]:
    """Write products that the official data models read; return their paths.

    Headers start from the opened file. When nothing could be fitted, only the jump product
    is written, as by the official steps.

    Parameters
    ----------
    exposure : Exposure
    run : Run
    directory : Path
        Made when it is not there.
    segments : Segments, optional
        Needed for "fitopt", and asks for it.
    overwrite : bool
        Whether existing files may be replaced.
    which : sequence of "jump", "rate", "rateints", "fitopt", "likely_chisq"
    naming : Naming, optional
        What the official output options say.
    progress : callable
        Gets (bytes written, bytes) now and then; what it raises ends the writing.

    Raises
    ------
    FileExistsError
        When files exist and `overwrite` is False; nothing is written then.
    ValueError
        When a product would replace the opened file, is unknown, or lacks its segments.
    OSError
        When a file cannot be written or the opened file is gone; old products stay whole.
    """
    paths = _wanted_paths(exposure, run, Path(directory), segments, which, naming)
    existing = [path for path in paths.values() if path.exists()]
    if existing and not overwrite:
        names = ", ".join(str(path) for path in existing)
        raise FileExistsError(f"{names} exist{'s' if len(existing) == 1 else ''} already")
    make_folder(Path(directory))
    with _source(exposure) as source:
        job = _Job(exposure, run, segments, source, unused_groups(exposure, run))
        parts = {name: _EXTENSIONS[name](job) for name in paths}
        n_bytes = sum(item.size for items in parts.values() for item in items)
        n_done = 0

        def count(n_new: int) -> None:
            nonlocal n_done
            n_done += n_new
            progress(n_done, n_bytes)

        write_whole(
            {
                path: partial(_write, job, name, path, parts[name], count)
                for name, path in paths.items()
            }
        )
    return list(paths.values())


class _Job(NamedTuple):
    exposure: Exposure
    run: Run
    segments: Segments | None
    source: Source
    n_unused: int  # groups that are DO_NOT_USE all over the frame


def _wanted_paths(
    exposure: Exposure,
    run: Run,
    directory: Path,
    segments: Segments | None,
    which: Sequence[str],
    naming: Naming | None,
) -> dict[str, Path]:
    wanted = {*which, *(["fitopt"] if segments is not None else [])}
    paths = product_paths(
        named_path(exposure), directory, products=tuple(wanted), naming=naming
    )
    if run.nothing_fitted:
        return {name: path for name, path in paths.items() if name == "jump"}
    if "fitopt" in wanted and segments is None:
        raise ValueError("fitopt needs the segments of the fit")
    if "likely_chisq" in wanted and run.rate.chisq is None:
        raise ValueError("likely_chisq needs a likelihood fit")
    return paths


def named_path(exposure: Exposure) -> Path | None:
    """Return the path that products are named after."""
    path = exposure.path
    return path.with_name(series_name(path)) if path and exposure.segments else path


@contextmanager
def _source(exposure: Exposure) -> Iterator[Source]:
    if exposure.path is None:
        yield Source(fits.HDUList(), minimal_header(exposure), None)
        return
    changed = f"{exposure.path} is no longer the file that was opened"
    with ExitStack() as stack:
        try:
            ramp = stack.enter_context(open_foreign(exposure.path))
        except ValueError as error:
            raise OSError(changed) from error
        if ramp is not None:
            if ramp.shape != exposure.shape:
                raise OSError(changed)
            yield source_of(ramp)
            return
    with open_fits(exposure.path) as hdus, ExitStack() as stack:
        sci = find(hdus, "SCI")
        skipped = 1 if exposure.segments else 0  # the other segments have more integrations
        if sci is None:
            raise OSError(changed)
        turns = _turns(exposure.path, hdus, sci)
        shape = turns.whole if turns is not None else _shape_used(hdus, sci)
        if shape[skipped:] != exposure.sci.shape[skipped:]:
            raise OSError(changed)
        header, raw = without_structure(hdus[0].header), raw_bytes(hdus)
        times = [find(hdus, name) for name in TIMES]
        if exposure.segments:
            times = [
                stack.enter_context(joined_table(exposure.segments, name)) for name in TIMES
            ]
        if turns is None:
            yield Source(hdus, header, raw, sci.header, [t for t in times if t is not None])
            return
        tables = turns.times(times[0], header)
        times = [stack.enter_context(in_file(table)) for table in tables]
        yield Source(fits.HDUList(), header, raw, sci.header, times, turns.changes(header))


def _turns(path: Path, hdus: fits.HDUList, sci: Any) -> Superstripes | None:
    """Return by what integrations were put together to frames, None where none were."""
    shape = tuple(sci.shape)
    return Superstripes.of_header(path, hdus[0].header, shape) if len(shape) == 4 else None


def _shape_used(hdus: fits.HDUList, sci: Any) -> tuple[int, ...]:
    shape = tuple(sci.shape)
    return trimmed(shape, science_rows(hdus[0].header, shape)) if len(shape) == 4 else shape


def _write(
    job: _Job,
    product: str,
    path: Path,
    extensions: Sequence[Extension],
    count: Callable[[int], None],
    stream: BinaryIO,
) -> None:
    """Write one product into an open file."""
    exposure, source = job.exposure, job.source
    kind = str(source.header.get("EXP_TYPE", "")).strip()
    model = model_name(product, kind, str(source.header.get("OPMODE", "")).strip())
    found = entries(product, path, model, exposure, job.run, job.n_unused)
    changes = [in_ascii(entry) for entry in (*source.changes, *found)]
    header = with_entries(source.header, changes, history(product, exposure, job.run))
    tree = _tree(job, product, extensions)
    merge_into(tree, changes)
    primary = fits.PrimaryHDU(header=header)
    table = tree_hdu(tree, source.raw_tree)
    try:
        write_hdus(stream, primary, extensions, table, count)
    except VerifyError as error:
        raise OSError(f"its header is invalid: {' '.join(str(error).split())}") from error


def _tree(job: _Job, product: str, extensions: Sequence[Extension]) -> dict[str, Any]:
    original = read_tree(job.source.raw_tree)
    if product == "jump":
        tree = whole_tree(original)
    elif product.startswith("rate"):
        tree = observation_tree(original, unit=RATE_UNIT)
    else:
        tree = observation_tree(original, without=_ABSENT[product])
    attributes, version = _ATTRIBUTES[product], standard(job.source.raw_tree)
    for item in extensions:
        if item.name in attributes:
            tree[attributes[item.name]] = array_link(item, version)
        elif item.name in TIMES and isinstance(item, Original):
            tree[TIMES[item.name]] = table_link(item, version)
    read_times = job.exposure.timing.read_times
    if product == "jump" and read_times is not None:
        tree.setdefault("meta", {}).setdefault("exposure", {})
        tree["meta"]["exposure"]["read_times"] = [list(group) for group in read_times]
    tree["rampviewer"] = record(product, job.exposure, job.run)
    return tree


def _jump_extensions(job: _Job) -> list[Extension]:
    """Return all extensions of the exposure in their order, with the new flags."""
    if not job.source.hdus:
        return _of_arrays(job)
    return _in_place(job, _replaced(job))


def _flag_planes(job: _Job) -> dict[str, Image]:
    """Return the flags after jump detection."""
    groupdq = Image(
        name="GROUPDQ",
        shape=job.exposure.groupdq.shape,
        dtype=job.exposure.groupdq.dtype,
        part=partial(flags_of_part, job.exposure, job.run),
    )
    return {"PIXELDQ": Image.of("PIXELDQ", job.run.pixeldq), "GROUPDQ": groupdq}


def _of_arrays(job: _Job) -> list[Extension]:
    """Return the extensions where there are none to take over."""
    exposure, sci = job.exposure, job.source.sci
    header = None if sci is None else unit_header(sci, SIGNAL_UNIT)
    extra = {"ZEROFRAME": exposure.zeroframe, DARK_CURRENT: exposure.dark_current}
    more = [Image.of(name, data) for name, data in extra.items() if data is not None]
    science = Image.of("SCI", exposure.sci, header)
    return [science, *_flag_planes(job).values(), *more, *_times(job)]


def _replaced(job: _Job) -> dict[str, Image]:
    """Return the images that take the place of those in the opened file."""
    exposure, hdus = job.exposure, job.source.hdus
    planes = {"SCI": Image.of("SCI", exposure.sci), **_flag_planes(job)}
    first, sci = exposure.zeroframe, hdus["SCI"]
    if first is not None:
        is_read = exposure.quick_look or first.shape != hdus["ZEROFRAME"].shape
        if exposure.segments or is_read:
            planes["ZEROFRAME"] = Image.of("ZEROFRAME", first)
    is_plain = sci.header["BITPIX"] == -32 and "BSCALE" not in sci.header
    if is_plain and tuple(sci.shape) == exposure.sci.shape and not exposure.segments:
        del planes["SCI"]  # its bytes are copied as they are
    return planes


def _in_place(job: _Job, planes: dict[str, Image]) -> list[Extension]:
    """Return the extensions of the opened file, some replaced; new ones follow SCI."""
    exposure = job.exposure
    extensions: list[Extension] = []
    for hdu in job.source.hdus[1:]:
        if hdu.name == EXTENSION or (hdu.name == "ERR" and exposure.segments):
            continue
        if hdu.name in TIMES:
            extensions += [item for item in _times(job) if item.name == hdu.name]
            continue
        image = planes.pop(hdu.name, None)
        if image is None:
            extensions.append(Original(hdu))
        else:
            extensions.append(replace(image, header=without_structure(hdu.header)))
    place = 1 + [item.name for item in extensions].index("SCI")
    extensions[place:place] = planes.values()
    return extensions


def _rateints_extensions(job: _Job) -> list[Extension]:
    extensions = _planes(job, job.run.rateints)
    extensions[3:3] = _times(job)
    return extensions


def _times(job: _Job) -> list[Extension]:
    """Return the tables of times."""
    return [Original(table) for table in job.source.times]


def _planes(job: _Job, rate: RatePlanes) -> list[Extension]:
    return [
        Image.of("SCI", rate.slope, unit_header(job.source.sci, RATE_UNIT)),
        Image.of("ERR", rate.err, unit_header(None, RATE_UNIT)),
        Image.of("DQ", rate.dq),
        Image.of("VAR_POISSON", rate.var_poisson),
        Image.of("VAR_RNOISE", rate.var_rnoise),
    ]


def _fitopt_extensions(job: _Job) -> list[Extension]:
    arrays = {name: getattr(job.segments, name) for name in _SEGMENT_ORDER}
    header = about_time(job.source.sci)
    words = [Keywords(name="SCI", header=header)] if len(header) else []
    return [*words, *(Image.of(name.upper(), data) for name, data in arrays.items())]


def _chisq_extensions(job: _Job) -> list[Extension]:
    chisq = job.run.rate.chisq
    assert chisq is not None
    header = unit_header(job.source.sci, "")
    header.pop("BUNIT", None)  # a chi-square has no unit
    return [Image.of("SCI", chisq, header)]


_SEGMENT_ORDER = (
    "slope",
    "sigslope",
    "var_poisson",
    "var_rnoise",
    "yint",
    "sigyint",
    "pedestal",
    "weights",
    "crmag",
)
_EXTENSIONS: dict[str, Callable[[_Job], list[Extension]]] = {
    "jump": _jump_extensions,
    "rate": lambda job: _planes(job, job.run.rate),
    "rateints": _rateints_extensions,
    "fitopt": _fitopt_extensions,
    "likely_chisq": _chisq_extensions,
}
# What of the metadata does not hold for a product.
_ABSENT = {"fitopt": ABOUT_SCIENCE_DATA, "likely_chisq": UNITS}
_RATE_ATTRIBUTES = {
    "SCI": "data",
    "ERR": "err",
    "DQ": "dq",
    "VAR_POISSON": "var_poisson",
    "VAR_RNOISE": "var_rnoise",
}
_ATTRIBUTES: dict[str, dict[str, str]] = {
    "jump": {
        "SCI": "data",
        "PIXELDQ": "pixeldq",
        "GROUPDQ": "groupdq",
        "ZEROFRAME": "zeroframe",
    },
    "rate": _RATE_ATTRIBUTES,
    "rateints": _RATE_ATTRIBUTES,
    "fitopt": {name.upper(): name for name in _SEGMENT_ORDER},
    "likely_chisq": {"SCI": "data"},
}
