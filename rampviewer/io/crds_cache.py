"""Find reference files in the local CRDS cache; nothing is downloaded."""

import os
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

DEFAULT: Final = "/grp/crds/cache"  # of the institute, where nothing else is set
FOLDERS: Final = ("CRDS_PATH", "CRDS_REFPATH", "CRDS_MAPPATH", "CRDS_CFGPATH")
VARIABLES: Final = (*FOLDERS, *(f"{name}_SINGLE" for name in FOLDERS))


class Cache(NamedTuple):
    """A folder for references or rules, as the `crds` package has it.

    Attributes
    ----------
    named : Path
        The folder that is set.
    observatory : Path
        The one in it for an observatory.
    """

    named: Path
    observatory: Path


def references(observatory: str) -> Cache | None:
    """Return where references are, None where no variable names a cache."""
    return _folder(observatory, "CRDS_REFPATH", "references")


def rules(observatory: str) -> Cache | None:
    """Return where the rules of contexts are, None where no variable names a cache."""
    return _folder(observatory, "CRDS_MAPPATH", "mappings")


def expand_variables() -> None:
    """Let variables say to the `crds` package, which takes them literally, what is meant.

    An empty one is as good as none, and `~` is the home folder.
    """
    for name in VARIABLES:
        setting = os.environ.get(name)
        if setting is not None and not setting.strip():
            del os.environ[name]
        elif setting is not None:
            os.environ[name] = str(Path(setting.strip()).expanduser())


def file_name(keyword_value: str) -> str:
    """Return the bare file name in a value such as `crds://jwst_nircam_gain_0092.fits`.

    It is "" where the value names no file (empty, N/A or, of Roman, ?).
    """
    value = keyword_value.strip()
    if value.upper() in ("", "N/A", "NONE", "?"):
        return ""
    return PurePosixPath(value.removeprefix("crds://")).name


def find_in_cache(name: str, folder: Path) -> Path | None:
    """Return the path of a reference file in the cache, None where it is not there.

    Both layouts of a cache are searched: one folder for each instrument, and flat.

    Parameters
    ----------
    name : str
        Such as `jwst_nircam_gain_0092.fits`; the second word is the instrument.
    folder : Path
        The one for the references of the observatory.
    """
    words = name.lower().split("_")
    for path in (folder / "_".join(words[1:2]) / name, folder / name):
        if path.is_file():
            return path
    return None


def _folder(observatory: str, variable: str, part: str) -> Cache | None:
    """Return the folder of the first variable that is set, in the order of the package."""
    for name, parts in (
        (f"{variable}_SINGLE", ()),
        (variable, (observatory,)),
        ("CRDS_PATH_SINGLE", (part,)),
        ("CRDS_PATH", (part, observatory)),
    ):
        setting = os.environ.get(name, "").strip()
        if setting:
            named = Path(setting).expanduser()
            return Cache(named, named.joinpath(*parts))
    named = Path(os.environ.get("CRDS_DEFAULT_CACHE") or DEFAULT)
    return Cache(named, named / part / observatory) if named.is_dir() else None
