import re

import pytest

from rampviewer.model.runs.group_range import range_note, used_groups, used_range
from rampviewer.model.settings.parameters import RampFitParameters


def parameters(first, last):
    return RampFitParameters(firstgroup=first, lastgroup=last)


@pytest.mark.parametrize(
    ("first", "last", "n_groups"),
    [
        (None, None, 10),
        (None, None, 1),
        (0, None, 1),
        (2, 7, 10),
        (0, 9, 10),
        (None, 1, 10),
    ],
)
def test_a_range_that_acts_as_stated_needs_no_note(first, last, n_groups):
    assert range_note(parameters(first, last), n_groups) == ""


@pytest.mark.parametrize(
    ("first", "last", "note"),
    [
        (9, 3, "firstgroup 9 and lastgroup 3 are ignored, .*: groups 0 to 9 are used"),
        (4, 4, "firstgroup 4 and lastgroup 4 are ignored, .*: groups 0 to 9 are used"),
        (99, None, "firstgroup 99 is ignored, .*: groups 0 to 9 are used"),
        (None, 0, "lastgroup 0 is ignored, .*: groups 0 to 9 are used"),
        (None, 99, "lastgroup 99 is beyond .* 0 to 9: groups 0 to 9 are used"),
        (-1, 5, "firstgroup -1 and lastgroup 5 are beyond .*: groups 0 to 5 are used"),
        (9, 99, "firstgroup 9 and lastgroup 99 are beyond .*: group 9 is used"),
        (-1, 0, "firstgroup -1 and lastgroup 0 are ignored, .*: groups 0 to 9 are used"),
        (9, 10, "firstgroup 9 and lastgroup 10 are beyond .*: group 9 is used"),
        (20, 30, "firstgroup 20 and lastgroup 30 are beyond .*: no group is used"),
    ],
)
def test_a_range_that_does_not_act_as_stated_is_explained_in_one_sentence(
    first, last, note
):
    said = range_note(parameters(first, last), 10)
    assert re.fullmatch(note + r"\.", said)


def test_groups_in_words_are_those_of_the_range():
    assert used_range(parameters(2, 7), 10) == (2, 7)
    assert used_groups(parameters(2, 7), 10) == "groups 2 to 7"
