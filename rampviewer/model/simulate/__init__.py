"""Simulated exposures: to try things out, to test and to time."""

from rampviewer.model.simulate.exposure import Simulated, SimulationSettings, simulate

__all__ = ["Simulated", "SimulationSettings", "simulate"]
