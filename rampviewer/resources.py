"""Files that are not code."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource_path(name: str) -> Path:
    """Return the path of a file of `resources/`, installed or in the source tree.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    """
    for folder in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        path = folder / name
        if path.is_file():
            return path
    raise FileNotFoundError(f"resource {name!r} is missing from the installation")
