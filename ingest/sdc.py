"""SDC Platinum joint ventures and alliances: a row a participant, or all participants in one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw

from ingest import agreements, entries, values
from ingest.columns import Layout
from ingest.engine import Engine
from ingest.opened import OPENING, Opened, check_options, opened
from ingest.parties import ROW, assemble, classes_of, nothing, party
from ingest.records import VENDOR_LEVELS, SourceRows

FORMAT = "sdc"
KIND = "alliance"
OPTIONS: Mapping[str, str] = {
    **OPENING,
    "status": "The statuses that count, or 'all'; by default every one but rumours, letters of intent, "
    "alliances still sought and those that were called off.",
}

#: An alliance with one of these words in its status was never formed. Pending ones count: SDC seldom turns a
#: pending alliance into a signed one; terminated ones count, for they were in force.
NOT_FORMED = (
    "rumor",
    "rumour",
    "letter of intent",
    "seeking",
    "withdrawn",
    "cancel",
    "intended",
    "not formed",
)
#: The cells that stand only on an alliance's first row.
ALLIANCE = ("number", "announced", "effective", "terminated", "status", "title")
#: The flags that say what an alliance is; one that is both a joint venture and more is a joint venture.
FLAGS = {"joint_venture": "joint venture", "rd_agreement": "R&D agreement", "strategic": "strategic alliance"}
#: What stands in a flag that says yes.
YES = ("y", "yes", "true", "1", "x")
#: A participant's place, and what it is called in the records.
PLACE = {"nation": "country", "city": "city", "zip": "postcode"}
#: The lists that run beside the participants.
BESIDE = (*PLACE, "sic", "naics")
_NONE: Mapping[str, Any] = MappingProxyType({})

LAYOUT = Layout(
    name="SDC Platinum alliances",
    spellings={
        "number": (
            "Deal Number",
            "SDC Deal No",
            "SDC Deal Number",
            "Alliance Deal Number",
            "Deal No",
            "Deal ID",
        ),
        "announced": ("Alliance Date Announced", "Date Announced", "Announcement Date", "Announced Date"),
        "effective": ("Date Effective", "Alliance Date Effective", "Effective Date"),
        "terminated": ("Alliance Date Terminated", "Date Alliance Terminated", "Date Terminated"),
        "status": ("Status", "Alliance Status", "Deal Status"),
        "title": ("Alliance Deal Name", "Deal Name", "Alliance Name", "Name of Alliance"),
        "participant": (
            "Participants in Venture / Alliance (Short Name)",
            "Participants in Venture / Alliance (Long Name - 1 Line)",
            "Participants in Venture / Alliance (Long Name)",
            "Participants in Venture / Alliance",
            "Participants in Alliance",
            "Participant Name",
            "Participant Short Name",
            "Participant Long Name",
            "Participants",
            "Participant",
        ),
        "nation": ("Participant Nation", "Nation of Participant", "Participant Country"),
        "city": ("Participant City", "City of Participant"),
        "zip": ("Participant Zip Code", "Participant Zip", "Participant Postal Code", "Participant Postcode"),
        "sic": (
            "Participant Primary SIC Code",
            "Participant Primary SIC",
            "Participant SIC Code",
            "Participant SIC",
        ),
        "naics": (
            "Participant Primary NAIC Code",
            "Participant Primary NAICS Code",
            "Participant Primary NAIC",
            "Participant Primary NAICS",
        ),
        "joint_venture": ("Joint Venture Flag", "Joint Venture", "Joint Venture (Y/N)"),
        "rd_agreement": (
            "Research & Development Agreement",
            "Research & Development Agreement Flag",
            "Research and Development Agreement",
            "Research and Development Agreement Flag",
            "R&D Agreement",
            "R&D Agreement Flag",
        ),
        "strategic": ("Strategic Alliance", "Strategic Alliance Flag", "Strategic Alliance (Y/N)"),
        **{
            level: tuple(
                f"Participant {level.capitalize()} {words}"
                for words in ("Industry", "Description", "Industry Description")
            )
            for level in VENDOR_LEVELS
        },
    },
    required=frozenset({"announced", "participant"}),
)


def read(
    engine: Engine,
    files: Sequence[Path],
    *,
    columns: Mapping[str, str] = _NONE,
    options: Mapping[str, object] = _NONE,
    root: Path | None = None,
) -> SourceRows:
    r"""Read joint ventures and alliances; each has its partners as participants.

    Two layouts are understood, also mixed: a row a participant, with the deal's own cells repeated or on its
    first row only, and many participants on lines of one cell with lists of nations and codes beside them.
    A list that is not as long as the participants is rejected as a cell, and the participants are kept
    without it. Alliances of fewer than two participants are set aside, and so are rumours, letters of intent
    and what was called off, unless the option `status` says otherwise. A participant's sector is its
    primary SIC code, and only where that is absent its primary NAICS code. Its form is the first of joint
    venture, R&D agreement and strategic alliance whose flag says yes on one of its rows. State codes are not used: they
    are American.

    Parameters
    ----------
    engine
        Where the tables live.
    files
        The exports, text or workbooks.
    columns
        Our column → the heading that carries it, where the headings differ from the vendor's.
    options
        See :data:`OPTIONS`.
    root
        Folder that file names are given relative to.

    Returns
    -------
    SourceRows
        Without values: SDC seldom knows what an alliance is worth.

    Raises
    ------
    BadInput
        When a file, its headings or an option cannot be used: every fault at once.

    Examples
    --------
    >>> import tempfile
    >>> from ingest.engine import DuckDB
    >>> text = "Alliance Date Announced,Participants in Alliance,Deal Number\n01/15/2003,Acme,7\n,Beta,\n"
    >>> path = Path(tempfile.mkdtemp()) / "alliances.csv"
    >>> _ = path.write_text(text)
    >>> read(DuckDB(), [path]).participants.select("event", "name").sort("name").collect("pandas").rows()
    [('7', 'Acme'), ('7', 'Beta')]

    Source: European Cluster Trends, methodology 2014, 3.2.3.
    """
    check_options(options, OPTIONS, {})
    given = opened(engine, files, LAYOUT, (*ALLIANCE, "participant"), columns=columns, options=options, root=root)
    rows = _alliances(engine, given)
    rows = agreements.settle(engine, rows, agreements.status_reader(options.get("status"), NOT_FORMED))
    parties, lists, classes = _parties(engine, given, agreements.used_rows(rows))
    rows, parties = agreements.without_partner(engine, rows, parties)
    rejects = [*agreements.rejects_of(rows, "announced"), *lists]
    tables = assemble(engine, given.staged, kind=KIND, rows=rows, parties=parties, rejects=rejects)
    return replace(tables, classes=classes)


def _alliances(engine: Engine, given: Opened) -> nw.LazyFrame[Any]:
    """Bring the vendor's cells into the rows of :mod:`ingest.agreements`."""
    flags = given.only(FLAGS)
    rows = agreements.fill_down(engine, given, ALLIANCE, "participant")
    rows = values.set_aside_duplicates(
        rows, [*ALLIANCE, "participant", *given.only(BESIDE), *flags], ["number", "participant"]
    )
    says = [nw.when(nw.col(flag).str.to_lowercase().is_in(YES)).then(nw.lit(FLAGS[flag])) for flag in flags]
    rows = agreements.dated(engine, rows.with_columns(when=nw.col("announced")))
    date = nw.coalesce(nw.col("iso"), nw.col("when"))
    event = agreements.known_as(nw.col("number"), nw.col("title"), date)
    numbered = nw.when(~agreements.numbered(nw.col("number")).is_null())
    known = numbered.then(nw.lit("Deal Number ")).otherwise(nw.lit("Alliance "))
    key = nw.concat_str(known, event.fill_null("without number"))
    name = nw.when(~entries.several("participant")).then(nw.col("participant"))
    rows = rows.with_columns(
        event=event,
        event_key=key,
        key=nw.concat_str(key, name, separator=", ", ignore_nulls=True),
        state=nw.col("status"),
        amount=nothing(),
        currency=nothing(),
        form=nw.coalesce(*says, nothing()),
        aside=nw.coalesce(
            nw.when(event.is_null()).then(nw.lit("no event id")),
            nw.when(nw.col("participant").is_null()).then(nw.lit("no participant name")),
        ),
    )
    return rows.drop(*ALLIANCE, "first", "last")


def _parties(
    engine: Engine, given: Opened, rows: nw.LazyFrame[Any]
) -> tuple[nw.LazyFrame[Any], list[nw.LazyFrame[Any]], nw.LazyFrame[Any] | None]:
    """List the partners of each alliance, the cells rejected, and the vendor's classes."""
    levels = {level: level for level in given.only(VENDOR_LEVELS)}
    beside = [*given.only(BESIDE), *levels]
    rows = rows.select("file", "line", "key", "event", "participant", *beside)
    rows, rejects, _ = entries.spread(engine, rows, "participant", beside)
    named = rows.filter(~nw.col("participant").is_null())
    place = {ours: theirs for theirs, ours in PLACE.items() if theirs in beside}
    told = party("partner", "participant", place, {column: column for column in given.only(("sic", "naics"))})
    return engine.keep(named.select(*ROW, **told)), rejects, classes_of(named, told, levels)
