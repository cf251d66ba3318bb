"""Going where the sentences on a pixel lead, and taking them along."""

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QGuiApplication

from rampviewer import __version__
from rampviewer.model.pixel.pixel_report import markdown_report
from rampviewer.model.pixel.sentence_places import Place
from rampviewer.window.feature import Parts

NO_PIXEL = "Select a pixel first: click it in the image."
COPIED = "Copied the report on pixel x {x}, y {y} as Markdown."


class Reasons(QObject):
    """Links and report of the pixel panel, which stands in the window anyway."""

    tabs = ()

    def connect(self, parts: Parts) -> None:
        """Connect the panel with session, image and menu."""
        self._parts = parts
        parts.pixel.place_clicked.connect(self._go)
        parts.pixel.report_clicked.connect(self._copy)
        parts.window.action("copy_report").triggered.connect(self._copy)

    def close(self) -> None:
        """Nothing is going on."""

    def _go(self, place: Place) -> None:
        session, here = self._parts.session, self._parts.session.step
        if place.pixel is not None:
            session.set_pixel(place.pixel)
            self._parts.image.bring_into_view(place.pixel)
        integration = here[0] if place.integration is None else place.integration
        group = here[1] if place.group is None else place.group
        self._parts.go_to_step(integration, group)

    def _copy(self) -> None:
        session, clipboard = self._parts.session, QGuiApplication.clipboard()
        pixel, exposure = session.pixel, session.exposure
        view = None if pixel is None else session.view_of(pixel)
        if view is None or exposure is None or clipboard is None:
            self._parts.messages.show_note(NO_PIXEL)
            return
        clipboard.setText(markdown_report(view, exposure, __version__))
        x, y = view.pixel.col, view.pixel.row
        self._parts.messages.show_note(COPIED.format(x=x, y=y))
