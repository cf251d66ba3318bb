"""Errors that the layers above tell apart."""

import os
import re
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self

ReferenceKind = Literal["gain", "readnoise", "saturation"]
REFERENCE_NAMES: Final[dict[ReferenceKind, str]] = {
    "gain": "gain",
    "readnoise": "read noise",
    "saturation": "saturation level",
}


class Ways(NamedTuple):
    """How a reference is given: with `{}` for its kind where it matters."""

    file: str
    number: str
    fetch: str


OPTIONS: Final = Ways("--override-{} FILE", "--{} NUMBER", "--fetch-references")
ARGUMENTS: Final = Ways("{}=FILE", "{}=NUMBER", "fetch_references=True")


class MissingReferenceError(ValueError):
    """Neither a file, nor the CRDS cache, nor a stated number gives a reference.

    Parameters
    ----------
    reason : str
        What is missing, and why, naming the file.
    kinds : tuple of "gain", "readnoise", "saturation"
        All that is missing, so that a window can ask for it.
    is_named : bool
        Whether the header names a file, which could be fetched.
    ways : Ways
        How what is missing can be given: as options, or as arguments of a function.
    in_crds : bool
        Whether CRDS can have it.
    """

    def __init__(
        self,
        reason: str,
        kinds: tuple[ReferenceKind, ...],
        *,
        is_named: bool,
        ways: Ways = OPTIONS,
        in_crds: bool = True,
    ) -> None:
        self.reason, self.kinds, self.is_named = reason, kinds, is_named
        self.in_crds = in_crds
        first, *others = kinds
        cache = (
            "set CRDS_PATH to a cache that holds the file named in the header, or let it "
            f"be fetched ({ways.fetch})"
            if is_named
            else "let the rules of CRDS_CONTEXT choose a file in CRDS_PATH"
        )
        file, number = ways.file.format(first), ways.number.format(first)
        text = (
            f"{reason}; give a file ({file}), state a number ({number}), or {cache}"
            if in_crds
            else f"{reason}; give a file ({file}), or state a number ({number})"
        )
        for kind in others:
            given = ways.number.format(kind)
            text += f"; the same holds for the {REFERENCE_NAMES[kind]} ({given})"
        super().__init__(text)

    @property
    def kind(self) -> ReferenceKind:
        """The first that is missing."""
        return self.kinds[0]

    def told_as(self, ways: Ways) -> Self:
        """Return the same error in the words of another way to give references."""
        return type(self)(
            self.reason,
            self.kinds,
            is_named=self.is_named,
            ways=ways,
            in_crds=self.in_crds,
        )


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
