"""A vendor's file → records: events, participants, facets in NAICS sectors and NUTS2 regions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.later import later

if TYPE_CHECKING:
    import datetime

    from ingest.engine import DuckDB, Engine
    from ingest.faults import BadInput, Fault
    from ingest.matching import Matching
    from ingest.records import Records
    from ingest.sources import SOURCES

__all__ = ["SOURCES", "BadInput", "DuckDB", "Fault", "Matching", "Records", "merge", "read"]

# Imported when first asked for: a question to a run's files need not wait for pandas.
__getattr__ = later(
    __name__,
    {
        "SOURCES": "ingest.sources",
        "BadInput": "ingest.faults",
        "DuckDB": "ingest.engine",
        "Fault": "ingest.faults",
        "Matching": "ingest.matching",
        "Records": "ingest.records",
    },
)


def read(
    format: str,
    files: Iterable[str | Path] | str | Path,
    *,
    name: str | None = None,
    columns: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
    nuts: int = 2013,
    assign: str = "top",
    labels: Mapping[str, Sequence[str]] | None = None,
    years: Collection[int] | None = None,
    as_of: datetime.date | None = None,
    match: Matching | None = None,
    engine: Engine | None = None,
    root: Path | None = None,
) -> Records:
    r"""Read a source's files into records.

    Parameters
    ----------
    format
        One of :data:`SOURCES`.
    files
        The files, in any order.
    name
        Name of the source; the format's name when None.
    columns
        Our column → the heading that carries it, where the headings differ from the vendor's.
    options
        Options of the source, described in its module's ``OPTIONS``.
    nuts
        NUTS version of the regions: 2006, 2010, 2013, 2016 or 2021.
    assign
        ``top``: a facet has one NAICS code; ``weighted``: all its codes, with shares.
    labels
        Free labels → NAICS codes.
    years
        Years to keep; events of others are set aside. All years when None.
    as_of
        A day; events after it are set aside, and those of which only the year is known unless it had ended.
    match
        How doubtful places are settled: limits, decisions, postal codes; the default limits when None.
    engine
        Where the tables live; an embedded DuckDB when None.
    root
        Folder that file names are given relative to.

    Raises
    ------
    BadInput
        When files cannot be read as this format: every fault at once, each with its mend.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> text = "id,year,buyer,sold\n1,2003,325412,541714\n2,3201,334111,511210\n"
    >>> _ = (folder / "deals.csv").write_text(text)
    >>> map_ = {"event": "id", "year": "year", "acquirer_symbol": "buyer", "target_symbol": "sold"}
    >>> records = read("table", folder / "deals.csv", columns=map_, options={"kind": "deal", "scheme": "naics"})
    >>> records.ledger[["reason", "rows"]].values.tolist()
    [['read', 2], ['used', 1], ['impossible year', 1]]
    """
    from ingest.engine import DuckDB
    from ingest.normalise import normalise
    from ingest.sources import source

    module = source(format)
    paths = [Path(files)] if isinstance(files, str | Path) else [Path(file) for file in files]
    engine = engine or DuckDB()
    before = engine.tables
    raw = module.read(engine, sorted(paths), columns=columns or {}, options=options or {}, root=root)
    records = normalise(
        raw, engine, name or format, nuts=nuts, assign=assign, labels=labels, years=years, as_of=as_of, match=match
    )
    # What was needed on the way is several times as large as the records.
    engine.forget(before, records.tables)
    return records


def merge(parts: Sequence[Records]) -> Records:
    """Put the records of several sources together.

    Raises
    ------
    ValueError
        When they do not share one engine and one version of each classification.
    """
    import pandas as pd

    from ingest.kept import together
    from ingest.ledger import close
    from ingest.records import Records, stack

    first = parts[0]
    if any(part.engine is not first.engine for part in parts):
        raise ValueError("records to be merged must live on one engine: read them with the same engine=")
    if any(part.versions != first.versions for part in parts):
        raise ValueError(f"records to be merged must share versions; got {[dict(p.versions) for p in parts]}")
    order = ["weight", "source", "kind", "value", "country"]
    classes = [part.classes for part in parts if part.classes is not None]
    doubtful = [part.doubtful for part in parts if part.doubtful is not None]
    unmatched = pd.concat([part.unmatched for part in parts], ignore_index=True)
    funnels = [part.funnel for part in parts if part.funnel is not None]
    divided = [part.divided for part in parts if part.divided is not None]
    return Records(
        events=stack(part.events for part in parts),
        participants=stack(part.participants for part in parts),
        facets=stack(part.facets for part in parts),
        ledger=close(pd.concat([part.ledger for part in parts], ignore_index=True)),
        rejects=pd.concat([part.rejects for part in parts], ignore_index=True),
        unmatched=unmatched.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True),
        inputs=pd.concat([part.inputs for part in parts], ignore_index=True),
        versions=first.versions,
        engine=first.engine,
        classes=stack(classes) if classes else None,
        doubtful=pd.concat(doubtful, ignore_index=True) if doubtful else None,
        funnel=pd.concat(funnels, ignore_index=True) if funnels else None,
        divided=pd.concat(divided, ignore_index=True) if divided else None,
        numbered=together(parts),
        tables=[table for part in parts for table in part.tables],
    )
