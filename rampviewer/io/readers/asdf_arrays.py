"""Arrays in an ASDF file, read part by part and without interpreting its tags."""

import os
import struct
import warnings
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import asdf
import asdf.util
import numpy as np
import yaml
from asdf.exceptions import AsdfWarning, ValidationError
from numpy.typing import DTypeLike, NDArray

from rampviewer.model.memory.budget import Room
from rampviewer.model.memory.scratch import release

MAGIC: Final = b"#ASDF"
_BLOCK: Final = b"\xd3BLK"
_HEADER: Final = struct.Struct(">I4sQQQ16s")  # flags, compression, sizes, checksum
_STREAMED: Final = 1
_PLAIN: Final = b"\0\0\0\0"
# What the ASDF library raises on files that are damaged.
_READ_ERRORS = (
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    ValidationError,
    yaml.YAMLError,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class StoredArray:
    """Where an array of a tree is: in a block as it is, or elsewhere (`offset` None)."""

    path: Path
    keys: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    offset: int | None

    def read(
        self,
        dtype: DTypeLike,
        room: Room,
        shape: tuple[int, ...],
        progress: Callable[[int], None] = lambda _n_bytes: None,
    ) -> NDArray[Any]:
        """Return the values in another type and in a shape of the same planes.

        Raises
        ------
        OSError
            When they cannot be read.
        """
        array = room.zeros(shape, dtype)
        planes = array.reshape(-1, *self.shape[-2:])
        whole = self._unpacked() if self.offset is None else None
        if whole is not None and whole.size != planes.size:
            raise OSError(
                f"{self.path.name}: its {'.'.join(self.keys)} holds {whole.size} values, "
                f"not {planes.size}"
            )
        for k, plane in enumerate(planes):
            plane[:] = self._plane(k) if whole is None else whole.reshape(planes.shape)[k]
            release(array)
            progress(plane.nbytes)
        return array

    def _plane(self, k: int) -> NDArray[Any]:
        n_values = self.shape[-2] * self.shape[-1]
        size = n_values * np.dtype(self.dtype).itemsize
        assert self.offset is not None
        with self.path.open("rb") as stream:
            stream.seek(self.offset + k * size)
            data = stream.read(size)
        if len(data) < size:
            raise OSError(f"{self.path.name} is truncated")
        return np.frombuffer(data, self.dtype).reshape(self.shape[-2:])

    def _unpacked(self) -> NDArray[Any]:
        """Return an array that the ASDF library has to unpack."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", AsdfWarning)
                with asdf.open(self.path, lazy_load=True, memmap=False) as file:
                    node: Any = file.tree
                    for key in self.keys:
                        node = node[key]
                    return np.array(getattr(node, "value", node))
        except ImportError as error:
            raise OSError(
                f"{self.path.name} is compressed with a method that needs a package: "
                "pip install rampviewer[roman]"
            ) from error
        except (*_READ_ERRORS, *_unpacking_errors()) as error:
            why = " ".join(str(error).split())[:200] or type(error).__name__
            name = ".".join(self.keys)
            raise OSError(f"{self.path.name}: its {name} cannot be read ({why})") from error


def _unpacking_errors() -> tuple[type[Exception], ...]:
    try:
        from lz4.block import LZ4BlockError  # noqa: PLC0415 - an extra
    except ImportError:
        return ()
    return (LZ4BlockError,)


def is_asdf(path: Path) -> bool:
    """Return whether a file begins like an ASDF file."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def read_asdf_tree(path: Path) -> dict[str, Any]:
    """Return the tree of a file, its tagged nodes kept as they are.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    try:
        tree = asdf.util.load_yaml(path, tagged=True)
    except PermissionError as error:
        raise PermissionError(f"{path} cannot be read: permission denied") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise OSError(
            f"{path.name} is truncated or damaged: its tree cannot be read"
        ) from error
    return dict(tree) if isinstance(tree, Mapping) else {}


def stored_array(path: Path, keys: tuple[str, ...], node: Any) -> StoredArray | None:
    """Return where the array of a node is, None when the node is no array.

    Raises
    ------
    OSError
        When the file ends before its array does.
    """
    if isinstance(node, Mapping) and "unit" in node and "value" in node:  # a quantity
        node, keys = node["value"], (*keys, "value")
    shape = _shape_of(node)
    if shape is None:
        return None
    try:
        dtype = np.dtype(str(node["datatype"]))
    except TypeError as error:
        raise OSError(f"{path.name} is damaged: {error}") from error
    dtype = dtype.newbyteorder("<" if node.get("byteorder") == "little" else ">")
    source, offset = node.get("source"), None
    if isinstance(source, int) and source >= 0:
        begin = _place_of(path, source)
        is_view = "strides" in node or node.get("mask") is not None
        if begin is not None and not is_view:
            offset = begin + int(node.get("offset", 0))
    return StoredArray(path, keys, shape, dtype.str, offset)


def _shape_of(node: Any) -> tuple[int, ...] | None:
    """Return the shape of an array, None when the node is no array of numbers."""
    if not isinstance(node, Mapping) or not isinstance(node.get("datatype"), str):
        return None
    if "data" in node:  # a small one, written into the tree
        return np.shape(node["data"])
    lengths = node.get("shape")
    if not isinstance(lengths, Sequence) or not all(isinstance(n, int) for n in lengths):
        return None  # also of streams, whose length is not stated
    return tuple(lengths)


def _place_of(path: Path, number: int) -> int | None:
    """Return where the data of a block begin, None when they are compressed.

    Raises
    ------
    OSError
        When the file ends before the block does.
    """
    with path.open("rb") as stream:
        n_bytes = stream.seek(0, os.SEEK_END)
        place = _first_block(stream)
        for _ in range(number + 1):
            stream.seek(place)
            head = stream.read(6)
            body = stream.read(_HEADER.size)
            if head[:4] != _BLOCK or len(body) < _HEADER.size:
                raise OSError(f"{path.name} is truncated: its block {number} is missing")
            flags, compression, allocated, used, _, _ = _HEADER.unpack(body)
            begin = place + 6 + int.from_bytes(head[4:], "big")
            size = n_bytes - begin if flags & _STREAMED else used
            place = begin + allocated
        if begin + size > n_bytes:
            raise OSError(
                f"{path.name} is truncated: {begin + size - n_bytes} bytes of its block "
                f"{number} are missing"
            )
    return begin if compression == _PLAIN else None


def _first_block(stream: BinaryIO) -> int:
    """Return where the first block begins: after the line that ends the tree."""
    stream.seek(0)
    place = 0
    for line in stream:
        place += len(line)
        if line.rstrip(b"\r\n") == b"...":
            break
    stream.seek(place)
    # What may stand between the tree and the first block holds no block's magic.
    gap = stream.read(1 << 16).find(_BLOCK)
    return place + max(gap, 0)
