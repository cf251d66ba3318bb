"""Limits that suit the groups of a ramp, however bright its background is."""

import numpy as np
import pytest

from rampviewer.gui.image.image_panel import ImagePanel
from rampviewer.gui.image.look_settings import ChosenLimits
from rampviewer.gui.image.stretch import Limits, LimitsRule, Stretch
from rampviewer.gui.image.usual_looks import Usual

N_GROUPS = 10
USUAL = Usual(Stretch.LOG, LimitsRule.SKY)


def group_of(number, sky):
    """Return a group of a ramp: a background with noise, and stars a hundred times it."""
    rng = np.random.default_rng(number)
    values = rng.normal((number + 1) * sky, 4.0, (200, 200))
    values[::10, ::10] += 100 * (number + 1) * sky
    return values.astype(np.float32)


class Groups:
    """Shows one group after another, as the window does."""

    def __init__(self, panel, sky):
        self.panel, self.sky = panel, sky

    def show(self, number):
        self.panel.show_plane(
            group_of(number, self.sky),
            f"Group {number}",
            "DN",
            kind="group",
            usual=USUAL,
            ends=lambda: (group_of(0, self.sky), group_of(N_GROUPS - 1, self.sky)),
        )
        return self.limits

    @property
    def limits(self):
        return self.panel.limits.limits


@pytest.fixture
def panel(qtbot):
    panel = ImagePanel()
    qtbot.addWidget(panel)
    panel.resize(500, 700)
    panel.show()
    return panel


@pytest.fixture(params=[10, 3000])
def groups(panel, request):
    return Groups(panel, request.param)


def test_stars_of_later_groups_are_within_the_limits_of_the_first(groups):
    limits = groups.show(0)
    for number in range(1, N_GROUPS):
        assert groups.show(number) == limits
        assert np.mean(group_of(number, groups.sky) > limits.high) < 0.01
    assert groups.sky - 20 < limits.low < groups.sky


def test_an_earlier_group_makes_the_lower_limit_lower_when_it_is_shown(groups):
    last = groups.show(N_GROUPS - 1)
    assert last.low == pytest.approx(N_GROUPS * groups.sky, abs=20)
    first = groups.show(0)
    assert first.low == pytest.approx(groups.sky, abs=20)
    assert first.high == last.high
    assert groups.show(N_GROUPS - 1) == first  # from now on it is held


def test_reset_suits_the_group_shown_alone_until_the_next_choice(groups, panel):
    groups.show(0)
    last = groups.show(N_GROUPS - 1)
    panel._bar._reset.click()
    assert groups.limits.low > last.low
    alone = groups.limits
    assert groups.show(2) == alone
    assert panel._bar._rule.currentText() == "from sky, held"


@pytest.mark.parametrize("holds", [False, True])
def test_while_the_groups_are_played_limits_stand_still_and_suit_all(groups, panel, holds):
    if not holds:
        panel._bar._hold.click()
    before = groups.show(N_GROUPS - 1)
    panel.limits.set_still(True)
    played = groups.limits
    assert played.low == pytest.approx(groups.sky, abs=20)
    for number in range(N_GROUPS):
        assert groups.show(number) == played
    groups.show(N_GROUPS - 1)
    panel.limits.set_still(False)
    assert groups.limits == (played if holds else before)


def test_typed_limits_outlive_everything(groups, panel):
    groups.show(0)
    panel.limits.type_limits(Limits(1.0, 2.0))
    panel.limits.set_still(True)
    groups.show(9)
    panel.limits.set_still(False)
    assert groups.limits == (1.0, 2.0)


def test_limits_of_another_session_are_taken_where_the_values_are(panel):
    chosen = {
        "group": ChosenLimits(LimitsRule.MANUAL, Limits(0.0, 50.0)),
        "rate": ChosenLimits(LimitsRule.MIN_MAX),
    }
    panel.limits.set_chosen(chosen, is_holding=True)
    assert Groups(panel, 10).show(0) == (0.0, 50.0)
    assert panel._bar._rule.currentText() == "manual"
    panel.limits.forget()
    assert Groups(panel, 3000).show(0).high > 1e5  # nothing is between 0 and 50
    assert panel._bar._rule.currentText() == "from sky"
    panel.show_plane(group_of(0, 5), "Rate", "DN/s", kind="rate", usual=USUAL)
    assert panel._bar._rule.currentText() == "min/max"
    panel._bar._reset.click()
    assert panel._bar._rule.currentText() == "min/max"


def test_reset_after_typed_limits_brings_back_the_usual_rule(groups, panel, qtbot):
    groups.show(0)
    panel.limits.type_limits(Limits(1.0, 2.0))
    with qtbot.waitSignal(panel.limits.limits_chosen) as told:
        panel._bar._reset.click()
    assert told.args == ["group", ChosenLimits(LimitsRule.SKY)]
    panel.limits.forget()
    groups.show(0)
    assert panel.limits.rule is LimitsRule.SKY
