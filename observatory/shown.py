"""How a notebook shows a run, its spaces and its stars: small tables with units, text from data escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from linkages.shown import SHOWN, paragraph, table_html

if TYPE_CHECKING:
    from observatory.opened import Run

_TIERS = ("high", "medium", "basic", "basic or none", "none", "not known")


class Spaces(list[dict[str, Any]]):
    """Collaboration spaces: a list, one dictionary a space.

    Examples
    --------
    >>> Spaces([])
    <0 spaces>
    """

    def of(self, network: str) -> Spaces:
        """Keep the spaces of one network, the largest first."""
        return Spaces(sorted((s for s in self if s["network"] == network), key=lambda space: int(space["community"])))

    def to_frame(self) -> pd.DataFrame:
        """Give one row a space: what fits on a line."""
        from observatory.listing import space_rows

        return space_rows(self)

    def __repr__(self) -> str:
        """Tell how many there are, and in how many networks."""
        if not self:
            return "<0 spaces>"
        return f"<{len(self)} spaces in {len({space['network'] for space in self})} networks>"

    def _repr_html_(self) -> str:
        """Show each space: its members, how much stays inside, how stable, where, and the tiers there."""
        rows = [
            (
                space["id"],
                space["network"],
                space["name"],
                ", ".join(member["node"] for member in space["members"]),
                space["share_inside"],
                space["stability"],
                ", ".join(row["region"] for row in space["regions"]["top"][:5]),
                ", ".join(f"{n} {tier}" for tier, n in _by_tier(space.get("tier_counts", {}))),
            )
            for space in self
        ]
        headings = ["id", "network", "name", "members", "inside (share of strength)", "stability (0 to 1)"]
        headings += ["foremost regions", "tiers of its industries there"]
        return table_html(headings, rows, "Collaboration spaces")


def _by_tier(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    order = {tier: rank for rank, tier in enumerate(_TIERS)}
    return sorted(counts.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


class Stars(pd.DataFrame):
    """Star tiers as a table of pandas that a notebook shows in short; whatever is made of it is a plain table.

    Examples
    --------
    >>> stars = Stars({"region": ["DE21"], "industry": ["Automotive"], "total": [15], "tier": ["high"]})
    >>> type(stars[stars["tier"] == "high"]).__name__, len(stars)
    ('DataFrame', 1)
    """

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        """Show the clusters of most stars."""
        if not {"region", "industry", "total"} <= {*self.columns}:
            return str(pd.DataFrame(self).to_html(index=False, border=0))
        ordered = pd.DataFrame(self).sort_values(["total", "region", "industry"], ascending=[False, True, True])
        headings = [{"total": "stars in all", "region": "region (NUTS2)"}.get(str(name), str(name)) for name in self]
        rows = ordered.head(SHOWN).astype(object).itertuples(index=False)
        return table_html(headings, rows, "Stars (0 to 3 each)", len(self))


def run_html(run: Run) -> str:
    """Show a run: what it is, what it holds, what was used of the rows read, and the spaces of its last period."""
    manifest, spaces = run.manifest, run.spaces
    periods = sorted(tuple(period) for period in manifest["settings"]["periods"])
    labels = [f"{first}-{last}" for first, last in periods]
    used, read = (manifest["ledger"].get(name, {}).get("rows", 0) for name in ("used", "read"))
    told = f"{manifest['status']}; periods {', '.join(labels)}; {used:,} of {read:,} rows used; linkages "
    told += str(manifest["versions"].get("linkages", "not known"))
    here = [space for space in spaces if space["network"] == f"sector__all__{labels[-1]}"] if labels else []
    more = "Go on with run.networks, run.network(name), run.partition(name), run.spaces, run.stars, run.tables, "
    more += "run.table(name), run.why(a, b), run.profile(region)."
    return (
        f"<p><b>{escape(str(manifest['title']))}</b></p>{paragraph(told)}{Spaces(here)._repr_html_()}{paragraph(more)}"
    )
