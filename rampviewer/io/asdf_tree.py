"""The tree in the ASDF extension of a FITS file, read without interpreting its tags."""

import io
from typing import Any

import asdf
import asdf.util
import numpy as np
import yaml
from astropy.io import fits

EXTENSION = "ASDF"
_FIRST_BLOCK = b"\xd3BLK"
_BLOCK_INDEX = b"#ASDF BLOCK INDEX"


def raw_bytes(hdus: fits.HDUList) -> bytes | None:
    """Return the bytes of the ASDF extension, None where there is none."""
    if EXTENSION not in hdus:
        return None
    data = hdus[EXTENSION].data
    return None if data is None else np.asarray(data).tobytes()


def read_tree(raw: bytes | None) -> dict[str, Any]:
    """Return the tree, its tagged nodes kept as they are; empty where it is unreadable.

    The keywords of the FITS headers count, the tree only adds to them: a tree that cannot
    be read must not keep an exposure from being opened.
    """
    if raw is None:
        return {}
    try:
        tree = asdf.util.load_yaml(io.BytesIO(raw), tagged=True)
    except (ValueError, OSError, yaml.YAMLError):
        return {}
    return dict(tree) if isinstance(tree, dict) else {}
