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
        *(figure(one) for one in read["pictures"]),
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
        *_unmatched(read),
        text(_rejected(read)),
        *_gates(read),
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
