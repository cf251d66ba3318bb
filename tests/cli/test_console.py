import errno
import io
import sys

import pytest

from rampviewer.cli.console import Progress, sentence


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
        progress(64, 128)
        progress(128, 128)
    assert ("x_ramp.fits" in stream.getvalue()) is shown


def test_progress_counts_rows(monkeypatch):
    stream = Stream(True)
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("x", quiet=False) as progress:
        progress._bar.mininterval = progress._bar.miniters = 0
        progress(32, 128)
    assert " 25%" in stream.getvalue()
    assert "32/128" in stream.getvalue()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("x_ramp.fits is\nno ramp"), "x_ramp.fits is no ramp"),
        (ValueError("no ramp"), "dir/x_ramp.fits: no ramp"),
        (ValueError(), "dir/x_ramp.fits: ValueError"),
        (OSError(errno.ENOSPC, "No space", "out/y"), "out/y: No space"),
        (MemoryError(), "dir/x_ramp.fits: there is not enough memory"),
    ],
)
def test_an_error_is_one_sentence_that_names_the_file(error, said):
    assert sentence(error, "dir/x_ramp.fits") == said
