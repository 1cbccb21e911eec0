"""What the runs on planted communities and on noise say: the curve, the tables, the intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import altair as alt

#: The aim: this Rand index at this planted modularity and above.
AIM, CLEAR = 0.95, 0.34
COLOURS = ["#0072B2", "#E69F00", "#009E73"]


def interval(hits: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share, exact (Clopper & Pearson 1934).

    Examples
    --------
    >>> [round(end, 3) for end in interval(0, 10)]
    [0.0, 0.308]
    """
    from scipy.stats import binomtest

    ends = binomtest(hits, of).proportion_ci(0.95, method="exact")
    return float(ends.low), float(ends.high)


def markdown(table: pd.DataFrame) -> str:
    """Lay a table out in Markdown."""
    lines = [list(table.columns), ["---"] * table.shape[1]]
    lines += [[f"{x:.3g}" if isinstance(x, float) else str(x) for x in row] for row in table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def summary(runs: pd.DataFrame) -> pd.DataFrame:
    """Tell of each point the Rand index, the share with the right number, and that in which structure is claimed."""
    from communities.noise import LEVEL

    marked = runs.assign(
        claimed=runs["p"] <= LEVEL,
        right=runs["k"] == runs["communities"],
        infomap=runs["rule"].str.startswith("infomap"),
        found=runs["rand"] >= AIM,
        as_good=runs["gain"] >= -1e-9,
    )
    table = (
        marked.groupby(["strength", "signal"])
        .agg(
            networks=("rand", "size"),
            mean=("rand", "mean"),
            lowest=("rand", "min"),
            found=("found", "mean"),
            as_good=("as_good", "mean"),
            right_number=("right", "mean"),
            by_infomap=("infomap", "mean"),
            claimed=("claimed", "sum"),
        )
        .reset_index()
    )
    return _with_interval(table)


def quiet_summary(runs: pd.DataFrame) -> pd.DataFrame:
    """Tell of each kind of network what is said of it, and of all noise together how often structure is claimed."""
    every = runs[runs["network"].str.startswith("noise")].assign(network="all noise", strength=np.nan)
    parts = [part.groupby(["network", "strength"], dropna=False) for part in (runs, every)]
    tables = [part.mean(numeric_only=True).drop(columns="claimed") for part in parts]
    counts = [part["claimed"].agg(networks="size", claimed="sum") for part in parts]
    joined = [table.join(count).reset_index() for table, count in zip(tables, counts, strict=True)]
    return _with_interval(pd.concat(joined, ignore_index=True))


def _with_interval(table: pd.DataFrame) -> pd.DataFrame:
    """Turn a number of claims into a share with its interval."""
    ends = [interval(int(c), int(n)) for c, n in zip(table["claimed"], table["networks"], strict=True)]
    low, high = ([one[end] for one in ends] for end in (0, 1))
    return table.assign(claimed=table["claimed"] / table["networks"], low=low, high=high)


def figure(points: pd.DataFrame) -> alt.VConcatChart:
    """Draw both curves: how much of the plant is found, and how often structure is claimed, each with its spread."""
    import altair as alt

    order = [f"{s:g}" for s in sorted(points["strength"].unique())]
    # Points of one signal stand beside each other, so that their spreads do not lie on one another.
    aside = points["strength"].map(lambda s: 0.004 * (order.index(f"{s:g}") - 1))
    shown = points.assign(events=points["strength"].map(lambda s: f"{s:g}"), x=points["signal"] + aside, top=1.0)
    x = alt.X("x:Q", title="planted modularity", scale=alt.Scale(domain=[-0.02, 0.52], nice=False))
    # Okabe and Ito's colours, told apart by everybody; the shapes say the same.
    colour = alt.Color("events:N", sort=order, title="events a node", scale=alt.Scale(range=COLOURS))
    shape = alt.Shape("events:N", sort=order, title="events a node")
    networks = int(points["networks"].max())
    titles = (
        f"Adjusted Rand index with the plant: mean of {networks} networks, bars down to the lowest",
        "Share of networks in which structure is claimed, with its 95 % interval",
    )
    charts = []
    for title, column, low, high, line in (
        (titles[0], "mean", "lowest", "mean", AIM),
        (titles[1], "claimed", "low", "high", 0.05),
    ):
        y = alt.Y(f"{column}:Q", title=None, scale=alt.Scale(domain=[-0.1, 1.05], nice=False))
        bars = (
            alt.Chart(shown).mark_rule(strokeWidth=1.5).encode(x, alt.Y(f"{low}:Q"), alt.Y2(f"{high}:Q"), color=colour)
        )
        lines = alt.Chart(shown).mark_line(strokeWidth=2).encode(x, y, color=colour)
        dots = alt.Chart(shown).mark_point(size=55, filled=True, opacity=1).encode(x, y, color=colour, shape=shape)
        layers = alt.layer(_mark("x", CLEAR), _mark("y", line), bars, lines, dots)
        charts.append(layers.properties(width=560, height=250, title=alt.Title(title, anchor="start")))
    return alt.vconcat(*charts).configure_view(stroke=None)


def _mark(axis: str, at: float) -> alt.Chart:
    """Draw a dashed line at an aim."""
    import altair as alt

    rule = alt.Chart(pd.DataFrame({axis: [at]})).mark_rule(strokeDash=[4, 4], color="#777777")
    return rule.encode(x="x:Q") if axis == "x" else rule.encode(y="y:Q")
