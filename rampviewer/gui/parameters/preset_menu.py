"""The menu of parameter presets."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSettings, pyqtSignal
from PyQt6.QtWidgets import QInputDialog, QMenu, QMessageBox, QWidget

from rampviewer.gui.widgets.ask_text import ask_text
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.presets import built_in, called_after, from_text, to_text

if TYPE_CHECKING:
    from PyQt6.QtGui import QAction

NO_EXPOSURE = "Open an exposure first: presets belong to an instrument"
COMES_ALONG = "{} comes along for {}: give the preset another name."
REPLACE = "The preset {} for {} is there already. Replace it by the parameters in use?"


class PresetMenu(QMenu):
    """Lists the sets for the instrument that is open; the user's are kept in `settings`.

    The one in use is ticked.

    Signals
    -------
    preset_chosen : ParameterSet
    save_wanted : str
        The user wants the parameters in use kept under this name.
    removed : str
        The user's preset of this name is gone.
    refused : str
        Why a preset cannot be called so.
    """

    preset_chosen = pyqtSignal(object)
    save_wanted = pyqtSignal(str)
    removed = pyqtSignal(str)
    refused = pyqtSignal(str)

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__("P&resets", parent)
        self.setToolTipsVisible(True)
        self._settings, self._instrument, self._source = settings, "", ""
        self._listed: dict[str, QAction] = {}
        self.setEnabled(False)
        self.setToolTip(NO_EXPOSURE)

    def show_instrument(self, instrument: str) -> None:
        """List the presets of an instrument."""
        self._instrument = instrument or "other"
        self.setEnabled(True)
        self.setToolTip("")
        self._fill()

    def show_source(self, source: str) -> None:
        """Tick the preset that the parameters in use are called after."""
        self._source = source
        for name, action in self._listed.items():
            called = called_after(name)
            with_skips = f"{called} (skips", f"{called} (jumps as delivered"
            action.setChecked(source == called or source.startswith(with_skips))

    def presets(self) -> tuple[ParameterSet, ...]:
        """Return the user's own presets for the instrument."""
        return from_text(str(self._settings.value(self._key, "")))

    def keep(self, preset: ParameterSet) -> None:
        """Keep a preset; one of the same name is replaced."""
        others = (own for own in self.presets() if own.name != preset.name)
        self._store((*others, preset))

    def remove(self, name: str) -> None:
        """Forget the user's preset of a name."""
        self._store(tuple(own for own in self.presets() if own.name != name))
        self.removed.emit(name)

    def ask_name(self) -> QInputDialog:
        """Ask under which name the parameters in use are kept."""
        label = f"Name of the preset for {self._instrument}:"
        parent = self.parentWidget()
        return ask_text(parent, "Save as preset", label, self._on_name)

    @property
    def _key(self) -> str:
        return f"presets/{self._instrument}"

    def _store(self, presets: tuple[ParameterSet, ...]) -> None:
        self._settings.setValue(self._key, to_text(presets))
        self._fill()

    def _fill(self) -> None:
        self.clear()
        self._listed = {}
        own = self.presets()
        self._list(built_in(self._instrument))
        self.addSeparator()
        self._list(own)
        self.addSeparator()
        save = self.addAction("Save &as preset...")
        removing = self.addMenu("&Remove preset")
        assert save is not None
        assert removing is not None
        save.triggered.connect(self.ask_name)
        removing.setEnabled(bool(own))
        for preset in own:
            action = removing.addAction(_shown(preset.name))
            assert action is not None
            action.triggered.connect(lambda _on, name=preset.name: self.remove(name))

        self.show_source(self._source)

    def _list(self, presets: tuple[ParameterSet, ...]) -> None:
        for preset in presets:
            action = self.addAction(_shown(preset.name))
            assert action is not None
            action.setCheckable(True)
            action.setToolTip(preset.summary)
            action.triggered.connect(lambda _on, it=preset: self._choose(it))
            self._listed[preset.name] = action

    def _choose(self, preset: ParameterSet) -> None:
        self.preset_chosen.emit(preset)
        self.show_source(self._source)  # Qt has unticked the one that was in use already

    def _on_name(self, text: str) -> None:
        name = text.strip()
        if name in {preset.name for preset in built_in(self._instrument)}:
            self.refused.emit(COMES_ALONG.format(name, self._instrument))
        elif name in {preset.name for preset in self.presets()}:
            self._ask_to_replace(name)
        elif name:
            self.save_wanted.emit(name)

    def _ask_to_replace(self, name: str) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Save as preset",
            REPLACE.format(name, self._instrument),
            parent=self.parentWidget(),
        )
        replace = box.addButton("Replace", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        assert replace is not None
        replace.clicked.connect(lambda: self.save_wanted.emit(name))
        box.finished.connect(box.deleteLater)
        box.open()


def _shown(name: str) -> str:
    """Return a name whose ampersands are shown."""
    return name.replace("&", "&&")
