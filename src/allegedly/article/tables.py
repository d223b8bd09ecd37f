"""Parquet tables of articles to lines of JSON: a row is read as the line of JSON Lines with its columns would be. Needs pyarrow."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from allegedly.article.facts import Source, one_line

COLUMNS = ("id", "text", "title", "url", "outlet", "published", "modified", "authors", "translation")
ROWS = 64
"""Rows that are held in memory at once."""


def lines_of_table(stream: BinaryIO, source: Source) -> Iterator[bytes]:
    """One JSON object for each row, in UTF-8, of the columns that are known. InputError for what is not a table of articles."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise source.error("Parquet needs pyarrow, which is not installed", 'Install it with: pip install "allegedly[parquet]"') from None
    try:
        table = parquet.ParquetFile(stream)
        columns = [name for name in table.schema_arrow.names if name in COLUMNS]
        if "text" not in columns:
            raise source.error('the table has no column "text"', 'Give one with "text", and "id" and more as in JSON Lines', "refused")
        for batch in table.iter_batches(ROWS, columns=columns):
            for row in batch.to_pylist():
                yield json.dumps({name: value for name, value in row.items() if value is not None}, default=_plain).encode()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise source.error(f"the table is damaged or of a kind that is not read ({one_line(str(error))})", "Make it again") from None


def _plain(value: Any) -> str:
    """Dates in ISO 8601; anything else as it prints."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
