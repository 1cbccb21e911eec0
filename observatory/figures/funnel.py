"""What became of the rows read: used, or set aside and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures import palette, sheet

if TYPE_CHECKING:
    import altair as alt

#: Height of a bar and its gap in pixels.
STEP = 22


def funnel(ledger: pd.DataFrame, *, title: str, subtitle: str, source: str) -> alt.VConcatChart:
    """Draw, for each source, the rows read, those used and those set aside by reason.

    Parameters
    ----------
    ledger
        ``source``, ``reason`` (``read``, ``used``, or why rows are set aside), ``rows`` (count).
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> ledger = pd.DataFrame({"source": ["deals"] * 2, "reason": ["read", "used"], "rows": [3, 3]})
    >>> funnel(ledger, title="Rows", subtitle="rows", source="invented").usermeta["alt"]
    'Bars. Rows. deals: 3 rows read, 3 used.'
    """
    data = sheet.need(ledger, ("source", "reason", "rows"), "ledger")[["source", "reason", "rows"]]
    parts = [_bars(name, part) for name, part in data.groupby("source", sort=True)]
    import altair as alt

    return sheet.lay(
        alt.vconcat(*parts, spacing=14).resolve_scale(x="independent"),
        title=title,
        subtitle=subtitle,
        source=source,
        alt_text=f"Bars. {title}. " + " ".join(_words(name, part) for name, part in data.groupby("source")),
        data=data,
        units={"rows": "number"},
    )


def _words(name: Any, part: pd.DataFrame) -> str:
    rows = part.groupby("reason")["rows"].sum()
    aside = [f"{reason} {n:,}" for reason, n in rows.items() if reason not in ("read", "used")]
    tail = f", set aside: {'; '.join(aside)}" if aside else ""
    return f"{name}: {rows.get('read', 0):,} rows read, {rows.get('used', 0):,} used{tail}."


def _bars(name: Any, part: pd.DataFrame) -> Any:
    import altair as alt

    ordered = _ordered(part)
    total = max(1, int(ordered["rows"].max()))
    rows = [
        {"reason": reason, "rows": int(n), "kind": kind, "said": f"{n:,} ({100 * n / total:.1f} %)"}
        for reason, n, kind in ordered[["reason", "rows", "kind"]].itertuples(index=False)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("reason:N", sort=[row["reason"] for row in rows], title=None, axis=alt.Axis(**_axis())),
        x=alt.X("rows:Q", axis=None, scale=alt.Scale(domain=[0, total * 1.25])),
        tooltip=[alt.Tooltip("reason:N", title="Rows"), alt.Tooltip("said:N", title="Number")],
    )
    kinds = ["read", "used", "aside"]
    colours = [palette.NONE, palette.HUES[2], palette.HUES[5]]
    bars = base.mark_bar(height=15).encode(
        color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=colours), legend=None)
    )
    said = base.mark_text(align="left", dx=5, fontSize=11, color=palette.INK).encode(text="said:N")
    heading = alt.TitleParams(str(name), anchor="start", fontSize=13, offset=4)
    return alt.layer(bars, said).properties(width=480, height=STEP * len(rows), title=heading)


def _axis() -> dict[str, Any]:
    return {
        "domain": False,
        "ticks": False,
        "labelLimit": 220,
        "minExtent": 220,
        "maxExtent": 220,
        "labelPadding": 8,
    }


def _ordered(part: pd.DataFrame) -> pd.DataFrame:
    """Rows read, rows used, then reasons by weight."""
    summed: pd.DataFrame = part[["reason", "rows"]].groupby("reason", as_index=False).sum()
    summed["kind"] = summed["reason"].where(summed["reason"].isin(["read", "used"]), "aside")
    summed["rank"] = summed["kind"].map({"read": 0, "used": 1, "aside": 2})
    return summed.sort_values(["rank", "rows", "reason"], ascending=[True, False, True])
