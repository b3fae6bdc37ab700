"""An older sweep's results, found by their domain without holding them in memory."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.sweep.errors import SweepError
from bot.sweep.result import Result, read_result


class OldRun:
    """The results of a file. Raises SweepError when it cannot be read, or holds none. Use it as a context."""

    def __init__(self, path: Path) -> None:
        self._places: dict[str, int] = {}
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise SweepError(f"{path} cannot be read: {error.strerror}") from None
        try:
            self._learn_places()
        except OSError as error:
            self._file.close()
            raise SweepError(f"{path} cannot be read: {error.strerror}") from None
        if not self._places:
            self._file.close()
            raise SweepError(f"{path}: no results of a sweep in it")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def find(self, domain: str) -> Result | None:
        """The result of a domain, None where there is none."""
        if domain not in self._places:
            return None
        self._file.seek(self._places[domain])
        return _read(self._file.readline())

    def _learn_places(self) -> None:
        """The last line of a domain counts; a line that is no result is passed over."""
        place = 0
        for line in self._file:
            if result := _read(line):
                self._places[result.domain] = place
            place += len(line)


def _read(line: bytes) -> Result | None:
    try:
        return read_result(json.loads(line))
    except ValueError:
        return None
