"""The likelihood fit of ramps, with its own detection of jumps.

References
----------
Brandt 2024, PASP 136, 045004 (fit) and 045005 (jumps).
"""
