"""Compiled kernels, made ready before anybody waits for them."""
