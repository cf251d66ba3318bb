"""All that is known of a pixel as a Markdown text, fit for a ticket."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import describe
from rampviewer.model.exposure import Exposure
from rampviewer.model.pixel.flag_text import origin_text
from rampviewer.model.pixel.pixel_text import count_jumps, position_text, sections
from rampviewer.model.pixel.pixel_view import Decision, IntegrationView, PixelView
from rampviewer.model.text.number_text import fixed_text, many, rate_text, weight_text

HEADER_KEYWORDS = (
    *("DETECTOR", "READPATT", "SUBARRAY"),
    *("SAMP_SEQ", "SUBTYPE", "MATABNAM"),  # of HST and Roman
    *("NINTS", "NGROUPS", "NFRAMES"),
)
WEIGHTS_NOTE = (
    "weight: share in the rate. power: within a segment, groups count by "
    "|(group - middle) / middle|^power, which follows from the S/N of the segment; with "
    "power 0 all count alike."
)
_JUMP = 4
DECISION_HEADS = (
    "int",
    "group",
    "SCI [DN]",
    "GROUPDQ",
    "difference [e]",
    "median [e]",
    "sigma [e]",
    "ratio",
    "threshold",
    "order",
    "flagged as",
)
SEGMENT_HEADS = (
    "int",
    "groups",
    "slope [DN/s]",
    "weight",
    "S/N",
    "power",
    "var_poisson",
    "var_rnoise",
)


def markdown_report(view: PixelView, exposure: Exposure, version: str) -> str:
    """Return the pixel as Markdown: file, parameters, SCI, GROUPDQ, decisions, fits.

    Parameters
    ----------
    view : PixelView
    exposure : Exposure
        To which the pixel belongs.
    version : str
        Of rampviewer.
    """
    blocks = [
        f"## {exposure.name}, pixel {position_text(view)} (0-based)",
        "\n".join(f"* {line}" for line in _head(view, exposure, version)),
        *_arrays(view),
        "### Two-point differences",
        _table(DECISION_HEADS, _decision_rows(view)),
        "### Segments",
        _table(SEGMENT_HEADS, _segment_rows(view)),
        *([_escaped(WEIGHTS_NOTE)] if _is_weighted(view) else []),
    ]
    for section in sections(view):
        lines = "\n".join(f"* {_escaped(line)}" for line in section.lines)
        blocks.append(f"### {section.title}\n\n{lines}")
    return "\n\n".join(blocks) + "\n"


def _head(view: PixelView, exposure: Exposure, version: str) -> Iterator[str]:
    words = exposure.keywords
    named = (f"{key} {words[key]}" for key in HEADER_KEYWORDS if key in words)
    yield ", ".join(filter(None, (exposure.instrument, *named)))
    shape = " x ".join(map(str, exposure.sci.shape))
    yield f"SCI {shape} (integrations, groups, rows, columns)"
    yield f"{view.run_name}: {_escaped(view.parameters_text)}"
    yield f"gain {view.gain:g} electron/DN, read noise {view.readnoise:g} DN (CDS)"
    yield f"rate {rate_text(view.slope, view.err)}, DQ {describe(view.dq)}"
    yield f"PIXELDQ {describe(view.pixeldq)}"
    yield f"{many(count_jumps(view), 'group')} with JUMP_DET; rampviewer {version}"


def _arrays(view: PixelView) -> Iterator[str]:
    """Yield SCI and GROUPDQ of every integration as lines of Python."""
    lines = []
    for i, item in enumerate(view.integrations):
        lines.append(f"SCI[{i}] = {_array(item.signal)}")
        lines.append(f"GROUPDQ[{i}] = {_array(item.groupdq)}")
        if item.delivered is not None and not np.array_equal(item.delivered, item.groupdq):
            lines.append(f"GROUPDQ_delivered[{i}] = {_array(item.delivered)}")
    yield "```\n" + "\n".join(lines) + "\n```"


def _array(values: NDArray[np.generic]) -> str:
    # Each with the digits that give the same number back, and no more.
    return f"[{', '.join(str(value) for value in values)}]"


def _decision_rows(view: PixelView) -> Iterator[Sequence[str]]:
    for i, item in enumerate(view.integrations):
        for group in range(item.signal.size):
            flags = int(item.groupdq[group])
            yield (
                str(i),
                str(group),
                fixed_text(float(item.signal[group]), 2),
                f"{flags} {describe(flags)}" if flags else "0",
                *_difference_cells(view.decision, i, group),
                origin_text(item, group) if flags & _JUMP else "",
            )


def _difference_cells(decision: Decision, i: int, group: int) -> Sequence[str]:
    """Return difference, median, sigma, ratio, threshold and order of removal."""
    if group == 0:
        return ("",) * 6
    k = group - 1
    numbers = (
        (decision.difference, 1),
        (decision.median, 1),
        (decision.sigma, 2),
        (decision.ratio, 3),
    )
    cells = [_cell(float(values[i, k]), decimals) for values, decimals in numbers]
    limit, order = float(decision.limit[i, k]), int(decision.order[i, k])
    cells.append("" if math.isnan(limit) else f"{limit:g}")
    cells.append(str(order) if order else "")
    return cells


def _segment_rows(view: PixelView) -> Iterator[Sequence[str]]:
    for i, item in enumerate(view.integrations):
        yield from _integration_rows(i, item)


def _integration_rows(i: int, item: IntegrationView) -> Iterator[Sequence[str]]:
    for segment in item.segments:
        yield (
            str(i),
            f"{segment.first_group} to {segment.last_group}",
            rate_text(segment.slope, segment.err).removesuffix(" DN/s"),
            weight_text(segment.weight),
            _cell(segment.snr, 1),
            _cell(segment.power, 1),
            f"{segment.var_poisson:.4g}",
            f"{segment.var_rnoise:.4g}",
        )


def _is_weighted(view: PixelView) -> bool:
    """Return whether groups of any segment have weights."""
    segments = (segment for item in view.integrations for segment in item.segments)
    return any(not math.isnan(segment.power) for segment in segments)


def _cell(value: float, decimals: int) -> str:
    return "" if math.isnan(value) else f"{value:.{decimals}f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---:"] * len(heads), *rows]
    if len(lines) == 2:
        return "None."
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(text: str) -> str:
    """Return a text in which nothing is Markdown."""
    for sign in ("\\", "|", "*", "_", "<"):
        text = text.replace(sign, f"\\{sign}")
    return text
