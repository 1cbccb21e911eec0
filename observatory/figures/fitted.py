"""Regions as dots, with the curve of the second degree that fits them: clusters on population, and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from observatory.figures import palette, sheet, words

if TYPE_CHECKING:
    import altair as alt

#: Size of the plot and of the labels in pixels; how many dots farthest from the curve are labelled.
WIDTH, HEIGHT, TYPE, LABELS = 680, 400, 10, 12
#: Points that the curve is drawn through.
STEPS = 60


def fitted(
    points: pd.DataFrame,
    curve: tuple[float, float, float],
    *,
    title: str,
    subtitle: str,
    source: str,
    x_name: str,
    y_name: str,
) -> alt.VConcatChart:
    """Draw regions by two figures, and the curve through them.

    Parameters
    ----------
    points
        ``region`` (code), ``label`` (its name), ``x``, ``y``; rows of which one is missing are left out.
    curve
        Coefficients of x², x and the constant; not drawn where they are missing.
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.
    x_name, y_name
        What the axes show, with units.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> points = pd.DataFrame({"region": ["DE21"], "label": ["Oberbayern"], "x": [4.5], "y": [26.0]})
    >>> fitted(points, (-0.33, 8.0, 0.0), title="Clusters", subtitle="number", source="invented", x_name="people",
    ...        y_name="clusters").usermeta["alt"]
    'Dots. Clusters. 1 region; most: DE21 26.'
    """
    import altair as alt

    sheet.need(points, ("region", "label", "x", "y"), "points")
    data = points.dropna(subset=["x", "y"]).sort_values(["y", "region"], ascending=[False, True], ignore_index=True)
    (left, right), (low, high) = _ends(data["x"]), _ends(data["y"])
    few = alt.Axis(grid=False, tickCount=8)
    x = alt.X("x:Q", title=x_name, scale=alt.Scale(domain=[left, right], nice=False), axis=few)
    y = alt.Y("y:Q", title=y_name, scale=alt.Scale(domain=[low, high], nice=False), axis=few)
    names = [alt.Tooltip("region:N", title="Region"), alt.Tooltip("label:N", title="Name")]
    figures = [alt.Tooltip("x:Q", title="x", format=",.4~g"), alt.Tooltip("y:Q", title="y", format=",.4~g")]
    dots = alt.Chart(alt.NamedData("dots")).mark_circle(size=42, color=palette.HUES[0], opacity=0.75)
    line = alt.Chart(alt.NamedData("curve")).mark_line(color=palette.HUES[5], strokeWidth=2, strokeDash=[6, 4])
    texts = [
        alt.Chart(alt.NamedData("labels"))
        .transform_filter(f"datum.align === '{align}'")
        .mark_text(align=align, baseline="middle", fontSize=TYPE, color=palette.INK)
        .encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text="text:N")
        for align in ("left", "center", "right")
    ]
    frame = (left, right, low, high)
    drawn = {
        "dots": [
            {"region": region, "label": label, "x": float(a), "y": float(b)}
            for region, label, a, b in data[["region", "label", "x", "y"]].itertuples(index=False)
        ],
        "curve": _curve(curve, data, frame),
        "labels": _labels(data, curve, frame),
    }
    return sheet.lay(
        alt.layer(line.encode(x=x, y=y), dots.encode(x=x, y=y, tooltip=[*names, *figures]), *texts).properties(
            width=WIDTH, height=HEIGHT
        ),
        title=title,
        subtitle=subtitle,
        source=source,
        alt_text=_words(title, data),
        data=points,
        units={"x": x_name, "y": y_name},
        width=WIDTH,
        drawn=drawn,
    )


def _words(title: str, data: pd.DataFrame) -> str:
    if data.empty:
        return f"Dots. {title}. No region."
    noun = "region" if len(data) == 1 else "regions"
    return f"Dots. {title}. {len(data)} {noun}; most: {data['region'].iloc[0]} {data['y'].iloc[0]:,.4g}."


def _ends(values: pd.Series[Any]) -> tuple[float, float]:
    """From zero, or below the least, to a little above the most."""
    if values.empty:
        return 0.0, 1.0
    least, most = float(values.min()), float(values.max())
    room = 0.05 * (most - min(least, 0.0)) or 1.0
    return (0.0 if 0 <= least < 0.5 * most else least - room), most + room


def _at(curve: tuple[float, float, float], x: Any) -> Any:
    return (curve[0] * x + curve[1]) * x + curve[2]


def _curve(
    curve: tuple[float, float, float], data: pd.DataFrame, frame: tuple[float, float, float, float]
) -> list[dict[str, float]]:
    """The curve between the least and the most x that are known, where it is within the frame."""
    if data.empty or not np.isfinite(curve).all():
        return []
    across = np.linspace(float(data["x"].min()), float(data["x"].max()), STEPS)
    return [
        {"x": round(float(x), 6), "y": round(float(y), 6)}
        for x, y in zip(across, _at(curve, across), strict=True)
        if frame[2] <= y <= frame[3]
    ]


def _labels(
    data: pd.DataFrame, curve: tuple[float, float, float], frame: tuple[float, float, float, float]
) -> list[dict[str, Any]]:
    """Labels of the regions farthest from the curve, or of the highest where there is none."""
    left, right, low, high = frame
    far = (data["y"] - _at(curve, data["x"])).abs() if np.isfinite(curve).all() else data["y"]
    ordered = data.assign(far=far).sort_values(["far", "region"], ascending=[False, True])
    spots = [
        (region, (x - left) / (right - left) * WIDTH, HEIGHT * (high - y) / (high - low), 4.0)
        for region, x, y in ordered[["region", "x", "y"]].itertuples(index=False)
    ]
    said = [words.shorten(f"{label} {region}" if label != region else region, 30)
            for region, label in ordered[["region", "label"]].itertuples(index=False)]  # fmt: skip
    wanted = [text if rank < LABELS else None for rank, text in enumerate(said)]
    return [
        {
            "text": label.text, "align": label.align,
            "x": left + label.x / WIDTH * (right - left), "y": high - label.y / HEIGHT * (high - low),
        }
        for label in words.place(spots, wanted, (WIDTH, HEIGHT), TYPE, 0.02)
    ]  # fmt: skip
