"""Checksums of FITS extensions, summed while their data are written.

References
----------
FITS Standard 4.0, section 4.4.2.7 and appendix J.
"""

from typing import BinaryIO

import numpy as np
from astropy.io import fits

_MOST = 2**32 - 1
_PUNCTUATION = {*range(0x3A, 0x41), *range(0x5B, 0x61)}  # codes that may not occur


class OnesSum:
    """The ones' complement sum of the 32-bit words of all bytes it was given."""

    def __init__(self) -> None:
        self._value = 0
        self._rest = b""  # less than a word

    def add(self, data: bytes | memoryview) -> None:
        """Add what follows; it may begin and end within a word."""
        data = memoryview(data)
        if not data.nbytes:
            return
        data = data.cast("B")
        if self._rest:
            missing = 4 - len(self._rest)
            head, data = self._rest + bytes(data[:missing]), data[missing:]
            self._rest = b""
            if len(head) < 4:
                self._rest = head
                return
            self._value += int.from_bytes(head, "big")
        n_whole = len(data) - len(data) % 4
        words = np.frombuffer(data[:n_whole], ">u4")
        self._value = self._folded(self._value + int(words.sum(dtype=np.uint64)))
        self._rest = bytes(data[n_whole:])

    @property
    def value(self) -> int:
        """The sum so far; bytes that lack to a whole word count as zero."""
        rest = int.from_bytes(self._rest.ljust(4, b"\0"), "big") if self._rest else 0
        return self._folded(self._value + rest)

    @staticmethod
    def _folded(value: int) -> int:
        while value > _MOST:
            value = (value & _MOST) + (value >> 32)
        return value


class SummedExtension:
    """Writes one extension: its header first, which states the sums of what follows.

    Parameters
    ----------
    stream : binary file
        Open for writing, can be searched.
    header : Header
        Complete but for CHECKSUM and DATASUM.
    """

    def __init__(self, stream: BinaryIO, header: fits.Header) -> None:
        self._stream, self._header, self._sum = stream, header.copy(), OnesSum()
        self._header["CHECKSUM"] = ("0" * 16, "checksum of the whole extension")
        self._header["DATASUM"] = ("0", "checksum of its data")
        self._start = stream.tell()
        stream.write(self._header_bytes())

    def write(self, data: bytes | memoryview) -> None:
        """Write some of the data."""
        self._stream.write(data)
        self._sum.add(data)

    def finish(self) -> None:
        """State the sums, when all data are written."""
        datasum = self._sum.value
        self._header["DATASUM"] = str(datasum)
        whole = OnesSum()
        whole.add(self._header_bytes())
        whole.add(datasum.to_bytes(4, "big"))
        self._header["CHECKSUM"] = encoded(_MOST - whole.value)
        end = self._stream.tell()
        self._stream.seek(self._start)
        self._stream.write(self._header_bytes())
        self._stream.seek(end)

    def _header_bytes(self) -> bytes:
        text: str = self._header.tostring()
        return text.encode("ascii")


def encoded(value: int) -> str:
    """Return 16 letters and digits whose words add up to `value` over sixteen zeros."""
    columns = []
    for byte in value.to_bytes(4, "big"):
        quarter, rest = divmod(byte, 4)
        letters = [quarter + 0x30 + rest, *[quarter + 0x30] * 3]
        while _PUNCTUATION.intersection(letters):
            # What one letter of a pair gains, the other loses.
            for k in (0, 2):
                if _PUNCTUATION.intersection(letters[k : k + 2]):
                    letters[k] += 1
                    letters[k + 1] -= 1
        columns.append(letters)
    text = "".join(chr(columns[byte][k]) for k in range(4) for byte in range(4))
    return text[-1] + text[:-1]  # the value starts at the last byte of a word
