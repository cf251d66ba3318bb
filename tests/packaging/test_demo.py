"""What `make demo` runs."""

import importlib.util
from pathlib import Path
from unittest.mock import create_autospec

import rampviewer.app
from rampviewer.io.demo import demo_files

SCRIPT = Path(__file__).parents[2] / "packaging" / "demo.py"


def test_with_a_display_the_window_opens_on_the_exposure_and_its_references(
    tmp_path, monkeypatch
):
    spec = importlib.util.spec_from_file_location("demo_script", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    window = create_autospec(rampviewer.app.open_window, return_value=0)
    monkeypatch.setattr(rampviewer.app, "open_window", window)
    monkeypatch.setenv("DISPLAY", ":0")
    files = demo_files(tmp_path / "demo_ramp.fits")
    for path in files:
        path.touch()
    assert script.main([str(tmp_path)]) == 0
    paths, _pixel, references = window.call_args.args
    assert paths == [files.ramp]
    assert (references.gain, references.readnoise) == (files.gain, files.readnoise)
