"""Waits that end as soon as what is waited for is there, and late where it never comes."""

from pytestqt.qtbot import QtBot

LONG = 120_000  # [ms] a rare option may have to wait for a compiler


class PatientBot(QtBot):
    """Waits longer than five seconds, unless it is told not to."""

    def waitUntil(self, callback, *, timeout=LONG):  # noqa: N802 - as its base
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=LONG, **more):  # noqa: N802 - as its base
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitSignals(self, signals, *, timeout=LONG, **more):  # noqa: N802 - as its base
        return super().waitSignals(signals, timeout=timeout, **more)

    def waitExposed(self, widget, *, timeout=LONG):  # noqa: N802 - as its base
        return super().waitExposed(widget, timeout=timeout)
