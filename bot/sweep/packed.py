"""A set of texts that costs a few bytes each, for files of any length. Pure."""

from __future__ import annotations

from array import array

_FIRST_SIZE = 1024
_MASK = 2**64 - 1


class PackedSet:
    """Remembers texts by their 64-bit hash alone: about 16 bytes each, where a set of strings takes 120.

    Two texts of a million share a hash once in forty million runs; the second one would count as a double.
    """

    def __init__(self) -> None:
        self._slots = _empty(_FIRST_SIZE)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, text: str) -> bool:
        return bool(self._slots[self._place(_key(text))])

    def add(self, text: str) -> bool:
        """Remember a text; True when it was not known yet."""
        key = _key(text)
        place = self._place(key)
        if self._slots[place]:
            return False
        self._slots[place] = key
        self._count += 1
        if 3 * self._count > 2 * len(self._slots):
            self._grow()
        return True

    def _place(self, key: int) -> int:
        """The slot that holds the key, or the empty one where it belongs."""
        slots = self._slots
        place = key % len(slots)
        while slots[place] not in (0, key):
            place = (place + 1) % len(slots)
        return place

    def _grow(self) -> None:
        before = self._slots
        self._slots = _empty(len(before) * 3 // 2)
        for key in filter(None, before):
            self._slots[self._place(key)] = key


def _empty(size: int) -> array[int]:
    return array("Q", bytes(8 * size))


def _key(text: str) -> int:
    """Python's own hash: seeded anew in each process, so nobody can make up names that collide."""
    return hash(text) & _MASK or 1
