"""Errors that the layers above tell apart."""

from typing import Literal


class MissingReferenceError(ValueError):
    """Neither a file, nor the CRDS cache, nor a stated number gives a reference.

    Attributes
    ----------
    kind : "gain" or "readnoise"
        What is missing, so that a window can ask for it.
    kinds : tuple of str
        All that is missing.
    """

    def __init__(
        self,
        kind: Literal["gain", "readnoise"],
        message: str,
        also: tuple[Literal["gain", "readnoise"], ...] = (),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.kinds = (kind, *also)


class CancelledError(Exception):
    """The user cancelled the work."""
