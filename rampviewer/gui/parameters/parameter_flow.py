"""Parameters from and to files and the clipboard: dialogs, worker, sentences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QGuiApplication

from rampviewer.gui.files.file_work import FileWork
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameter_set import ParameterSet, Stated
from rampviewer.model.settings.parameter_source import DEFAULTS, StepSources, source_text
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.presets import called_after
from rampviewer.model.settings.step_parameters import SKIP, Step, unofficial_notes

FOLDER = "parameter_folder"
SKIP_TEXTS = {
    "jump": "Jump detection is skipped: shown is the run with the flags as delivered.",
    "ramp_fit": "It skips the ramp fit, which is shown here all the same; export the ramp "
    "with jump flags only for the same product.",
}
SAVED_SKIPS = {
    "jump": "It skips jump detection, as the run on screen.",
    "ramp_fit": "It skips the ramp fit, as the parameters in use.",
}
SAVED_SATURATION = "It tells the saturation step what this quick look was told."
SAVED_RULES = "It tells the saturation step the rules of this quick look, but no level."
READABLE = "Parameters, or a product made with them (*.asdf *.cfg *.fits *.fits.gz)"
FILTERS = {
    "Both steps, as a pipeline (*.asdf)": ("pars.asdf", True, True),
    "Jump step (*.asdf)": ("pars-jumpstep.asdf", True, False),
    "Ramp fitting step (*.asdf)": ("pars-rampfitstep.asdf", False, True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterOrder:
    """What is saved, and where to; a step that is None is left out.

    The file tells of the steps in `skipped` that they are to be skipped, and a pipeline
    what its saturation step is told of an uncalibrated exposure.
    """

    path: Path
    jump: JumpParameters | None
    fit: RampFitParameters | None
    skipped: frozenset[Step] = frozenset()
    saturation: Mapping[str, Any] = field(default_factory=dict)


Read = Callable[[Path], ParameterSet]
Write = Callable[[ParameterOrder], Sequence[Path]]


def _told(saturation: Mapping[str, Any]) -> str:
    """Return what a file says to the saturation step; a number has no place there."""
    is_whole = saturation.keys() & {"override_saturation", SKIP}
    return SAVED_SATURATION if is_whole else SAVED_RULES


def _unused(found: ParameterSet) -> list[str]:
    """Return what a file asks for that the window does not take from it."""
    names = dict.fromkeys(name for part in found.options.values() for name in part)
    names.pop(SKIP, None)
    if found.override_saturation:
        names["override_saturation"] = None
    if found.use_readpatt is False:
        names["use_readpatt"] = None
    if found.n_pix_grow_sat not in (None, 1):
        names["n_pix_grow_sat"] = None
    if found.skip_saturation:
        names["skip of the saturation step"] = None
    if not names:
        return []
    return [f"Not used in the window: {', '.join(names)}."]


def _skips(found: ParameterSet) -> list[str]:
    return [SKIP_TEXTS[step] for step in sorted(found.skipped)]


class ParameterFlow(QObject):
    """Knows which set of parameters is in use, and brings others.

    Parameters
    ----------
    read, write : callable
        Read a file, and write an order; they are called on a worker.
    files : FileWork

    Signals
    -------
    parameters_chosen : JumpParameters, RampFitParameters
        The user wants these.
    jumps_wanted : bool
        Whether the user wants jumps searched for; follows `parameters_chosen`.
    source_changed : str
        Which set is in use.
    applied : str
        What a set that was put in the place of the one before says, as long as it is in
        use.
    working, told, failed : str
        One or more sentences.
    """

    parameters_chosen = pyqtSignal(JumpParameters, RampFitParameters)
    jumps_wanted = pyqtSignal(bool)
    source_changed = pyqtSignal(str)
    applied = pyqtSignal(str)
    working = pyqtSignal(str)
    told = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, read: Read, write: Write, files: FileWork) -> None:
        super().__init__(files)
        self._read, self._write, self._files = read, write, files
        self._jump, self._fit = JumpParameters(), RampFitParameters()
        self._jump_sources = StepSources(self._jump)
        self._fit_sources = StepSources(self._fit)
        self._left_out: RampFitParameters | None = None  # with which no fit is wanted
        self._is_delivered = False  # the run on screen
        self._files.done.connect(self._take)
        self._files.failed.connect(lambda why: self.failed.emit(f"{why}."))

    @property
    def skipped(self) -> frozenset[Step]:
        """The steps that are skipped when the parameters in use are saved."""
        skips: dict[Step, bool] = {
            "jump": self._is_delivered,
            "ramp_fit": self._fit == self._left_out,
        }
        return frozenset(step for step, is_skipped in skips.items() if is_skipped)

    def source(self, recipe: Recipe) -> str:
        """Return which set is in use for a run on screen."""
        jump, fit = self._jump_sources.now, self._fit_sources.now
        if recipe.delivered_jumps == "as_delivered":
            return f"{fit} (jumps as delivered)"
        if jump.name != fit.name:  # then the set that was named is not in use as a whole
            jump = DEFAULTS if recipe.jump == JumpParameters() else jump
            fit = DEFAULTS if recipe.fit == RampFitParameters() else fit
        return source_text(jump, fit)

    def show_recipe(self, recipe: Recipe) -> None:
        """Take note of the parameters in use."""
        self._jump, self._fit = recipe.jump, recipe.fit
        self._jump_sources.show(recipe.jump)
        self._fit_sources.show(recipe.fit)
        self.show_shown(recipe)

    def show_shown(self, recipe: Recipe) -> None:
        """Tell which set the run on screen is of; it may take the jumps as delivered."""
        self._is_delivered = recipe.delivered_jumps == "as_delivered"
        skips = " (skips the ramp fit)" if "ramp_fit" in self.skipped else ""
        self.source_changed.emit(f"{self.source(recipe)}{skips}")

    def ask_load(self) -> None:
        """Let the user choose a file to take parameters from."""
        filters = [READABLE, "All files (*)"]
        self._files.ask_to_read("Load parameters", filters, self.load)

    def load(self, path: Path) -> None:
        """Take parameters from a file; `parameters_chosen` or `failed` follows."""
        self.working.emit(f"Reading {path.name} ...")
        read = self._read
        self._files.begin(path, lambda: read(path))

    def ask_save(self, saturation: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Let the user choose which steps are saved, and where to.

        Parameters
        ----------
        saturation : mapping
            What a pipeline has to tell its saturation step.
        """
        jump, fit, skipped = self._jump, self._fit, self.skipped  # as they are now

        def save(path: Path) -> None:
            _, with_jump, with_fit = FILTERS[dialog.selectedNameFilter()]
            self.save(
                ParameterOrder(
                    path=path,
                    jump=jump if with_jump else None,
                    fit=fit if with_fit else None,
                    skipped=skipped,
                    saturation=saturation if with_jump and with_fit else {},
                )
            )

        name = next(iter(FILTERS.values()))[0]
        dialog = self._files.ask_to_write("Save parameters", list(FILTERS), name, save)
        dialog.filterSelected.connect(lambda kind: dialog.selectFile(FILTERS[kind][0]))

    def save(self, order: ParameterOrder) -> None:
        """Write parameters; `told` or `failed` follows."""
        self.working.emit(f"Saving {order.path.name} ...")
        write = self._write
        steps: dict[Step, object] = {"jump": order.jump, "ramp_fit": order.fit}
        skips = [
            SAVED_SKIPS[step] for step in steps if step in order.skipped and steps[step]
        ]
        official = unofficial_notes(order.jump) if order.jump is not None else ()
        told = [_told(order.saturation)] if order.saturation else []
        notes = (*skips, *told, *official)
        self._files.begin(order.path, lambda: (write(order), notes))

    def use(self, found: ParameterSet) -> None:
        """Put a set in the place of the parameters in use."""
        jump, fit = found.applied_to(self._jump, self._fit)
        if "jump" in found.values:
            self._jump_sources.take(found.name, jump)
        if "ramp_fit" in found.values:
            self._fit_sources.take(found.name, fit)
        if "ramp_fit" in {**found.values, **found.options}:
            self._left_out = fit if "ramp_fit" in found.skipped else None
        self.parameters_chosen.emit(jump, fit)
        if "jump" in {**found.values, **found.options}:
            self.jumps_wanted.emit("jump" not in found.skipped)

    def use_preset(self, preset: ParameterSet) -> None:
        """Put a preset in the place of those in use."""
        name = called_after(preset.name)
        self.use(replace(preset, name=name))
        sentence = f"The parameters are those of {name}: {preset.summary}."
        self.applied.emit(" ".join([sentence, *_skips(preset)]))

    def call(self, name: str) -> None:
        """Name the parameters in use from now on."""
        self._jump_sources.take(name, self._jump)
        self._fit_sources.take(name, self._fit)

    def use_delivered(self, found: ParameterSet, name: str) -> None:
        """Put those that the file `name` was made with in the place of those in use."""
        delivered = f"{found.name} with {name}"
        self.use(ParameterSet(name=delivered, values=found.values, options=found.options))
        sentence = f"The parameters are those that {name} was made with: {found.summary}."
        self.applied.emit(" ".join([sentence, *_skips(found), *found.notes]))

    def use_defaults(self) -> None:
        """Put the defaults of the official steps in the place of those in use."""
        values: Stated = {"jump": {}, "ramp_fit": {}}
        self.use(ParameterSet(name=DEFAULTS.name, values=values))

    def copy(self, text: str, notes: Sequence[str]) -> None:
        """Put lines for the official package on the clipboard, and say so."""
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        clipboard.setText(text + "\n")
        self.told.emit(" ".join(["Copied lines for the official package.", *notes]))

    def _take(self, item: object) -> None:
        if isinstance(item, ParameterSet):
            self.use(item)
            sentence = f"The parameters are those of {item.name}: {item.summary}."
            notes = *_skips(item), *item.notes, *_unused(item)
            self.applied.emit(" ".join([sentence, *notes]))
        elif isinstance(item, tuple):
            paths, notes = item
            names = ", ".join(str(path) for path in paths)
            self.told.emit(" ".join([f"Saved {names}.", *notes]))
