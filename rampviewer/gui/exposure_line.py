"""One line above the panels: what is open, and with which references."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from rampviewer.model.exposure import Exposure

SHOWN_KEYWORDS = ("DETECTOR", "FILTER", "PUPIL", "EXP_TYPE", "SUBARRAY", "READPATT")


def summary(exposure: Exposure) -> str:
    """Return file, configuration, sizes and references in one line."""
    words = (exposure.instrument, *(exposure.keywords.get(k, "") for k in SHOWN_KEYWORDS))
    sizes = (
        f"{exposure.n_ints} int x {exposure.n_groups} groups, "
        f"{exposure.n_cols} x {exposure.n_rows} pixels, "
        f"group time {exposure.timing.group_time:g} s"
    )
    return "   |   ".join(
        (
            exposure.name,
            " ".join(str(word) for word in words if word),
            sizes,
            f"gain: {exposure.gain_reference}",
            f"read noise: {exposure.readnoise_reference}",
        )
    )


def details(exposure: Exposure) -> str:
    """Return the same in several lines, with every keyword, as a tooltip."""
    rows = [str(exposure.path or exposure.name), *summary(exposure).split("   |   ")[1:]]
    rows += [f"{key}: {value}" for key, value in exposure.keywords.items()]
    return "\n".join([*rows, *exposure.notes])


class ExposureLine(QLabel):
    """A label that elides in the middle of nothing: at its end, with all in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Open exposure")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.show_exposure(None)

    def show_exposure(self, exposure: Exposure | None) -> None:
        self.setText(summary(exposure) if exposure else "No exposure is open")
        self.setToolTip(details(exposure) if exposure else "")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        elided = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, elided)
