import pytest

from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.presets import built_in, from_text, of_parameters, to_text


@pytest.mark.parametrize(
    ("instrument", "switch"),
    [
        ("MIRI", "find_showers"),
        ("NIRCAM", "expand_large_events"),
        ("", "expand_large_events"),
    ],
)
def test_each_instrument_has_the_events_that_it_sees(instrument, switch):
    switched_on = [
        preset.name for preset in built_in(instrument) if getattr(preset.jump, switch)
    ]
    assert len(switched_on) == 1


@pytest.mark.parametrize("skipped", [set(), {"jump"}, {"ramp_fit"}])
def test_presets_come_back_from_text(skipped):
    jump = JumpParameters(rejection_threshold=3.75, find_showers=True)
    fit = RampFitParameters(algorithm="LIKELY", firstgroup=2)
    kept = to_text((of_parameters("a | b", jump, fit, frozenset(skipped)),))
    (preset,) = from_text(kept)
    assert (preset.name, preset.jump, preset.fit) == ("a | b", jump, fit)
    assert preset.skipped == skipped


def test_a_preset_of_the_first_version_skips_nothing():
    old = '{"old": {"jump": {"rejection_threshold": 3.75}, "ramp_fit": {}}}'
    (preset,) = from_text(old)
    assert preset.jump.rejection_threshold == 3.75
    assert preset.skipped == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"x": {"jump": {}}}',
        '{"x": {"jump": {"no_such": 1}, "ramp_fit": {}}}',
        '{"x": {"jump": {"rejection_threshold": "high"}, "ramp_fit": {}}}',
        '{"x": 3}',
        "[]",
        '{"x": {"jump": {}, "ramp_fit": {}, "skip": ["photom"]}}',
        '{"x": {"jump": {}, "ramp_fit": {}, "skip": true}}',
    ],
)
def test_what_is_no_preset_is_left_out(text):
    assert from_text(text) == ()
