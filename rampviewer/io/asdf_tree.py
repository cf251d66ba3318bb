"""The tree in the ASDF extension of a FITS file, read without interpreting its tags."""

import copy
import io
import re
from collections.abc import Sequence
from typing import Any

import asdf
import asdf.tagged
import asdf.util
import asdf.versioning
import numpy as np
import yaml
from asdf.yamlutil import AsdfDumper
from astropy.io import fits

from rampviewer import __version__
from rampviewer.io.fits_file import UNREADABLE
from rampviewer.io.hdus import Extension, Original

EXTENSION = "ASDF"
UNITS = ("bunit_data", "bunit_err")
ABOUT_SCIENCE_DATA = (
    *UNITS,
    "coordinates",
    "photometry",
    "pointing",
    "wcsinfo",
)
_TAGS = "tag:stsci.edu:asdf/"
_CORE = f"{_TAGS}core"
_FIRST_BLOCK = b"\xd3BLK"
_BLOCK_INDEX = b"#ASDF BLOCK INDEX"


def raw_bytes(hdus: fits.HDUList) -> bytes | None:
    """Return the bytes of the ASDF extension, None where there is none, or no such."""
    if EXTENSION not in hdus:
        return None
    try:
        data = hdus[EXTENSION].data
    except (OSError, *UNREADABLE):  # its header is damaged
        return None
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


def tree_hdu(tree: dict[str, Any], raw: bytes | None) -> fits.BinTableHDU:
    """Return the ASDF extension of a product.

    Parameters
    ----------
    tree : dict
        As `read_tree` gives it, with changes.
    raw : bytes or None
        The extension it was read from: its binary blocks are taken over, because nodes of
        the tree may refer to them.
    """
    content = asdf_bytes(tree, standard(raw)) + _blocks(raw)
    data = np.frombuffer(content, np.uint8)[None, :]
    column = fits.Column(name="ASDF_METADATA", format=f"{len(content)}B", array=data)
    return fits.BinTableHDU.from_columns([column], name=EXTENSION)


def asdf_bytes(tree: dict[str, Any], version: str = "") -> bytes:
    """Return an ASDF file that holds a tree and no binary block.

    Every node has its tag already or needs none. So no converter is asked: `AsdfFile`
    would load those of all packages that are installed, for seconds where the official
    one is.

    Parameters
    ----------
    tree : dict
        Of texts, numbers, lists, dictionaries and tagged nodes.
    version : str
        Of the ASDF standard; "" is that of the library.
    """
    version = version or str(asdf.versioning.default_version)
    root = "1.0.0" if asdf.versioning.AsdfVersion(version) < "1.2.0" else "1.1.0"
    writer = {"name": "rampviewer", "version": __version__}
    library = asdf.tagged.TaggedDict(writer, f"{_CORE}/software-1.0.0")
    whole = asdf.tagged.TaggedDict(
        {"asdf_library": library, **tree}, f"{_CORE}/asdf-{root}"
    )
    text: bytes = yaml.dump_all(
        [whole],
        Dumper=AsdfDumper,
        explicit_start=True,
        explicit_end=True,
        version=(1, 1),
        allow_unicode=True,
        encoding="utf-8",
        tags={"!": _TAGS},
    )
    return f"#ASDF 1.0.0\n#ASDF_STANDARD {version}\n".encode() + text


def standard(raw: bytes | None) -> str:
    """Return the version of the ASDF standard to write: that of the tree that was read.

    Tags of nodes that are taken over belong to it and are unknown to other versions.
    """
    found = re.search(rb"#ASDF_STANDARD (\d+\.\d+\.\d+)", raw[:200] if raw else b"")
    version = found[1].decode() if found else ""
    known = [str(known) for known in asdf.versioning.supported_versions]
    return version if version in known else str(asdf.versioning.default_version)


def array_link(image: Extension, version: str) -> asdf.tagged.TaggedDict:
    """Return a node that stands for the array of another extension of the same file.

    Parameters
    ----------
    image : Image or Original
        An extension with an image.
    version : str
        Of the ASDF standard that will be written.
    """
    return _link(image, image.dtype.name, image.shape, version)


def table_link(table: Original, version: str) -> asdf.tagged.TaggedDict:
    """Return the same for an extension with a table."""
    rows: np.dtype[Any] = table.hdu.columns.dtype
    kinds = [
        {"byteorder": "big", "datatype": _kind(rows[name]), "name": name}
        for name in rows.names or ()
    ]
    return _link(table, kinds, (int(table.hdu.header["NAXIS2"]),), version)


def _kind(column: np.dtype[Any]) -> Any:
    is_text = column.kind == "S"
    return ["ascii", column.itemsize] if is_text else column.newbyteorder("=").name


def _link(
    item: Extension, datatype: Any, shape: Sequence[int], version: str
) -> asdf.tagged.TaggedDict:
    tag = "1.1.0" if asdf.versioning.AsdfVersion(version) >= "1.6.0" else "1.0.0"
    return asdf.tagged.TaggedDict(
        {
            "source": f"fits:{item.name},{item.ver}",
            "datatype": datatype,
            "byteorder": "big",
            "shape": list(shape),
        },
        f"{_CORE}/ndarray-{tag}",
    )


def observation_tree(
    tree: dict[str, Any], *, without: Sequence[str] = (), unit: str = ""
) -> dict[str, Any]:
    """Return a copy of what describes the observation: `meta` and the logs of the steps.

    What Roman says of it stands below a name of its own.

    Parameters
    ----------
    tree : dict
        That of the exposure.
    without : sequence of str
        What of `meta` is left out: `ABOUT_SCIENCE_DATA` or `UNITS`.
    unit : str
        Of the new science data and their errors; "" where they have none.
    """
    copied: dict[str, Any] = {"meta": copy.deepcopy(tree.get("meta") or {})}
    for key in {"cal_logs", "roman"} & tree.keys():
        copied[key] = copy.deepcopy(tree[key])
    meta = copied["meta"]
    for key in without:
        meta.pop(key, None)
    if isinstance(meta.get("exposure"), dict):
        meta["exposure"].pop("read_times", None)  # the official models know them of ramps
    if unit:
        meta.update(dict.fromkeys(UNITS, unit))
    return copied


def whole_tree(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a copy without what every writer makes anew.

    `extra_fits` repeats the FITS file and is rebuilt by readers; the hash lets a reader
    skip the FITS headers, which would make it blind to what changed there.
    """
    made_anew = ("asdf_library", "history", "extra_fits", "_fits_hash")
    return {key: copy.deepcopy(tree[key]) for key in tree if key not in made_anew}


def _blocks(raw: bytes | None) -> bytes:
    """Return the binary blocks without their index, whose positions are no longer true."""
    start = raw.find(_FIRST_BLOCK) if raw else -1
    if raw is None or start < 0:
        return b""
    end = raw.find(_BLOCK_INDEX, start)
    return raw[start:] if end < 0 else raw[start:end]
