"""Tables as astropy has them, and as CSV and ECSV files."""

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from rampviewer.io.atomic import write_whole
from rampviewer.model.tables.column_table import ColumnTable

if TYPE_CHECKING:
    from astropy.table import Table

THIN: Final = "\N{NARROW NO-BREAK SPACE}"  # between thousands, on screen only
FORMATS: Final = {".csv": "ascii.csv", ".ecsv": "ascii.ecsv"}


def astropy_table(table: ColumnTable) -> "Table":
    """Return a table with units and descriptions; what it is of is in its `meta`."""
    from astropy.table import Column, Table  # noqa: PLC0415 - few need it; slow to load

    columns = [
        Column(
            column.values_of(table[column.name]),
            name=column.name,
            unit=column.unit or None,
            description=f"{column.description}{_bracketed(column.shown_unit)}",
        )
        for column in table.columns
    ]
    notes = {key: note.replace(THIN, "") for key, note in table.notes.items()}
    return Table(columns, meta=notes)


def write_table(table: ColumnTable, path: Path) -> None:
    """Write a table; one that is there is replaced.

    Parameters
    ----------
    table : ColumnTable
    path : Path
        Ends in `.csv`, with units in the names of columns and numbers of seven digits, or
        in `.ecsv`, with units and notes apart and every digit.

    Raises
    ------
    ValueError
        When the name ends otherwise.
    OSError
        When the file cannot be written.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise ValueError(f"{path.name} must end in .csv or .ecsv")
    text, made = StringIO(), astropy_table(table)
    if kind == FORMATS[".csv"]:
        _write_plain(made, table, text)
    else:
        made.write(text, format=kind)

    def write(stream: BinaryIO) -> None:
        stream.write(text.getvalue().encode())

    write_whole({path: write})


def _write_plain(made: "Table", table: ColumnTable, stream: StringIO) -> None:
    """Write a table that has no place for units; single precision has seven digits."""
    names = {
        column.name: f"{column.name}{_bracketed(column.unit or column.shown_unit)}"
        for column in table.columns
    }
    for name, named in names.items():
        made.rename_column(name, named)
    floats = [named for named in names.values() if made[named].dtype.kind == "f"]
    made.write(stream, format=FORMATS[".csv"], formats=dict.fromkeys(floats, "%.7g"))


def _bracketed(unit: str) -> str:
    return f" [{unit}]" if unit else ""
