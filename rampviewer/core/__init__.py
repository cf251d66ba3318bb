"""Numbers: functions on arrays, numpy and numba only, no state."""
