"""CSV files, row by row, each row with the place where it stands. Knows no order and no product."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNDECODABLE = "\ufffd"


class Unreadable(Exception):
    """A file that is missing, or is not the one it should be: nothing in it can be trusted."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by column, and the line it begins on. One with a `flaw` is shown as far as it could be read."""

    file: str
    line: int
    values: dict[str, str]
    flaw: str = ""


def rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Every row of the file that is not blank. Raises `Unreadable` when it has not these columns."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            reader = csv.reader(lines)
            header = [name.strip() for name in next(reader, [])]
            if missing := [name for name in columns if name not in header]:
                raise Unreadable(f"{path.name} has no column {', '.join(missing)}.")
            yield from _rows(path.name, reader, header)
    except (OSError, csv.Error) as error:
        raise Unreadable(f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def _rows(file: str, reader: Any, header: list[str]) -> Iterator[Row]:
    end = reader.line_num
    while True:
        begin = end + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # A cell of 128 KB, say: the next row is another matter.
            cells, flaw = [], f"it cannot be read: {error}"
        else:
            flaw = _flaw(cells, header)
        end = reader.line_num
        if cells or flaw:
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
            yield Row(file, begin, values, flaw)


def _flaw(cells: list[str], header: list[str]) -> str:
    if cells and len(cells) != len(header):
        return f"it has {len(cells)} cells instead of {len(header)}"
    if any(UNDECODABLE in cell or not cell.strip().isprintable() for cell in cells):
        return "it has characters that are not text"
    return ""
