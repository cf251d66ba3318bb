import errno
import io
import re
import sys

import pytest

from rampviewer.cli.console import Progress
from rampviewer.cli.main import main
from rampviewer.model.errors import sentence


class Stream(io.StringIO):
    def __init__(self, is_terminal):
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self):
        return self._is_terminal


@pytest.mark.parametrize(
    ("is_terminal", "quiet", "shown"),
    [(True, False, True), (True, True, False), (False, False, False)],
)
def test_progress_is_shown_on_a_terminal_unless_quiet(
    monkeypatch, is_terminal, quiet, shown
):
    stream = Stream(is_terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("x_ramp.fits", quiet) as progress:
        progress.part("processing")(64, 128)
    assert ("x_ramp.fits" in stream.getvalue()) is shown


def test_one_bar_goes_from_reading_over_processing_to_the_end_of_writing(monkeypatch):
    stream = Stream(True)
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("x", quiet=False) as progress:
        for name in ("reading", "processing", "writing"):
            advance = progress.part(name)
            advance(1, 2)
            advance(2, 2)
    shown = re.findall(r"x: (\w+) +(\d+)%", stream.getvalue())
    percent = [int(value) for _, value in shown]
    assert percent == sorted(percent)
    assert (percent[0], percent[-1]) == (0, 100)
    middle = [int(value) for name, value in shown if name == "processing"]
    assert middle == [10, 30, 50]
    assert shown[-1][0] == "writing"


def test_the_bar_never_shows_a_number_that_it_does_not_know(monkeypatch):
    stream = Stream(True)
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("x", quiet=False) as progress:
        progress.part("reading")
    assert "0%" in stream.getvalue()
    assert "?" not in stream.getvalue()


def test_the_bar_says_when_its_part_ends(monkeypatch):
    stream, clock = Stream(True), iter([0.0, 10.0, 30.0])
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("x", quiet=False) as progress:
        monkeypatch.setattr("rampviewer.cli.console.time.monotonic", lambda: next(clock))
        advance = progress.part("processing")
        advance(0, 100)
        advance(10, 100)
        advance(60, 100)
        monkeypatch.undo()
    assert "processing ends in 01:30" in stream.getvalue()
    assert "processing ends in 00:20" in stream.getvalue()


def test_a_part_that_begins_does_not_say_when_the_one_before_ends(monkeypatch):
    stream = Stream(True)
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("x", quiet=False) as progress:
        progress.part("reading")(1, 2)
        before = len(stream.getvalue())
        progress.part("processing")
    assert "x: processing" in stream.getvalue()[before:]
    assert "reading ends" not in stream.getvalue()[before:]


@pytest.mark.parametrize(("quiet", "said"), [(False, "rampviewer: from disk"), (True, "")])
def test_a_note_stands_above_the_bar_unless_quiet(monkeypatch, quiet, said):
    stream = Stream(False)
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("x", quiet) as progress:
        progress.note("from disk")
    assert stream.getvalue().strip() == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("x_ramp.fits is\nno ramp"), "dir/x_ramp.fits is no ramp"),
        (ValueError("no ramp"), "dir/x_ramp.fits: no ramp"),
        (ValueError(), "dir/x_ramp.fits: ValueError"),
        (OSError(errno.ENOSPC, "No space", "out/y"), "out/y: No space"),
        (MemoryError(), "dir/x_ramp.fits: there is not enough memory"),
    ],
)
def test_an_error_is_one_sentence_that_names_the_file(error, said):
    assert sentence(error, "dir/x_ramp.fits") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x.fits is not a FITS file", "a/b/x.fits is not a FITS file"),
        ("a/b/x.fits does not exist", "a/b/x.fits does not exist"),
        ("x.fits.gz is cut", "x.fits.gz is cut"),
        ("g.fits does not cover x.fits", "../g.fits does not cover a/b/x.fits"),
        ("no room is left", "a/b/x.fits: no room is left"),
    ],
)
def test_files_are_called_as_they_were_given(text, said):
    assert sentence(ValueError(text), "a/b/x.fits", "../g.fits") == said


def test_process_calls_files_as_they_were_given(tmp_path, capsys):
    text = tmp_path / "notes.txt"
    text.write_text("no image")
    assert main(["process", str(text), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == f"rampviewer: {text} is not a FITS file\n"
