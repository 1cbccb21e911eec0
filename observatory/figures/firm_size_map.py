"""A map of the regions in which an industry is specialised, by what makes it so: many firms or large ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from observatory.figures import sheet
from observatory.figures.nuts_map import nuts_map

if TYPE_CHECKING:
    import altair as alt

#: Classes and the place of their hue in the palette: blue, green and vermilion, as in the Panorama's maps.
EFFECTS = {"large firm effect": 0, "SME effect": 2, "both effects": 5}


def firm_size_map(
    table: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    labels: Mapping[str, str] | None = None,
    shapes: str | Path | None = None,
) -> alt.VConcatChart:
    """Colour the regions in which an industry is specialised by the dominant effect of firm size.

    Parameters
    ----------
    table
        Rows of one industry: ``region`` (NUTS2 code), ``class`` (one of
        :data:`observatory.stars.firm_size.CLASSES`), ``quotient``, ``beta_plant``, ``beta_size``.
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.
    labels
        Name of each region.
    shapes
        As for :func:`observatory.figures.nuts_map.nuts_map`.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"region": ["DK01", "SE22"], "class": ["SME effect", "not specialised"],
    ...                       "quotient": [2.0, 1.0], "beta_plant": [0.8, 0.5], "beta_size": [0.2, 0.5]})
    >>> firm_size_map(table, title="Firms", subtitle="LQ", source="invented").usermeta["alt"]
    'Map. Firms. Regions by dominant effect: SME effect 1, not specialised, or not known 1.'
    """
    sheet.need(table, ("region", "class", "quotient", "beta_plant", "beta_size"), "table")
    known = labels or {}
    named = [known.get(str(region), str(region)) for region in table["region"]]
    data = pd.DataFrame(
        {
            "region": table["region"],
            "group": table["class"].map(EFFECTS).astype("Int64"),
            "label": named,
            "value": table["quotient"],
            "class": table["class"],
            "beta_plant": table["beta_plant"],
            "beta_size": table["beta_size"],
        }
    )
    return nuts_map(
        data,
        title=title,
        subtitle=subtitle,
        source=source,
        names={place: name for name, place in EFFECTS.items()},
        value_name="location quotient",
        shapes=shapes,
        kind="dominant effect",
        nothing="not specialised, or not known",
        value_format=",.2f",
    )
