from dataclasses import replace

from rampviewer.gui.state.parameter_history import MOST, ParameterHistory, Parameters
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters


def at(sigma, algorithm="OLS_C"):
    jump = JumpParameters(rejection_threshold=sigma)
    return Parameters(jump, RampFitParameters(algorithm=algorithm))


def test_back_and_forth():
    history = ParameterHistory(at(4))
    for sigma in (5, 6):
        history.record(at(sigma))
    assert [history.step(n) for n in (-1, -1, -1, 1)] == [at(5), at(4), at(4), at(5)]


def test_a_new_set_ends_what_was_ahead():
    history = ParameterHistory(at(4))
    history.record(at(5))
    history.step(-1)
    history.record(at(7))
    assert history.step(1) == at(7)
    assert history.step(-1) == at(4)


def test_the_same_set_is_no_step():
    history = ParameterHistory(at(4))
    history.record(at(4))
    assert history.change(-1) == ""


def test_a_step_says_what_it_changes():
    history = ParameterHistory(at(4))
    history.record(at(3.5, "LIKELY"))
    text = "rejection_threshold 3.5 to 4, algorithm LIKELY to OLS_C"
    assert history.change(-1) == text
    assert history.change(1) == ""


def test_only_so_many_are_kept():
    history = ParameterHistory(at(1))
    for k in range(MOST + 5):
        history.record(at(2 + k))
    assert [history.step(-1) for _ in range(MOST)][-1] == at(7)
    assert replace(history.now) == history.now
