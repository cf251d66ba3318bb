from dataclasses import fields
from pathlib import Path

import pytest

from rampviewer.cli.options import (
    Parser,
    add_parameters,
    add_references,
    n_threads,
    parameters_of,
    pixel,
    references_of,
)
from rampviewer.model.exposure import Pixel
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.reference_choices import ReferenceChoices

EVERY = [f for kind in (JumpParameters, RampFitParameters) for f in fields(kind)]


@pytest.fixture
def parser():
    made = Parser(prog="test")
    made.add_argument("files", nargs="*")
    add_references(made)
    add_parameters(made)
    return made


def chosen(values):
    """Return the parameters of both steps, as given or else the defaults."""
    given = parameters_of(values)
    return JumpParameters(**given["jump"]), RampFitParameters(**given["ramp_fit"])


def another(item):
    """Return a value of a parameter that is not its default."""
    if isinstance(item.default, bool):
        return not item.default
    if isinstance(item.default, str):
        return "LIKELY"
    return 7 if item.default is None else item.default + 1


@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.name)
@pytest.mark.parametrize("mark", ["-", "_"])
def test_every_parameter_is_an_option_by_its_official_name(parser, item, mark):
    value = another(item)
    values = parser.read([f"--{item.name.replace('_', mark)}={value}", "x.fits"])
    jump, fit = chosen(values)
    owner = jump if hasattr(jump, item.name) else fit
    assert getattr(owner, item.name) == value
    assert values.files == ["x.fits"]


def test_what_is_not_given_has_its_default(parser):
    assert chosen(parser.read([])) == (JumpParameters(), RampFitParameters())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--expand-large-events"], True),
        (["--expand-large-events", "--no-expand-large-events"], False),
        (["--expand_large_events=true"], True),
        (["--expand_large_events", "--expand_large_events=False"], False),
    ],
)
def test_a_switch_is_given_in_three_ways(parser, words, expected):
    assert chosen(parser.read(words))[0].expand_large_events is expected


def test_a_switch_does_not_swallow_the_file_behind_it(parser):
    assert parser.read(["--find-showers", "x.fits"]).files == ["x.fits"]


def test_files_may_stand_between_options(parser):
    values = parser.read(["a.fits", "--edge-size", "3", "b.fits"])
    assert values.files == ["a.fits", "b.fits"]


def test_behind_two_dashes_everything_is_a_file(parser):
    values = parser.read(["--find-showers", "--", "a.fits", "--find_showers=maybe"])
    assert [str(Path(file)) for file in values.files] == ["a.fits", "--find_showers=maybe"]


@pytest.mark.parametrize("word", ["none", "None", "3"])
def test_a_group_is_a_number_or_none(parser, word):
    _, fit = chosen(parser.read(["--firstgroup", word]))
    assert fit.firstgroup == (3 if word == "3" else None)


def test_typed_numbers_are_kept_exactly(parser):
    jump, _ = chosen(parser.read(["--rejection-threshold", "3.75"]))
    assert jump.rejection_threshold == 3.75


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rejection_threshold", "high"], "must be a number, got 'high'"),
        (["--edge-size", "2.5"], "must be a whole number, got '2.5'"),
        (["--lastgroup", "last"], "must be the number of a group or none, got 'last'"),
        (["--find-showers=maybe"], "must be True or False, got 'maybe'"),
        (["--gain", "0"], "must be a positive number, got '0'"),
        (["--readnoise", "inf"], "must be a positive number, got 'inf'"),
        (["--gain", "g.fits"], "for a file give --override-gain g.fits"),
        (["--gain", "2", "--override-gain", "g.fits"], "not allowed with argument"),
        (["--override-gain", "1.8"], "for one number give --gain 1.8"),
        (["--override-readnoise", "9"], "for one number give --readnoise 9"),
        (["--reject", "3"], "unrecognized arguments"),
    ],
)
def test_a_wrong_option_leaves_with_2_and_one_sentence(parser, capsys, words, said):
    with pytest.raises(SystemExit) as leave:
        parser.read(words)
    assert leave.value.code == 2
    assert said in capsys.readouterr().err


def test_references_are_a_file_or_a_number_or_left_to_the_reader(parser):
    given = references_of(parser.read(["--override_gain", "g.fits"]))
    assert given == ReferenceChoices(gain=Path("g.fits"))
    given = references_of(parser.read(["--readnoise", "12.5", "--saturation", "6e4"]))
    assert given == ReferenceChoices(readnoise=12.5, saturation=60000.0)


def test_nothing_is_fetched_unless_asked_for(parser):
    assert not references_of(parser.read([])).fetch
    assert references_of(parser.read(["--fetch-references"])).fetch


def test_a_reference_file_may_be_called_like_a_number(parser, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "1.8").touch()
    assert references_of(parser.read(["--override-gain", "1.8"])).gain == Path("1.8")


def test_help_names_unit_and_default(parser, capsys):
    with pytest.raises(SystemExit) as leave:
        parser.read(["--help"])
    assert leave.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "usable differences [sigma] (default: 4.0)" in text
    assert "[group] (default: none)" in text


def test_a_pixel_is_x_then_y():
    assert pixel("12,3") == Pixel(row=3, col=12)


@pytest.mark.parametrize("text", ["12", "1,2,3", "a,b", "-1,2", "1.5,2"])
def test_other_texts_are_no_pixel(parser, capsys, text):
    parser.add_argument("--pixel", type=pixel)
    for words in ([f"--pixel={text}"], ["--pixel", text]):
        with pytest.raises(SystemExit):
            parser.read(words)
        assert "must be X,Y" in capsys.readouterr().err


def test_maximum_cores_takes_official_words():
    assert n_threads("none") == 1
    assert n_threads("all") >= n_threads("half") >= n_threads("quarter") >= 1
