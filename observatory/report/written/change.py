"""What changed between the periods, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, figure, heading, items, note, table, text


def written(change: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.changed.changed` gathers."""
    if change["single"]:
        return [text("The study has one period: there is nothing to compare with.")]
    told = [*([text(change["shared"])] if change["shared"] else []), *(figure(one) for one in change["pictures"])]
    for one in change["events"]:
        told += [text(one["counts"]), *([items(one["told"])] if one["told"] else [])]
    return [*told, note(_ruled()), *_areas(change), *_links(change)]


def _ruled() -> str:
    return (
        "A space continued when more than half of it, or of its heir, is in both; it split when a later space comes "
        "mostly out of it, merged when most of it went into the heir of another. Stable members stay with their space "
        "in 95 % of the resamplings, in both periods."
    )


def _areas(change: dict[str, Any]) -> list[Block]:
    first, last = change["first"], change["last"]
    headings = [f"Events in {first}", f"Events in {last}", "Growth", f"Share in {first}", f"Share in {last}",
                "Log odds", "95 % interval", "q", "Class"]  # fmt: skip
    tables = [
        table(
            [kind.capitalize(), *headings],
            change["areas"][kind],
            range(1, 9),
            f"{kind.capitalize()}s whose share of all cross-sectoral events rises most",
        )
        for kind in ("sector", "region")
        if change["areas"][kind]
    ]
    words = (
        "Growth: events per year of the later period over those of the earlier, less 1; a share may rise while events "
        "fall, where those of all fall faster. Listed are those with ten events or more in both periods together whose "
        "share rose; a rise is sure where the class is growing. All are in tables.xlsx: areas."
    )
    return [*tables, note(words)] if tables else []


def _links(change: dict[str, Any]) -> list[Block]:
    first, last = change["first"], change["last"]
    headings = ["Link", f"Events in {first}", f"Events in {last}", "Log odds", "95 % interval", "q"]
    counts = "; ".join(f"{name}: {number}" for name, number in change["counts"])
    told = [
        heading(f"Links that changed from {first} to {last}"),
        text(
            f"{counts}. Log odds over 0: a larger share of all events, also those within one sector, than before: "
            "a link may decline while its events rise. It grew or declined surely where q < 0.05. What appears or "
            "goes on one or two events may be chance: look at the interval."
        ),
        *(text(words) for words in change["new_sources"]),
    ]
    for words, rows in change["classes"]:
        extra = ["From"] if rows and len(rows[0]) > len(headings) else []
        one = table([*headings, *extra], rows, range(1, 6), words) if rows else note(f"{words}: no link.")
        told.append(one)
    born, gone = (", ".join(change[key]) or "none" for key in ("born", "gone"))
    return [*told, text(f"Sectors with links only in {last}: {born}. Only in {first}: {gone}.")]
