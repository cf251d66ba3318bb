"""Write the demo exposure if it is not there, and open the application on it.

usage: packaging/demo.py DIRECTORY

Without a display the same window works offscreen: it processes the exposure and leaves
the products and a picture of itself in the directory. Exit code 0 only if all that
happened.
"""

import os
import sys
from pathlib import Path

from rampviewer.io.demo import DemoFiles, demo_files, write_demo
from rampviewer.model.settings.reference_choices import ReferenceChoices
from rampviewer.model.simulate import SimulationSettings, simulate


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def has_display() -> bool:
    """Return whether a window can be shown to somebody."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def see_to_exposure(directory: Path) -> DemoFiles:
    """Return the demo exposure in `directory`, written if it was not there."""
    files = demo_files(directory / "demo_ramp.fits")
    if not all(path.exists() for path in files):
        say(f"Writing the demo exposure into {directory}/ ...")
        directory.mkdir(parents=True, exist_ok=True)
        write_demo(files.ramp, simulate(SimulationSettings()), overwrite=True)
    return files


def show(files: DemoFiles) -> int:
    """Open the window for the user."""
    from rampviewer.app import open_window  # noqa: PLC0415 - after the platform is chosen

    references = ReferenceChoices(gain=files.gain, readnoise=files.readnoise)
    return open_window([files.ramp], None, references)


def work_unseen(files: DemoFiles) -> int:
    """Let the window do its work without a display."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from rampviewer.unattended import demonstrate  # noqa: PLC0415 - as above

    say("There is no display: the window works unseen ...")
    try:
        written = demonstrate(files.ramp, files.ramp.parent, files.gain, files.readnoise)
    except RuntimeError as error:
        say(f"It did not work: {error}")
        return 1
    missing = [path for path in written if not path.is_file()]
    say("Written:")
    for path in written:
        say(f"  {path}{' (MISSING)' if path in missing else ''}")
    return 1 if missing or not written else 0


def main(arguments: list[str]) -> int:
    """Return the exit code."""
    files = see_to_exposure(Path(arguments[0] if arguments else "demo"))
    return show(files) if has_display() else work_unseen(files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
