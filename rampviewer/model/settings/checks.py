"""Checks of arguments that come from notebooks and scripts."""

from typing import Any


def require(name: str, value: Any, kind: type, example: str) -> None:
    """Raise TypeError with one sentence unless a value is of a kind.

    Parameters
    ----------
    name : str
        Of the argument.
    value : object
    kind : type
    example : str
        What may be given instead.
    """
    if not isinstance(value, kind):
        short = repr(value) if isinstance(value, int | float | str) else ""
        got = f"{short} ({type(value).__name__})" if short else f"a {type(value).__name__}"
        raise TypeError(
            f"{name} must be of the type {kind.__name__}, got {got}: give {example}"
        )
