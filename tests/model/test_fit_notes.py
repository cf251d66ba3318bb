from dataclasses import replace

import pytest

from rampviewer.model.runs.fit_notes import fit_notes
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters


def recipe(**fit):
    return Recipe(jump=JumpParameters(), fit=RampFitParameters(**fit))


@pytest.mark.parametrize(
    ("algorithm", "n_groups", "held"),
    [
        ("OLS_C", 3, ""),
        ("LIKELY", 4, ""),
        ("LIKELY", 3, "3 groups"),
        ("LIKELY", 1, "1 group"),
    ],
)
def test_a_likelihood_fit_of_too_few_groups_is_said_to_be_none(algorithm, n_groups, held):
    expected = (
        "algorithm LIKELY is ignored, as by the official step, because it needs 4 groups "
        f"and the exposure has {held}: rates are fitted by least squares (OLS_C)."
    )
    notes = list(fit_notes(recipe(algorithm=algorithm), n_groups))
    assert notes == ([expected] if held else [])


def test_a_range_that_does_not_act_is_told_first():
    first, second = fit_notes(recipe(algorithm="LIKELY", lastgroup=99), 3)
    assert first.startswith("lastgroup 99 is beyond")
    assert second.startswith("algorithm LIKELY is ignored")


def test_nothing_is_said_of_a_fit_that_is_skipped():
    skipped = replace(
        recipe(algorithm="LIKELY", lastgroup=99), skipped=frozenset({"ramp_fit"})
    )
    assert list(fit_notes(skipped, 3)) == []
