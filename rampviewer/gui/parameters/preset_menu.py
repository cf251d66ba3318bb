"""The menu of parameter presets."""

from PyQt6.QtCore import QSettings, pyqtSignal
from PyQt6.QtWidgets import QInputDialog, QMenu, QWidget

from rampviewer.gui.widgets.ask_text import ask_text
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.presets import built_in, from_text, to_text

NO_EXPOSURE = "Open an exposure first: presets belong to an instrument"


class PresetMenu(QMenu):
    """Lists the sets for the instrument that is open; the user's are kept in `settings`.

    Signals
    -------
    preset_chosen : ParameterSet
    save_wanted : str
        The user wants the parameters in use kept under this name.
    """

    preset_chosen = pyqtSignal(object)
    save_wanted = pyqtSignal(str)

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__("Presets", parent)
        self.setToolTipsVisible(True)
        self._settings, self._instrument = settings, ""
        self.setEnabled(False)
        self.setToolTip(NO_EXPOSURE)

    def show_instrument(self, instrument: str) -> None:
        """List the presets of an instrument."""
        self._instrument = instrument or "other"
        self.setEnabled(True)
        self.setToolTip("")
        self._fill()

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
        own = self.presets()
        self._list(built_in(self._instrument))
        self.addSeparator()
        self._list(own)
        self.addSeparator()
        save = self.addAction("Save as preset...")
        removing = self.addMenu("Remove preset")
        assert save is not None
        assert removing is not None
        save.triggered.connect(self.ask_name)
        removing.setEnabled(bool(own))
        for preset in own:
            action = removing.addAction(_shown(preset.name))
            assert action is not None
            action.triggered.connect(lambda _on, name=preset.name: self.remove(name))

    def _list(self, presets: tuple[ParameterSet, ...]) -> None:
        for preset in presets:
            action = self.addAction(_shown(preset.name))
            assert action is not None
            action.setToolTip(preset.summary)
            action.triggered.connect(lambda _on, it=preset: self.preset_chosen.emit(it))

    def _on_name(self, name: str) -> None:
        if name.strip():
            self.save_wanted.emit(name.strip())


def _shown(name: str) -> str:
    """Return a name whose ampersands are shown."""
    return name.replace("&", "&&")
