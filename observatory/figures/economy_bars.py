"""Economies beside each other: in how many industries each is specialised, and through which firms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures import palette, sheet

if TYPE_CHECKING:
    import altair as alt

#: Column of the table → its panel's heading.
PANELS: Mapping[str, str] = {
    "plant": "Many firms (plant)",
    "size": "Large firms (size)",
    "beta_plant": "SMEs dominant",
    "beta_size": "Large firms dominant",
}
#: Width of a panel, height of a bar and its gap, in pixels.
WIDTH, STEP = 150, 22


def economy_bars(effects: pd.DataFrame, *, title: str, subtitle: str, source: str) -> alt.VConcatChart:
    """Draw, for each economy, the number of industries in which firms of each kind make it specialised or dominate.

    Parameters
    ----------
    effects
        ``economy, plant, size, beta_plant, beta_size, industries`` (numbers of industries).
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> effects = pd.DataFrame({"economy": ["EU"], "plant": [4], "size": [0], "beta_plant": [2], "beta_size": [2],
    ...                         "industries": [10]})
    >>> economy_bars(effects, title="Economies", subtitle="number", source="invented").usermeta["alt"]
    'Bars. Economies. EU: many firms (plant) 4, large firms (size) 0, smes dominant 2, large firms dominant 2.'
    """
    import altair as alt

    data = sheet.need(effects, ("economy", *PANELS, "industries"), "effects").sort_values("economy")
    most = max([1, *data["industries"]])
    rows = [
        {"economy": str(row["economy"]), "panel": panel, "number": int(row[column])}
        for row in data.to_dict("records")
        for column, panel in PANELS.items()
    ]
    panels = [_panel(panel, most, len(data), first=number == 0) for number, panel in enumerate(PANELS.values())]
    return sheet.lay(
        alt.hconcat(*panels, spacing=26),
        title=title,
        subtitle=subtitle,
        source=source,
        alt_text=f"Bars. {title}. " + " ".join(_words(row) for row in data.to_dict("records")),
        data=effects,
        units=dict.fromkeys([*PANELS, "industries"], "number"),
        width=WIDTH * len(PANELS) + 120,
        drawn={"rows": rows},
    )


def _words(row: Mapping[Any, Any]) -> str:
    said = ", ".join(f"{panel.lower()} {int(row[column])}" for column, panel in PANELS.items())
    return f"{row['economy']}: {said}."


def _panel(panel: str, most: int, number: int, *, first: bool) -> Any:
    import altair as alt

    axis = alt.Axis(domain=False, ticks=False, labelPadding=6, labels=first)
    base = (
        alt.Chart(alt.NamedData("rows"))
        .transform_filter(f"datum.panel === '{panel}'")
        .encode(
            y=alt.Y("economy:N", title=None, axis=axis),
            x=alt.X("number:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.15], nice=False)),
            tooltip=[alt.Tooltip("economy:N", title="Economy"), alt.Tooltip("number:Q", title="Industries")],
        )
    )
    hue = palette.HUES[0] if "Large" in panel else palette.HUES[2]
    bars = base.mark_bar(height=STEP - 7, color=hue)
    said = base.mark_text(align="left", dx=4, fontSize=11, color=palette.INK).encode(text="number:Q")
    heading = alt.TitleParams(panel, anchor="start", fontSize=12, offset=4)
    return alt.layer(bars, said).properties(width=WIDTH, height=STEP * max(1, number), title=heading)
