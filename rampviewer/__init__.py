"""rampviewer: see, tune and understand jump detection and ramp fitting."""
