"""Lines above the panels: what is open, with which parameters and references."""

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.model.exposure import Exposure
from rampviewer.model.text.number_text import many

EMPTY_TEXT = "No exposure is open"
QUICK_LOOK = "QUICK LOOK, UNCALIBRATED"
SEPARATOR = "   |   "
SHOWN_KEYWORDS = (
    *("DETECTOR", "FILTER", "PUPIL", "EXP_TYPE", "SUBARRAY", "READPATT"),
    *("OBSTYPE", "SUBTYPE", "SAMP_SEQ", "MATABNAM"),  # of HST and Roman
)


def summary(exposure: Exposure, parameters: str) -> tuple[str, str]:
    """Return two lines: file, configuration and sizes; parameters and references."""
    words = (exposure.instrument, *(exposure.keywords.get(k, "") for k in SHOWN_KEYWORDS))
    sizes = (
        f"{many(exposure.n_ints, 'integration')} x {many(exposure.n_groups, 'group')}, "
        f"{exposure.n_cols} x {exposure.n_rows} pixels, "
        f"group time {exposure.timing.group_time:g} s"
    )
    where = "worked on from disk" if exposure.room.on_disk else ""
    look = QUICK_LOOK if exposure.quick_look else ""
    what = (
        look,
        exposure.name,
        " ".join(str(word) for word in words if word),
        sizes,
        where,
    )
    used = (
        f"parameters: {parameters}",
        f"gain: {exposure.gain_reference}",
        f"read noise: {exposure.readnoise_reference}",
        f"saturation: {exposure.saturation_reference or 'none'}"
        * bool(exposure.quick_look),
    )
    return SEPARATOR.join(part for part in what if part), SEPARATOR.join(
        part for part in used if part
    )


def details(exposure: Exposure, parameters: str) -> str:
    """Return the same in several lines, with every keyword, as a tooltip."""
    rows = [str(exposure.path or exposure.name), *summary(exposure, parameters)]
    rows += [f"{key}: {value}" for key, value in exposure.keywords.items()]
    return "\n".join([*rows, *exposure.notes])


class ExposureLine(QWidget):
    """Two lines, cut at their ends where the window is narrow; the tooltip has it all.

    That an exposure is uncalibrated stands before them in letters that are not overlooked.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Open exposure")
        self._lines = (ElidedLabel(""), ElidedLabel(""))
        self.warning = QLabel(QUICK_LOOK)
        self.warning.setProperty("role", "warning")
        # No grid: it would now and then leave a gap before the first line alone.
        first, layout = QHBoxLayout(), QVBoxLayout(self)
        first.setSpacing(12)
        first.addWidget(self.warning)
        first.addWidget(self._lines[0], 1)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(1)
        layout.addLayout(first)
        layout.addWidget(self._lines[1])
        self._parameters = "defaults"
        self.show_exposure(None)

    def show_exposure(self, exposure: Exposure | None) -> None:
        self._exposure = exposure
        parameters = self._parameters
        texts = summary(exposure, parameters) if exposure else (EMPTY_TEXT, "")
        tip = details(exposure, parameters) if exposure else ""
        for line, text in zip(self._lines, texts, strict=True):
            line.set_text(text.removeprefix(QUICK_LOOK + SEPARATOR), tip)
        self.warning.setVisible(exposure is not None and bool(exposure.quick_look))
        self.warning.setToolTip(tip)

    def show_parameters(self, source: str) -> None:
        """Show which set of parameters is in use."""
        if source != self._parameters:
            self._parameters = source
            self.show_exposure(self._exposure)

    @property
    def parameters(self) -> str:
        """Which set of parameters is in use."""
        return self._parameters

    def text(self) -> str:
        """Return both lines, cut or not."""
        lines = "\n".join(line.text() for line in self._lines)
        is_raw = self._exposure is not None and self._exposure.quick_look
        return f"{QUICK_LOOK}{SEPARATOR}{lines}" if is_raw else lines
