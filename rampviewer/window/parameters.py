"""Parameter files, delivered parameters and lines to copy: their wiring in the window."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject

from rampviewer.gui.files.file_work import FileWork
from rampviewer.gui.parameters.parameter_flow import (
    FOLDER,
    SAVED_SKIPS,
    ParameterFlow,
    ParameterOrder,
)
from rampviewer.gui.parameters.preset_menu import PresetMenu
from rampviewer.gui.state.run_shelf import DELIVERED, LIVE
from rampviewer.gui.work.background import background_thread
from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.commands import Commands, commands
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.presets import called_after, of_parameters
from rampviewer.model.settings.saturation_options import saturation_options_of
from rampviewer.model.settings.step_parameters import SKIP, Step
from rampviewer.window.feature import Parts

SAME_RATES = "the official package makes the same rates with them"
TIPS = {
    "load_parameters": "From a pars-*.asdf or .cfg file, or those of a product",
    "save_parameters": "As a pars-*.asdf file that the official package reads",
    "default_parameters": "Set every parameter back to that of the official steps",
    "copy_strun": f"Commands for a terminal, one for each step; {SAME_RATES}",
    "copy_python": f"Lines for a script or notebook; {SAME_RATES}",
}
NO_EXPOSURE = "Open an exposure first"
ABOUT = "parameters"  # of messages
NOT_STATED = "This file does not say which parameters it was made with"


class ParameterFiles(QObject):
    """What the Run menu does with parameters: a feature without panels."""

    tabs = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lane = JobRunner(background_thread(), self)

    def connect(self, parts: Parts) -> None:
        """Connect menu, session, exposure line and messages."""
        self._window, self._session = parts.window, parts.session
        self._messages = parts.messages
        files = FileWork(self.lane, parts.window, parts.settings, FOLDER)
        self.flow = ParameterFlow(read_set, write_set, files)
        self.presets = PresetMenu(parts.settings, parts.window)
        parts.window.add_menu("default_parameters", self.presets)
        self._enable(None)
        flow, session, action = self.flow, self._session, self._window.action
        action("load_parameters").triggered.connect(flow.ask_load)
        action("save_parameters").triggered.connect(self._save)
        action("delivered_parameters").triggered.connect(self._use_delivered)
        action("default_parameters").triggered.connect(flow.use_defaults)
        action("copy_strun").triggered.connect(lambda: self._copy(is_python=False))
        action("copy_python").triggered.connect(lambda: self._copy(is_python=True))
        flow.parameters_chosen.connect(self._set)
        flow.jumps_wanted.connect(self._show_jumps)

        self.presets.preset_chosen.connect(flow.use_preset)
        self.presets.save_wanted.connect(self._keep_preset)
        self.presets.removed.connect(
            lambda name: parts.messages.show_note(f"The preset {name} is removed.")
        )
        self.presets.refused.connect(parts.messages.show_error)

        session.exposure_changed.connect(self._enable)
        session.recipe_changed.connect(flow.show_recipe)
        # Before and behind a note on parameters: others, and another run on screen.
        session.recipe_changed.connect(lambda _recipe: parts.messages.end(ABOUT))
        session.runs_changed.connect(
            lambda _runs, _shown: flow.show_shown(session.shown_recipe)
        )
        flow.source_changed.connect(parts.line.show_parameters)
        flow.source_changed.connect(self.presets.show_source)
        flow.working.connect(parts.messages.show_work)
        flow.applied.connect(lambda text: parts.messages.show_note(text, ABOUT))
        flow.told.connect(parts.messages.show_note)
        flow.failed.connect(parts.messages.show_error)

    def sourced(self, recipe: Recipe) -> Recipe:
        """Return a recipe that names where its parameters come from."""
        return replace(recipe, source=self.flow.source(recipe))

    def close(self) -> None:
        """End the work; what is being saved is finished first."""
        self.lane.finish()

    def _enable(self, exposure: Exposure | None) -> None:
        """Enable what can be done with an exposure; say why the rest cannot."""
        action = self._window.action
        if exposure is not None:
            self.presets.show_instrument(exposure.instrument)
        for name, text in TIPS.items():
            action(name).setEnabled(exposure is not None)
            action(name).setToolTip(text if exposure else NO_EXPOSURE)
        delivered = exposure.delivered if exposure is not None else None
        reason = "" if delivered else NOT_STATED if exposure else NO_EXPOSURE
        action("delivered_parameters").setEnabled(not reason)
        tip = reason if delivered is None else delivered.summary
        action("delivered_parameters").setToolTip(tip)

    def _keep_preset(self, name: str) -> None:
        recipe, skipped = self._session.recipe, self.flow.skipped
        self.presets.keep(of_parameters(name, recipe.jump, recipe.fit, skipped))
        self.flow.call(called_after(name))
        self.flow.show_recipe(recipe)
        self.flow.show_shown(self._session.shown_recipe)
        kept = f"The parameters in use are kept as preset {name}."
        notes = [SAVED_SKIPS[step] for step in sorted(skipped)]
        self._messages.show_note(" ".join([kept, *notes]))

    def _set(self, jump: JumpParameters, fit: RampFitParameters) -> None:
        self._session.set_jump_parameters(jump)
        self._session.set_fit_parameters(fit)
        self.flow.show_recipe(self._session.recipe)  # where nothing but the name is new

    def _save(self) -> None:
        exposure = self._session.exposure
        if exposure is not None:
            self.flow.ask_save(saturation_options_of(exposure))

    def _show_jumps(self, are_wanted: bool) -> None:
        """Show the run with jumps searched for, or that with the flags as delivered."""
        shown = self._session.shown_recipe.delivered_jumps
        if are_wanted == (shown == "as_delivered"):
            self._session.show_run(LIVE if are_wanted else DELIVERED)

    def _use_delivered(self) -> None:
        exposure = self._session.exposure
        if exposure is not None and exposure.delivered is not None:
            self.flow.use_delivered(exposure.delivered, exposure.name)

    def _copy(self, *, is_python: bool) -> None:
        exposure = self._session.exposure
        if exposure is not None:
            lines = lines_for(exposure, self._session.shown_recipe)
            self.flow.copy(lines.python if is_python else lines.strun, lines.notes)


def read_set(path: Path) -> ParameterSet:
    """Return the parameters in a file."""
    from rampviewer.io.parameter_files import (  # noqa: PLC0415 - the window comes first
        read_parameters,
    )

    return read_parameters(path)


def write_set(order: ParameterOrder) -> Sequence[Path]:
    """Write parameters; the dialog has asked whether a file may be replaced."""
    from rampviewer.io.parameter_writer import (  # noqa: PLC0415 - as above
        write_parameters,
    )

    skips: dict[Step, dict[str, bool]] = {step: {SKIP: True} for step in order.skipped}
    return write_parameters(
        order.path,
        jump=order.jump,
        fit=order.fit,
        options=skips,
        saturation=order.saturation,
        overwrite=True,
    )


def lines_for(exposure: Exposure, recipe: Recipe) -> Commands:
    """Return the lines that make the rates on screen with the official package."""
    from rampviewer.io.names import product_name  # noqa: PLC0415 - as above

    return commands(exposure, recipe, partial(product_name, exposure.name))
