"""The regions of the window."""

from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.model.regions.region import Regions


class RegionStore(QObject):
    """Holds the regions; they stay when another exposure is opened.

    Signals
    -------
    regions_changed : Regions
        One was added, moved, renamed, removed or selected.
    """

    regions_changed = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._regions = Regions()

    @property
    def regions(self) -> Regions:
        return self._regions

    def put(self, regions: Regions) -> None:
        """Hold these from now on."""
        if regions != self._regions:
            self._regions = regions
            self.regions_changed.emit(regions)
