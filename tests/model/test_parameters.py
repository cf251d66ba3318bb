import pytest
from jwst.jump import JumpStep
from jwst.ramp_fitting import RampFitStep

from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters


def test_a_typed_value_is_kept_exactly():
    assert JumpParameters(rejection_threshold=3.75).rejection_threshold == 3.75


def test_whole_numbers_become_floats_where_floats_are_meant():
    value = JumpParameters(rejection_threshold=5).rejection_threshold
    assert type(value) is float


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("rejection_threshold", -1, "at least 0"),
        ("rejection_threshold", float("nan"), "a number"),
        ("rejection_threshold", "4", "a number"),
        ("rejection_threshold", None, "a number"),
        ("rejection_threshold", 10**400, "a number"),
        ("sat_expand", 2.5, "a whole number"),
        ("sat_expand", float("inf"), "a whole number"),
        ("flag_4_neighbors", "yes", "True or False"),
        ("flag_4_neighbors", 2, "True or False"),
    ],
)
def test_a_bad_value_is_refused_with_its_name(name, value, wanted):
    with pytest.raises(ValueError, match=f"{name} must be {wanted}"):
        JumpParameters(**{name: value})


def test_group_limits_may_be_absent():
    assert RampFitParameters(firstgroup=None).firstgroup is None
    assert RampFitParameters(firstgroup=2).firstgroup == 2


def test_an_algorithm_is_named_in_any_case():
    assert RampFitParameters(algorithm="likely").algorithm == "LIKELY"


def test_an_unknown_algorithm_is_refused():
    with pytest.raises(ValueError, match="OLS_C or LIKELY, got 'GLS'"):
        RampFitParameters(algorithm="GLS")


def test_equal_parameters_are_equal_so_no_work_is_repeated():
    assert JumpParameters(rejection_threshold=4) == JumpParameters()


def test_defaults_are_those_of_the_official_steps():
    jump, fit = JumpStep(), RampFitStep()
    for ours, theirs in ((JumpParameters(), jump), (RampFitParameters(), fit)):
        for name in set(type(ours).__dataclass_fields__) - {"use_max_shower_amplitude"}:
            assert getattr(ours, name) == getattr(theirs, name), name


def test_what_the_official_step_does_not_do_is_off_by_default():
    assert not JumpParameters().use_max_shower_amplitude
    assert not hasattr(JumpStep(), "use_max_shower_amplitude")
