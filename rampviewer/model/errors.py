"""Errors that the layers above tell apart."""

import os
import re
from pathlib import Path
from typing import Literal

ReferenceKind = Literal["gain", "readnoise", "saturation"]


class MissingReferenceError(ValueError):
    """Neither a file, nor the CRDS cache, nor a stated number gives a reference.

    Attributes
    ----------
    kind : "gain", "readnoise" or "saturation"
        What is missing, so that a window can ask for it.
    kinds : tuple of str
        All that is missing.
    """

    def __init__(
        self,
        kind: ReferenceKind,
        message: str,
        also: tuple[ReferenceKind, ...] = (),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.kinds = (kind, *also)


class CancelledError(Exception):
    """The user cancelled the work."""


def sentence(error: Exception, name: str, *others: str) -> str:
    """Return what `error` says about the file `name`, in one line.

    Files are called as they were given: `name`, and `others` that were read for it.
    """
    if isinstance(error, MemoryError):
        return f"{name}: there is not enough memory"
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    is_named = Path(name).name in text
    for given in dict.fromkeys((name, *others)):
        bare = rf"(?<![\w./\\-]){re.escape(Path(given).name)}(?![\w-]|\.\w)"
        text = given.join(re.split(bare, text))
    return text if is_named else f"{name}: {text}"
