"""Find reference files in the local CRDS cache; nothing is downloaded."""

import os
from pathlib import Path, PurePosixPath


def cache_folder() -> Path | None:
    """Return the folder that CRDS_PATH names, None where it is not set."""
    setting = os.environ.get("CRDS_PATH", "").strip()
    return Path(setting).expanduser() if setting else None


def file_name(keyword_value: str) -> str:
    """Return the bare file name in a value such as `crds://jwst_nircam_gain_0092.fits`.

    It is "" where the value names no file (empty or N/A).
    """
    value = keyword_value.strip()
    if value.upper() in ("", "N/A", "NONE"):
        return ""
    return PurePosixPath(value.removeprefix("crds://")).name


def find_in_cache(name: str, folder: Path) -> Path | None:
    """Return the path of a reference file in the cache, None where it is not there.

    Both layouts of a cache are searched: one folder for each instrument, and flat.

    Parameters
    ----------
    name : str
        Such as `jwst_nircam_gain_0092.fits`; the word after `jwst_` is the instrument.
    folder : Path
        The one that CRDS_PATH names.
    """
    references = folder / "references" / "jwst"
    instrument = name.lower().removeprefix("jwst_").split("_")[0]
    for path in (references / instrument / name, references / name):
        if path.is_file():
            return path
    return None
