"""What was read and lost, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, columns, figure, fold, heading, note, table, text

FATES = ["Source", "What became of the rows", "Why", "Rows", "Share of rows read", "Weight (events)"]
COVERED = ["Source", "Rows read", "Rows used", "Weight used", "Participants", "Placed in a region", "Placed by"]


def written(read: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.losses.losses` gathers."""
    return [
        text(
            "Every row read is used or set aside for one reason, and the two add up. Weight is in events: an event's "
            "1 is spread over its rows."
        ),
        table(COVERED, read["coverage"], range(1, 6), "What was used, and how participants were placed"),
        figure(read["pictures"][0]),
        fold(
            "Every reason, with rows and weight",
            [
                table(FATES, read["ledger"], (3, 4, 5)),
                note(
                    "“rule”: set aside by a rule of the study or source, such as withdrawn deals; “fault”: something "
                    "is wrong with the row."
                ),
            ],
        ),
        *_funnel(read["quality"]),
        *_matched(read["quality"]),
        *_unmatched(read),
        *_doubts(read["quality"]),
        text(_rejected(read)),
        *_gates(read),
    ]


def _funnel(found: dict[str, Any]) -> list[Block]:
    if not found["told"]:
        return []
    counted = ["Rows read", "Rows used", "Share used", "Events used"]
    return [
        table(["Source", "Period", *counted, "What set most rows aside"], found["periods"], range(2, 6),
              "Rows read and used, by period"),
        note(
            "A year that two periods share counts in both. A row that its source's rules set aside before it had an "
            "event has no year."
        ),
        fold(
            "By country of the event",
            [
                table(["Country", *counted], found["countries"], range(1, 5), codes=(0,)),
                note("“several”: participants of several countries. The heaviest; all are in quality/funnel.parquet."),
            ],
        ),
    ]  # fmt: skip


def _matched(found: dict[str, Any]) -> list[Block]:
    if not found["told"]:
        return []
    headings = ["What", "Source", "Matched by", "Number", "Weight", "Share of weight"]
    return [
        fold(
            "How each place and each sector was matched",
            [
                table(headings, found["matched"], (3, 4, 5)),
                note(
                    "Places are participants, their weight is in events; sectors are facets. “country only”: in a "
                    "country of NUTS, region not known; “no code found” counts events set aside too."
                ),
            ],
        ),
        *(figure(one) for one in found["pictures"]),
    ]


def _doubts(found: dict[str, Any]) -> list[Block]:
    if not found["told"]:
        return []
    said = [heading("What is in doubt"), text(found["moving"])]
    if not found["doubts_number"]:
        return said
    headings = ["What", "Source", "As written", "Country", "Likeness", "Stands in", "Would go to", "Number",
                "Weight that would move", "Events that link it"]  # fmt: skip
    moved = found["moved"]
    tables = [
        [table([name, "Would lose", "Would gain"], moved[what], (1, 2), caption, (0,))]
        for what, name, caption in (
            ("region", "Region", "Regions whose weight would move (events)"),
            ("link", "Link", "Links that would move (events)"),
        )
        if moved[what]
    ]
    return [
        *said,
        table(headings, found["doubts"], (4, 7, 8, 9), "The heaviest doubts", (5, 6)),
        note(
            "A city of nearly the name is taken above one limit and asked for by linkages review above another; a "
            "region code that the study's version of NUTS divides stands where most of its people live. All are in "
            "quality/doubtful.parquet and quality/moves.parquet."
        ),
        *([columns(*tables)] if tables else []),
    ]


def _unmatched(read: dict[str, Any]) -> list[Block]:
    if not read["unmatched_rows"]:
        return [text("Every place and symbol found its code.")]
    found = read["unmatched"]
    places = table(
        ["Source", "Place", "Country", "Rows", "Weight"], found["place"], (3, 4), "Places without a region"
    ) if found["place"] else text("Every place has a region.")  # fmt: skip
    # Symbols have no country.
    symbols = table(
        ["Source", "Symbol", "Rows", "Weight"],
        [[*row[:2], *row[3:]] for row in found["sector"]],
        (2, 3),
        "Symbols without a sector",
    ) if found["sector"] else text("Every symbol has a sector.")  # fmt: skip
    return [
        heading("The heaviest values that found no code"),
        columns([places], [symbols]),
        note(f"{read['unmatched_rows']:,} values in all; the list is in unmatched.csv and tables.xlsx."),
    ]


def _rejected(read: dict[str, Any]) -> str:
    verb = "row or cell is" if read["rejects"] == 1 else "rows or cells are"
    why = ", ".join(f"{reason} {number}" for reason, number in read["rejected"])
    return f"{read['rejects']:,} {verb} listed in rejects.csv with file and place{': ' + why if why else ''}."


def _gates(read: dict[str, Any]) -> list[Block]:
    if not read["gates"]:
        return [text("The study sets no gates.")]
    return [table(["The study asks for", "Limit", "Found", "Met?"], read["gates"], (1, 2), "Gates")]
