"""What a user does with the window, and what is seen in it."""

import math

import numpy as np
from PyQt6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PyQt6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QMessageBox,
    QPushButton,
    QStyle,
    QStyleOptionSlider,
    QTabWidget,
)

from rampviewer.gui.files.export_dialog import ExportDialog
from rampviewer.gui.files.references_dialog import ReferencesDialog
from rampviewer.model.kernels.warm_up import Ready

LEFT = Qt.MouseButton.LeftButton
NO_BUTTON = Qt.MouseButton.NoButton
NO_KEY = Qt.KeyboardModifier.NoModifier


class Hand:
    """Uses one window through its widgets, as the user does."""

    def __init__(self, application, qtbot, panel=None):
        self.app, self.qtbot = application, qtbot
        self.panel = panel or application.image  # the image to point at
        self.slider = application.processing.threshold._slider
        self.box = application.processing.threshold._box

    # Files

    def open(self, files, *, pixel=None, wait=True):
        """Open with references, as from the command line."""
        before = self.app.session.prepared
        self.app.open(files.ramp, files.gain, files.readnoise, pixel)
        if wait:
            self.wait_opened(before)

    def wait_opened(self, before=None):
        session = self.app.session
        self.until(lambda: session.prepared is not None and session.prepared is not before)
        self.settle()

    def drop(self, widget, *paths):
        """Drop files on a widget; return whether the drop was accepted."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        place = QPoint(20, 20)
        action = Qt.DropAction.CopyAction
        enter = QDragEnterEvent(place, action, data, LEFT, NO_KEY)
        QApplication.sendEvent(widget, enter)
        if enter.isAccepted():
            drop = QDropEvent(QPointF(place), action, data, LEFT, NO_KEY)
            QApplication.sendEvent(widget, drop)
        return enter.isAccepted()

    def trigger(self, name):
        self.app.window.action(name).trigger()

    def dialog(self, kind):
        """Return the dialog of a kind that is open."""
        found = []

        def look():
            dialogs = self.app.window.findChildren(kind)
            found[:] = [dialog for dialog in dialogs if dialog.isVisible()]
            return bool(found)

        self.until(look)
        return found[-1]

    def choose_file(self, path):
        """Choose a file in the dialog that asks what to open."""
        dialog = self.dialog(QFileDialog)
        dialog.selectFile(str(path))
        dialog.accept()

    def give_references(self, gain, readnoise):
        dialog = self.dialog(ReferencesDialog)
        dialog.gain_edit.setText(str(gain))
        dialog.readnoise_edit.setText(str(readnoise))
        self.press(dialog, "OK")

    def ask_export(self, folder, *products):
        """Fill in the export dialog and return it."""
        self.trigger("export")
        dialog = self.dialog(ExportDialog)
        dialog.folder_edit.setText(str(folder))
        for key, box in dialog.boxes.items():
            box.setChecked(key in products)
        return dialog

    def export(self, folder, *products):
        """Export by the dialog and wait until the files are there."""
        dialog = self.ask_export(folder, *products)
        with self.qtbot.waitSignal(self.app.exporting.exported):
            self.press(dialog, "Export")
        self.until(lambda: not self.app.writing.is_busy)
        return self.message()

    def open_tab(self, title):
        """Click a tab below the ramp."""
        tabs = self.app.window.findChild(QTabWidget)
        names = [tabs.tabText(k) for k in range(tabs.count())]
        bar = tabs.tabBar()
        self.qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(names.index(title)).center())

    def press(self, dialog, text):
        """Click the button of a dialog that carries a text."""
        buttons = dialog.findChildren(QPushButton)
        named = [button for button in buttons if button.text().replace("&", "") == text]
        assert named, [button.text() for button in buttons]
        self.qtbot.mouseClick(named[0], LEFT)

    def question(self):
        return self.dialog(QMessageBox)

    def dialogs(self):
        found = self.app.window.findChildren(QDialog)
        return [dialog for dialog in found if dialog.isVisible()]

    # Image

    @property
    def viewport(self):
        return self.panel._view._plot.viewport()

    def place(self, row, col):
        """Return the screen pixel at the centre of a detector pixel."""
        point = self.panel._view._view.mapViewToScene(QPointF(col, row))
        return QPoint(math.floor(point.x()), math.floor(point.y()))

    def click(self, row, col):
        self.qtbot.mouseClick(self.viewport, LEFT, pos=self.place(row, col))

    def hover(self, row, col):
        self.send(self.viewport, QEvent.Type.MouseMove, self.place(row, col))

    def leave(self):
        QApplication.sendEvent(self.viewport, QEvent(QEvent.Type.Leave))

    def color(self, row, col):
        """Return the colour that the screen has at a detector pixel."""
        image = self.viewport.grab().toImage()
        return image.pixelColor(self.place(row, col)).name()

    @property
    def shown(self):
        """The values on screen."""
        return self.panel._values

    # Threshold

    def grasp(self):
        """Press the left button on the handle of the slider; return where."""
        option = QStyleOptionSlider()
        self.slider.initStyleOption(option)
        style, part = self.slider.style(), QStyle.SubControl.SC_SliderHandle
        kind = QStyle.ComplexControl.CC_Slider
        place = style.subControlRect(kind, option, part, self.slider).center()
        self.send(self.slider, QEvent.Type.MouseButtonPress, place, LEFT, LEFT)
        return place

    def drag_to(self, place):
        self.send(self.slider, QEvent.Type.MouseMove, place, NO_BUTTON, LEFT)

    def release(self, place):
        self.send(self.slider, QEvent.Type.MouseButtonRelease, place, LEFT, NO_BUTTON)

    def type_threshold(self, text):
        self.box.setFocus()
        self.box.selectAll()
        self.qtbot.keyClicks(self.box, text)
        self.qtbot.keyClick(self.box, Qt.Key.Key_Return)

    def send(self, widget, kind, place, button=NO_BUTTON, buttons=NO_BUTTON):
        # Not through QTest: on a real display that moves the pointer, some time later.
        here = QPointF(place)
        everywhere = QPointF(widget.mapToGlobal(place))
        event = QMouseEvent(kind, here, everywhere, button, buttons, NO_KEY)
        QApplication.sendEvent(widget, event)

    # Waiting and reading

    def until(self, condition):
        self.qtbot.waitUntil(condition)

    def settle(self):
        """Wait until what is on screen is one complete run of the parameters shown."""
        session, live = self.app.session, self.app.processing.live
        self.until(lambda: session.ready is Ready.EVERYTHING and session.run is not None)
        self.until(lambda: not live.is_busy and not session._edits.is_waiting)
        self.until(lambda: session._sources._late is None)  # flags follow the planes

    def message(self):
        bar = self.app.messages
        return bar.label.text() if bar.isVisible() else ""

    def error(self):
        """Return the sentence of the error that is shown, "" when there is none."""
        bar = self.app.messages
        return self.message() if bar.property("kind") == "error" else ""

    def wait_error(self):
        self.until(lambda: self.error() != "")
        return self.error()


def same(a, b):
    """Return whether two arrays are equal in every element, NaN included."""
    return np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")
