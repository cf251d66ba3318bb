"""Which other products of the exposure are drawn over a ramp."""

from collections.abc import Iterable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QMenu, QToolButton, QWidget

from rampviewer.model.sibling_ramps import Sibling

TIP = "Draw the ramp of the pixel in other products of this exposure, found by name"
NO_EXPOSURE = "Open an exposure first: its other products are looked for beside it."


class _TickMenu(QMenu):
    """A menu that stays open while its entries are ticked."""

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:
        pointed = self.actionAt(a0.position().toPoint()) if a0 is not None else None
        if not _tick(pointed):
            super().mouseReleaseEvent(a0)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        is_space = a0 is not None and a0.key() == Qt.Key.Key_Space
        if not (is_space and _tick(self.activeAction())):
            super().keyPressEvent(a0)


def _tick(action: QAction | None) -> bool:
    """Carry an entry out; return whether that could be done."""
    if action is None or not action.isEnabled():
        return False
    action.trigger()
    return True


class SiblingButton(QToolButton):
    """A menu with a check box for each sibling; grey with the reason when there is none.

    Signals
    -------
    siblings_edited : tuple of (int, Sibling)
        The siblings that are ticked, each with its place in the list.
    """

    siblings_edited = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText("Siblings")
        self.setProperty("role", "toggle")
        self.setAccessibleName(TIP)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = _TickMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setMenu(self._menu)
        self._listed: list[tuple[QAction, Sibling]] = []
        self._names: set[str] = set()  # ticked, also of exposures that were open before
        self.show_siblings((), NO_EXPOSURE)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The names of siblings that are drawn where they are found."""
        return tuple(sorted(self._names))

    def set_wanted(self, names: Iterable[str]) -> None:
        """Tick siblings by name when they are listed next."""
        self._names = set(names)

    @property
    def ticked(self) -> tuple[tuple[int, Sibling], ...]:
        """The siblings to draw, each with its place in the list."""
        return tuple(
            (number, sibling)
            for number, (action, sibling) in enumerate(self._listed)
            if action.isChecked()
        )

    def show_siblings(self, siblings: tuple[Sibling, ...], reason: str = "") -> None:
        """List siblings; what was ticked before and is there again stays ticked.

        Parameters
        ----------
        siblings : tuple of Sibling
        reason : str
            Why there are none.
        """
        self._menu.clear()
        self._listed = [(self._entry(sibling), sibling) for sibling in siblings]
        self.setEnabled(bool(siblings))
        self.setToolTip(TIP if siblings else reason)

    def untick(self, sibling: Sibling) -> None:
        """Draw a sibling no longer."""
        for action, listed in self._listed:
            if listed == sibling:
                action.setChecked(False)
                self._names.discard(sibling.name)

    def _entry(self, sibling: Sibling) -> QAction:
        note = f" ({sibling.note})" if sibling.note else ""
        action = self._menu.addAction(f"{sibling.name}{note}")
        assert action is not None
        action.setCheckable(True)
        action.setEnabled(not sibling.reason)
        action.setToolTip(sibling.reason or str(sibling.path))
        action.setChecked(sibling.name in self._names and not sibling.reason)
        action.triggered.connect(lambda on: self._edit(sibling.name, on))
        return action

    def _edit(self, name: str, on: bool) -> None:
        (self._names.add if on else self._names.discard)(name)
        self.siblings_edited.emit(self.ticked)
