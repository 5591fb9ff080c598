"""Opaque ids from row numbers: different numbers give different ids, and the seed decides which.

A pseudonym says nothing about when or beside whom someone entered the population.
"""

import numpy as np
import pyarrow as pa

from lifeevents.simulate.columns import Ints

BUSINESS = 1 << 40
"""Added to the row number of a business to make its subject number."""
UNKNOWN = 1 << 41
"""Added to any number to make a subject that no register knows."""
_HEX = np.array([list(f"{octet:02x}".encode()) for octet in range(256)], np.uint8).view(np.uint16).ravel()
"""The two hexadecimal digits of each octet."""


def mixed(numbers: Ints, key: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """A bijection on 64-bit numbers (the finalizer of SplitMix64, Steele and others 2014)."""
    x = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key % (1 << 64))
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))


def _spelled(prefix: "np.ndarray[tuple[int], np.dtype[np.uint8]]", numbers: Ints, valid: object) -> pa.Array:
    octets = numbers.astype(">u8").view(np.uint8).reshape(-1, 8)
    text = np.empty((len(numbers), 17), np.uint8)
    text[:, 0] = prefix
    text[:, 1:] = _HEX[octets].view(np.uint8).reshape(-1, 16)
    offsets = np.arange(0, 17 * len(numbers) + 1, 17, dtype=np.int32)
    spelled = pa.Array.from_buffers(
        pa.string(), len(numbers), [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text))]
    )
    return pa.compute.if_else(pa.array(valid), spelled, None)


def subject_ids(numbers: Ints, seed: int) -> pa.Array:
    """`p...` for a person, `b...` for a business, null for -1."""
    business = (numbers & BUSINESS) != 0
    prefix = np.where(business, ord("b"), ord("p")).astype(np.uint8)
    return _spelled(prefix, mixed(numbers, seed * 2 + 1), numbers >= 0)


def event_ids(numbers: Ints, seed: int) -> pa.Array:
    """`e...`, null for -1."""
    prefix = np.full(len(numbers), ord("e"), np.uint8)
    return _spelled(prefix, mixed(numbers, seed * 2 + 7_654_321), numbers >= 0)
