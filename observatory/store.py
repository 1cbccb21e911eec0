"""The run folder: written beside its place and moved there in one step; reading is in `opened.py`."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.faults import BadInput, Fault
from observatory.opened import MANIFEST, SCHEMA, Run, open_run, sha256

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd
    import pyarrow as pa

    from ingest.engine import Engine

__all__ = [
    "MANIFEST",
    "ROW_GROUP",
    "SCHEMA",
    "Run",
    "kind_of",
    "new_run",
    "open_run",
    "outputs",
    "plain",
    "refuse_taken",
    "row_groups",
    "write_csv",
    "write_frame",
    "write_json",
    "write_parquet",
]

#: Rows in a group of a Parquet file; fixed, so that the same rows give the same bytes. Record tables are in the order
#: of events, so of small groups most can be left unread where a few events are asked for.
ROW_GROUP = 16_384
#: How Parquet is packed. A dictionary that outgrows 64 KiB is given up at once: where nearly every row has an id of
#: its own it would hold all of them, and be read before the first row.
PACKED: dict[str, Any] = {"compression": "zstd", "dictionary_pagesize_limit": 65_536}


def kind_of(folder: Path) -> str | None:
    """Tell whether a folder holds a ``run`` or a ``grid``; None for anything else.

    Examples
    --------
    >>> kind_of(Path("nowhere")) is None
    True
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict) or "title" not in manifest:
        return None
    return str(manifest["kind"]) if "kind" in manifest else "run" if "status" in manifest else None


def refuse_taken(out: Path, kind: str = "run") -> None:
    """Refuse to write a run (or a grid) where something else lies: nothing of a user's is overwritten.

    Raises
    ------
    BadInput
        When `out` is a file, or a folder that holds something and is not of this kind.
    """
    if not os.path.lexists(out) or kind_of(out) == kind:
        return
    if not (out.is_dir() and not any(out.iterdir())):
        mend = "name another folder with --out, or remove it yourself"
        taken = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} folder or a name not taken"
        raise BadInput(Fault(str(out), None, out.name, taken, mend))


@contextmanager
def new_run(out: Path, kind: str = "run") -> Iterator[Path]:
    """Give a folder to write a run in; on success it takes the place of `out`, on failure it is removed.

    The previous run stays whole until the new one is complete. What a killed run left beside `out` is
    cleared away first.

    Raises
    ------
    BadInput
        When `out` exists and is not a run folder, and when its folder cannot be written in.
    """
    refuse_taken(out, kind)
    out = out.resolve()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear_away(out)
        fresh = Path(tempfile.mkdtemp(prefix=_prefix(out, "new"), dir=out.parent))
    except OSError as error:
        fault = Fault(str(out.parent), None, error.strerror or "", "a folder to write in", "name another with --out")
        raise BadInput(fault) from None
    try:
        with _held(fresh, wait=True):
            yield fresh
            fresh.chmod(0o755)
            with _held(out.parent, wait=True):
                _take_place(fresh, out)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _prefix(out: Path, what: str) -> str:
    return f".{out.name}.linkages-{what}-"


def _take_place(fresh: Path, out: Path) -> None:
    if not out.exists():
        os.replace(fresh, out)  # noqa: PTH105 - a rename, said as such
        return
    previous = Path(tempfile.mkdtemp(prefix=_prefix(out, "previous"), dir=out.parent))
    os.replace(out, previous)  # noqa: PTH105
    try:
        os.replace(fresh, out)  # noqa: PTH105
    except OSError:
        os.replace(previous, out)  # noqa: PTH105
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _clear_away(out: Path) -> None:
    """Remove what killed runs left beside `out`; a run killed between its two renames is put back first."""
    beside = sorted(out.parent.iterdir())
    with _held(out.parent, wait=True):
        for folder in beside:
            if folder.name.startswith(_prefix(out, "previous")):
                if not out.exists() and (folder / MANIFEST).is_file():
                    os.replace(folder, out)  # noqa: PTH105
                shutil.rmtree(folder, ignore_errors=True)
    for folder in beside:
        if folder.name.startswith(_prefix(out, "new")):
            with _held(folder, wait=False) as ours:
                if ours:
                    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a folder for this process, which lets go of it however it ends; False where another holds it.

    On a system without such locks nothing is held, and what a killed run left stays where it is.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        held = True
    except OSError:
        held = False
    try:
        yield held
    finally:
        os.close(handle)


def write_json(path: Path, data: Any) -> None:
    """Write JSON with sorted keys, indented, numbers that JSON cannot hold as null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plain(data), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def plain(value: Any) -> Any:
    """Turn numpy numbers, tuples, paths and NaN into what JSON holds.

    Examples
    --------
    >>> plain({"a": (1, float("nan"))})
    {'a': [1, None]}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as UTF-8 CSV with LF line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet, without pandas' own metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, path, row_group_size=ROW_GROUP, **PACKED)


def write_frame(path: Path, frame: nw.LazyFrame[Any], order: list[str], engine: Engine) -> int:
    """Write a lazy frame as Parquet, sorted by all columns, `order` first; return the number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    columns = frame.collect_schema().names()
    keys = [*order, *(column for column in columns if column not in order)]
    reader = engine.stream(frame.sort(*keys))
    # An engine may know of a column that it never lacks a value; another does not: neither says so in the file.
    schema = pa.schema([field.with_nullable(True).remove_metadata() for field in reader.schema])
    rows = 0
    with pq.ParquetWriter(path, schema, **PACKED) as file:
        for group in row_groups(reader, ROW_GROUP):
            file.write_table(group.cast(schema))
            rows += group.num_rows
    return rows


def row_groups(reader: pa.RecordBatchReader, size: int) -> Iterator[pa.Table]:
    """Cut what an engine streams in slices of its own into tables of so many rows; the last is what remains.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"a": [1, 2, 3, 4, 5, 6, 7]})
    >>> [part["a"].to_pylist() for part in row_groups(table.to_reader(max_chunksize=3), 2)]
    [[1, 2], [3, 4], [5, 6], [7]]
    """
    import pyarrow as pa

    held = reader.schema.empty_table()
    for batch in reader:
        held = pa.concat_tables([held, pa.Table.from_batches([batch])])
        while held.num_rows > size:
            yield held.slice(0, size).combine_chunks()
            held = held.slice(size)
    yield held.combine_chunks()


def outputs(folder: Path) -> list[dict[str, str]]:
    """List every file of a run with its digest, the manifest aside."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    return [{"path": p.relative_to(folder).as_posix(), "sha256": sha256(p)} for p in files]
