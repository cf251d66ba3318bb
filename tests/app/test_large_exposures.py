"""The window on an exposure that its memory budget has no room for."""

import shutil
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest

from rampviewer.gui.files.memory_setting import KEY
from rampviewer.io import ramp_file
from rampviewer.model.memory.scratch import is_scratch
from rampviewer.model.runs import processing
from tests.app.hand import same


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("RAMPVIEWER_SCRATCH", str(folder))
    return folder


@pytest.fixture
def tiny(scratch, settings):
    settings.setValue(KEY, "1kB")


def test_it_looks_as_from_memory(application, hand, small, tmp_path, settings, scratch):
    seen = []
    for folder, budget in (("memory", "1GB"), ("disk", "1kB")):
        settings.setValue(KEY, budget)
        hand.open(small)
        hand.click(20, 30)
        view = application.session._focus.selected_view
        assert view.pixel == (20, 30)
        hand.export(tmp_path / folder, "jump", "rateints")
        data = (tmp_path / folder / "small_rateints.fits").read_bytes()
        seen.append((hand.shown.copy(), view.slope, len(data)))
    assert is_scratch(application.session.exposure.sci)
    assert "worked on from disk" in application.exposure_line.text()
    (one, *others), (two, *more) = seen
    assert same(one, two)
    assert others == more
    assert list(scratch.iterdir()) == []


def test_the_user_is_told_that_it_is_worked_on_from_disk(application, hand, small, tiny):
    hand.open(small)
    assert "small_ramp.fits holds 369 kB, more than the memory budget of 1 kB" in (
        hand.message()
    )


def test_a_budget_on_the_command_line_counts_more(application, hand, small, tiny):
    application.opening.memory_budget = 10**9
    hand.open(small)
    assert not is_scratch(application.session.exposure.sci)
    assert "from disk" not in application.exposure_line.text()


def test_a_budget_typed_in_the_menu_acts_on_the_next_exposure(
    application, hand, small, scratch
):
    hand.open(small)
    assert not is_scratch(application.session.exposure.sci)
    hand.trigger("memory")
    (dialog,) = hand.dialogs()
    dialog.setTextValue("1kB")
    dialog.accept()
    hand.open(small)
    assert is_scratch(application.session.exposure.sci)


def test_reading_is_cancelled_by_its_key(application, hand, small, tiny, monkeypatch):
    begun, gate, read = Event(), Event(), ramp_file.read_array

    def slowly(*arguments):
        begun.set()
        assert gate.wait(60)
        return read(*arguments)

    monkeypatch.setattr(ramp_file, "read_array", slowly)
    hand.open(small, wait=False)
    hand.until(begun.is_set)
    hand.trigger("cancel")
    assert hand.message() == "Cancelled: nothing was opened."
    gate.set()
    hand.until(lambda: not application.reading.is_busy)
    assert application.session.exposure is None
    assert hand.message() == "Cancelled: nothing was opened."
    hand.open(small)
    assert is_scratch(application.session.exposure.sci)


def test_an_export_is_cancelled_by_its_key(application, hand, small, tiny, tmp_path):
    hand.open(small)
    hand.settle()
    out = tmp_path / "out"
    begun, gate = Event(), Event()
    write = application.exporting._write

    def slowly(order, advance):
        begun.set()
        assert gate.wait(60)
        return write(order, advance)

    application.exporting._write = slowly
    hand.press(hand.ask_export(out, "jump", "rate"), "Export")
    hand.until(begun.is_set)
    hand.trigger("cancel")
    gate.set()
    hand.until(lambda: not application.writing.is_busy)
    assert hand.message() == "Cancelled: nothing was exported."
    assert not out.exists() or list(out.iterdir()) == []


def test_a_pass_is_cancelled_between_two_bands(application, hand, small, tiny, monkeypatch):
    hand.open(small)
    before = hand.shown.copy()
    monkeypatch.setattr(processing, "REPORT_INTERVAL", 0.0)
    with hand.qtbot.waitSignal(application.processing.live.started):
        application.session.set_threshold(1.5)
    hand.trigger("cancel")
    hand.until(lambda: not application.processing.live.is_busy)
    assert application.session.recipe.jump.rejection_threshold == 4.0
    assert same(hand.shown, before)


def test_a_full_scratch_disk_is_one_sentence(application, hand, small, tiny, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5000))
    hand.open(small, wait=False)
    said = hand.wait_error()
    assert "has 5 kB free, but the work needs a scratch file of" in said
    assert application.session.exposure is None


def test_a_scratch_disk_that_is_full_for_results_is_one_sentence(
    application, hand, small, tiny, monkeypatch
):
    hand.open(small)
    before = hand.shown.copy()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5000))
    application.session.set_threshold(7.0)
    assert "scratch file" in hand.wait_error()
    hand.until(lambda: not application.processing.live.is_busy)
    assert application.session.recipe.jump.rejection_threshold == 4.0
    np.testing.assert_array_equal(hand.shown, before)
