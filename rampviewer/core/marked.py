"""Which columns of a row are marked, and marks as bits: eight are looked at at once."""

import numpy as np

from rampviewer.core._jit import I64, U8, borrowing_kernel
from rampviewer.core.dq import Dq

_SHIFT = np.uint64(int(Dq.JUMP_DET).bit_length() - 1)
_LOWEST = np.uint64(0x0101010101010101)  # the lowest bit of each of eight bytes
# A product with it has the lowest bits of the bytes side by side, the first one highest.
_GATHER = np.uint64(0x8040201008040201)
_TOP = np.uint64(56)
_NONE, _BYTE = np.uint64(0), np.uint64(255)


@borrowing_kernel
def list_marked(marks: U8, places: I64) -> int:
    """Fill `places` with where `marks` is not 0; return how many there are."""
    # Without a sign: an index that might be below 0 costs three instructions more.
    n, n_words = _NONE, marks.size // 8
    words = marks[: 8 * n_words].view(np.uint64)
    for w in range(n_words):
        word = words[w]
        if word != _NONE:
            for k in range(8):
                places[n] = 8 * w + k
                n += np.uint64(((word >> np.uint64(8 * k)) & _BYTE) != _NONE)
    for x in range(8 * n_words, marks.size):
        places[n] = x
        n += np.uint64(marks[x] != 0)
    return int(np.int64(n))


@borrowing_kernel
def pack_jumps(flags: U8, bits: U8) -> None:
    """Pack JUMP_DET of a row of flags, the first column in the highest bit of a byte."""
    n_words = flags.size // 8
    words = flags[: 8 * n_words].view(np.uint64)
    for w in range(n_words):
        bits[w] = (((words[w] >> _SHIFT) & _LOWEST) * _GATHER) >> _TOP
    if n_words < bits.size:
        last = 0
        for x in range(8 * n_words, flags.size):
            last |= (flags[x] >> 2 & 1) << (7 - x % 8)
        bits[n_words] = last
