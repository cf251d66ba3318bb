"""Kernels for moving a threshold: what a move touches, and pixels picked from a frame."""
