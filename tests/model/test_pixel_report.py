"""The report on a pixel, read back from its Markdown."""

import ast
from dataclasses import replace

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.pixel.pixel_report import markdown_report
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposures import random_exposure

PIXEL = Pixel(3, 5)


@pytest.fixture(scope="module")
def exposure():
    exposure = random_exposure(seed=2, shape=(2, 8, 9, 11))
    return replace(exposure, keywords={"READPATT": "RAPID"})


@pytest.fixture(scope="module")
def view(exposure):
    recipe = Recipe(jump=JumpParameters(rejection_threshold=3.0), fit=RampFitParameters())
    return inspect_pixel(Prepared.of(exposure), recipe, PIXEL)


@pytest.fixture(scope="module")
def report(view, exposure):
    return markdown_report(view, exposure, "1.2.3")


def rows(report, heading):
    """Return the cells of the table below a heading, without its first two lines."""
    text = report.split(f"### {heading}\n\n")[1].split("\n\n")[0]
    lines = text.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_sci_and_groupdq_come_back_as_they_are(report, view):
    block = report.split("```")[1]
    found = dict(line.split(" = ") for line in block.strip().splitlines())
    for i, item in enumerate(view.integrations):
        signal = found[f"SCI[{i}]"].replace("nan", "None")
        values = [np.nan if v is None else v for v in ast.literal_eval(signal)]
        np.testing.assert_array_equal(np.float32(values), item.signal)
        assert ast.literal_eval(found[f"GROUPDQ[{i}]"]) == item.groupdq.tolist()


def test_each_group_has_a_row_with_what_decided_it(report, view):
    table = rows(report, "Two-point differences")
    assert len(table) == 16
    assert all(len(row) == 11 for row in table)
    for row in table:
        i, group = int(row[0]), int(row[1])
        ratio = view.decision.ratio[i, group - 1] if group else np.nan
        assert row[7] == ("" if np.isnan(ratio) else f"{ratio:.3f}")
        flags = int(view.integrations[i].groupdq[group])
        assert row[3].split()[0] == str(flags)
        assert bool(row[10]) == bool(flags & Dq.JUMP_DET)


def test_each_segment_has_a_row(report, view):
    n_segments = sum(len(item.segments) for item in view.integrations)
    assert n_segments
    assert len(rows(report, "Segments")) == n_segments


def test_it_says_what_file_and_parameters_it_is_about(report, exposure):
    assert report.startswith(f"## {exposure.name}, pixel x 5, y 3 (0-based)\n")
    assert "READPATT RAPID" in report
    assert "rejection\\_threshold=3.0" in report
    assert "rampviewer 1.2.3" in report


@pytest.mark.parametrize(("n_flagged", "told"), [(1, "1 group with"), (2, "2 groups with")])
def test_one_flag_is_told_in_the_singular(view, exposure, n_flagged, told):
    flags = [item.groupdq & 0 for item in view.integrations]
    flags[0][1 : 1 + n_flagged] = Dq.JUMP_DET
    items = zip(view.integrations, flags, strict=True)
    other = replace(
        view, integrations=tuple(replace(item, groupdq=dq) for item, dq in items)
    )
    assert f"* {told} JUMP_DET; rampviewer" in markdown_report(other, exposure, "1")


def test_a_pixel_without_segments_has_no_table_of_them(exposure):
    groupdq = exposure.groupdq.copy()
    groupdq[:, :, *PIXEL] = Dq.DO_NOT_USE
    dead = replace(exposure, groupdq=groupdq)
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    view = inspect_pixel(Prepared.of(dead), recipe, PIXEL)
    report = markdown_report(view, dead, "1.2.3")
    assert "### Segments\n\nNone.\n" in report
    assert "rate NaN" in report
