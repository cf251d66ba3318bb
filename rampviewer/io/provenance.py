"""What a product says about how it was made."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq, any_set
from rampviewer.core.facts import groups_wholly
from rampviewer.io.own_products import NUMBERS, STAMPS, VALUE
from rampviewer.model.exposure import Exposure, Reference
from rampviewer.model.memory.scratch import release
from rampviewer.model.planes.plane import group_flags
from rampviewer.model.runs.fit_notes import fit_notes
from rampviewer.model.runs.group_range import range_note, used_groups
from rampviewer.model.runs.run import Run

_NAMES = ("TELESCOP", "INSTRUME", "DETECTOR", "FILTER")
IFU_TYPES = ("NRS_IFU", "MIR_MRS")
LAMP_TYPES = ("NRS_AUTOWAVE", "NRS_LAMP")


class Entry(NamedTuple):
    """A statement for the header and, unless `path` is (), for the tree.

    A keyword whose value is None is taken out of the header.
    """

    keyword: str
    value: Any
    comment: str
    path: tuple[str, ...] = ()


def model_name(product: str, exp_type: str, lamp_mode: str) -> str:
    """Return the official data model of a product."""
    is_ifu = exp_type in IFU_TYPES or (exp_type in LAMP_TYPES and lamp_mode == "IFU")
    return {
        "jump": "RampModel",
        "rate": "IFUImageModel" if is_ifu else "ImageModel",
        "rateints": "CubeModel",
        "fitopt": "RampFitOutputModel",
        "likely_chisq": "ImageModel",
    }[product]


def entries(
    product: str, path: Path, model: str, exposure: Exposure, run: Run, n_unused: int
) -> list[Entry]:
    """Return what changes in the metadata from the exposure to a product.

    Parameters
    ----------
    product : "jump", "rate", "rateints", "fitopt" or "likely_chisq"
    path : Path
        Where it will be.
    model : str
        Its data model.
    exposure, run : Exposure, Run
    n_unused : int
        Groups that are DO_NOT_USE all over the frame, see `unused_groups`.
    """
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    result = [
        Entry("DATE", now, "UTC date file created", ("date",)),
        Entry("FILENAME", path.name, "Name of the file", ("filename",)),
        Entry("DATAMODL", model, "Type of data model", ("model_type",)),
        *_jump_entries(exposure, run, n_unused),
    ]
    if exposure.segments:
        result += _series_entries(exposure)
    factor = exposure.gain_reference.gain_factor
    if product != "jump":
        result += _reference_entries(exposure)
        if factor is not None:
            gain_path = ("exposure", "gain_factor")
            result.append(Entry("GAINFACT", factor, "Gain scale factor", gain_path))
    is_skipped = "ramp_fit" in run.recipe.skipped
    if is_skipped or product.startswith("rate"):
        state = "SKIPPED" if is_skipped else "COMPLETE"
        result.append(Entry("S_RAMP", state, "Ramp Fitting", ("cal_step", "ramp_fit")))
    result += [
        Entry("RV_VERS", version("rampviewer"), "rampviewer version"),
        Entry(
            "RV_FLAGS", run.recipe.delivered_jumps, "What was done with delivered JUMP_DET"
        ),
        *_number_entries(exposure),
        *_telescope_entries(exposure),
        *_context_entries(exposure),
        *_quick_look_entries(exposure),
    ]
    return list(dict.fromkeys(result))


def _series_entries(exposure: Exposure) -> Iterator[Entry]:
    """Return that the integrations of all segments are here."""
    n_ints = exposure.n_ints
    for keyword, value, comment, name in (
        ("INTSTART", 1, "Starting integration number in this segment", "integration_start"),
        ("INTEND", n_ints, "Ending integration number in this segment", "integration_end"),
        ("EXSEGNUM", 1, "Segment number of a product", "segment_number"),
        ("EXSEGTOT", 1, "Total number of segments", "segment_total"),
    ):
        yield Entry(keyword, value, comment, ("exposure", name))


def unused_groups(exposure: Exposure, run: Run) -> int:
    """Return how many groups are DO_NOT_USE all over the frame after jump detection."""
    # No run sets the flag, but a snowball may take it from a pixel.
    delivered = np.argwhere(groups_wholly(exposure.groupdq, int(Dq.DO_NOT_USE)))
    release(exposure.groupdq)
    return sum(
        bool(any_set(group_flags(exposure, run, i, group), Dq.DO_NOT_USE).all())
        for i, group in delivered.tolist()
    )


def _jump_entries(exposure: Exposure, run: Run, n_unused: int) -> list[Entry]:
    step = ("cal_step", "jump")
    skipped = Entry("S_JUMP", "SKIPPED", "Jump Detection", step)
    if "jump" in run.recipe.skipped:
        return [skipped]
    if run.recipe.delivered_jumps == "as_delivered":
        was_done = exposure.keywords.get("S_JUMP") == "COMPLETE"
        return [] if was_done else [skipped]
    if run.jump_skipped:
        return [skipped]
    return [
        *_event_rates(exposure, run, n_unused),
        Entry("S_JUMP", "COMPLETE", "Jump Detection", step),
        *_reference_entries(exposure),
    ]


def _event_rates(exposure: Exposure, run: Run, n_unused: int) -> list[Entry]:
    """Return the rates of cosmic rays and large events as the jump step counts them."""
    n_differences = exposure.n_ints * exposure.n_groups - n_unused - exposure.n_ints
    if n_differences < 1:
        return []
    n_pixels = exposure.n_rows * exposure.n_cols
    amount = (exposure.timing.group_time * n_differences) * n_pixels  # rounds as there
    return [
        Entry(
            "PRIMECRS",
            1000 * run.n_primary / amount,
            "Cosmic Ray rate per thousand pixels per second",
            ("exposure", "primary_cosmic_rays"),
        ),
        Entry(
            "EXTNCRS",
            1e6 * run.n_extended / amount,
            "Snowballs/showers per million pixels per second",
            ("exposure", "extended_emission_events"),
        ),
    ]


def _reference_entries(exposure: Exposure) -> Iterator[Entry]:
    gain, readnoise = exposure.gain_reference, exposure.readnoise_reference
    names = {"gain": "Gain", "readnoise": "Read noise"}
    for keyword, reference in (("R_GAIN", gain), ("R_READNO", readnoise)):
        comment = f"{names[reference.kind]} reference file name"
        path = ("ref_file", reference.kind, "name")
        yield Entry(keyword, recorded_name(reference), comment, path)


def _number_entries(exposure: Exposure) -> Iterator[Entry]:
    """Return the numbers that stand for references, and that there are no such any more."""
    gain, readnoise = exposure.gain_reference, exposure.readnoise_reference
    units = {"gain": "electron/DN", "readnoise": "DN"}
    for reference, data in ((gain, exposure.gain), (readnoise, exposure.readnoise)):
        number, unit = _number(reference, data), units[reference.kind]
        comment = f"[{unit}] stated for all pixels"
        yield Entry(NUMBERS[reference.kind], number, comment)


def _number(reference: Reference, data: NDArray[np.float32]) -> float | None:
    """Return the number that a reference is; of one that is read, no digit is lost."""
    if reference.source == "scalar":
        return float(reference.name)
    return float(str(data[0, 0])) if reference.source == "header" else None


def _telescope_entries(exposure: Exposure) -> Iterator[Entry]:
    """Return what took an exposure of another telescope.

    The official data models do not know its names and leave them out of what they save;
    keywords that they do not know at all they keep.
    """
    words = [str(exposure.keywords.get(key, "")).strip() for key in _NAMES]
    if words[0] not in ("", "JWST"):
        taken = " ".join(filter(None, words))
        yield Entry("RV_TAKEN", taken, "Telescope, instrument, detector, filter")


def _context_entries(exposure: Exposure) -> Iterator[Entry]:
    """Return whose rules chose the references, where those of CRDS were applied."""
    contexts = {reference.context for reference in exposure.references} - {""}
    if len(contexts) == 1:
        path = ("ref_file", "crds", "context_used")
        comment = "CRDS context (.pmap) used to select ref files"
        yield Entry("CRDS_CTX", contexts.pop(), comment, path)


def _quick_look_entries(exposure: Exposure) -> Iterator[Entry]:
    if not exposure.quick_look:
        return
    yield Entry("RV_QUICK", True, "Quick look: the exposure is uncalibrated")
    if exposure.skip_saturation:
        step = ("cal_step", "saturation")
        yield Entry("S_SATURA", "SKIPPED", "Saturation Checking", step)
    level = exposure.saturation_reference
    if level is None:
        return
    path = ("ref_file", "saturation", "name")
    name = "Saturation reference file name"
    yield Entry("R_SATURA", recorded_name(level), name, path)
    if level.source == "scalar":
        yield Entry("RV_SATUR", float(level.name), "[DN] saturation level, all pixels")


def recorded_name(reference: Reference) -> str:
    """Return what R_GAIN or R_READNO says: N/A for what is not a file."""
    if reference.source == "crds":
        return f"crds://{Path(reference.name).name}"
    return reference.place or "N/A"


def history(product: str, exposure: Exposure, run: Run) -> Iterator[str]:
    """Return lines for HISTORY: all parameters and references of the product."""
    yield f"rampviewer {version('rampviewer')}: {product}"
    if exposure.segments:
        names = ", ".join(path.name for path in exposure.segments)
        yield from textwrap.wrap(f"made of: {names}", 68, subsequent_indent="  ")
    if exposure.quick_look:
        yield from textwrap.wrap(exposure.quick_look, 68)
    yield "references:"
    for reference in exposure.references:
        yield from textwrap.wrap(
            f"  {reference.kind} = {reference}", 68, subsequent_indent="    "
        )
    if run.recipe.source:
        yield from textwrap.wrap(
            f"parameters: {run.recipe.source}", 68, subsequent_indent="  "
        )
    if "jump" in run.recipe.skipped:
        yield "jump: skipped as wanted, flags as delivered"
    elif run.recipe.delivered_jumps == "as_delivered":
        yield "jump: not run, flags as delivered"
    elif run.jump_skipped:
        yield "jump: skipped, fewer than three groups"
    for step, parameters in used_parameters(product, run).items():
        yield f"{step}:"
        for name, value in parameters.items():
            yield f"  {name} = {value}"
    if product != "jump":
        n_groups = run.jump_bits.shape[1]
        yield f"  used: {used_groups(run.recipe.fit, n_groups)}"
        for note in fit_notes(run.recipe, n_groups):
            yield from textwrap.wrap(note, 68, initial_indent="  ", subsequent_indent="  ")
    elif "ramp_fit" in run.recipe.skipped:
        yield "ramp_fit: skipped as wanted"


def used_parameters(product: str, run: Run) -> dict[str, dict[str, Any]]:
    """Return the parameters of each step that took part, under their official names."""
    steps: dict[str, dict[str, Any]] = {}
    if run.recipe.delivered_jumps != "as_delivered" and not run.jump_skipped:
        steps["jump"] = asdict(run.recipe.jump)
    if product != "jump":
        steps["ramp_fit"] = asdict(run.recipe.fit)
    return steps


def record(product: str, exposure: Exposure, run: Run) -> dict[str, Any]:
    """Return the same for the tree, with what it was made from: exposure and references."""
    stamps, n_grow = exposure.timing.stamps, exposure.n_pix_grow_sat
    return {
        "version": version("rampviewer"),
        **({"exposure": exposure.path.name} if exposure.path else {}),
        "delivered_jumps": run.recipe.delivered_jumps,
        **({"skipped": sorted(run.recipe.skipped)} if run.recipe.skipped else {}),
        **({"parameters_from": run.recipe.source} if run.recipe.source else {}),
        **_origins(exposure),
        **({} if stamps is None else {STAMPS: list(stamps)}),
        **({"quick_look": exposure.quick_look} if exposure.quick_look else {}),
        **({} if exposure.use_readpatt else {"use_readpatt": False}),
        **({} if n_grow == 1 else {"n_pix_grow_sat": n_grow}),
        **({"skip_saturation": True} if exposure.skip_saturation else {}),
        "parameters": used_parameters(product, run),
        **_groups(product, run),
    }


def _origins(exposure: Exposure) -> dict[str, dict[str, Any]]:
    """Return where each reference is from, so that a product of ours opens with it."""
    found = {reference.kind: _origin(reference) for reference in exposure.references}
    for reference, data in (
        (exposure.gain_reference, exposure.gain),
        (exposure.readnoise_reference, exposure.readnoise),
    ):
        if reference.source == "header":
            found[reference.kind][VALUE] = _number(reference, data)
    return {str(kind): origin for kind, origin in found.items()}


def _origin(reference: Reference) -> dict[str, Any]:
    context = {"context": reference.context} if reference.context else {}
    name = reference.place or reference.name
    return {"source": reference.source, "name": name, **context}


def _groups(product: str, run: Run) -> dict[str, Any]:
    """Return which groups the fit might use, and why not those that were asked for."""
    if product == "jump":
        return {}
    fit, n_groups = run.recipe.fit, run.jump_bits.shape[1]
    note = range_note(fit, n_groups)
    return {
        "groups_used": used_groups(fit, n_groups),
        **({"groups_note": note} if note else {}),
    }
