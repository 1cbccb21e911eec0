"""Participants in their regions: a place is looked up once, and kept beside each participant as a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import regions
from ingest.engine import Engine, collect, distinct
from ingest.matching import Matching
from ingest.records import SourceRows, added

Frame = nw.LazyFrame[Any]
#: A participant's share is counted in so many parts.
SHARE_UNIT = 2**30


@dataclass(frozen=True)
class Placed:
    """Participants and their places.

    Attributes
    ----------
    bare
        One row a participant: ``event``, what the source tells of it but for `derived`, and ``at``, its place.
    places
        ``at, region, nuts3, placed_by, place, written, city, region_code, country, written_country``.
    derived
        Column → how it follows from those of `bare`.
    share
        The participant's part in its event, before it is divided by their sum.
    codes
        The codes of regions that places were found by.
    """

    bare: Frame
    places: Frame
    derived: Mapping[str, nw.Expr]
    share: nw.Expr
    codes: tuple[str, ...]

    def widened(self, rows: Frame) -> Frame:
        """Add to rows with ``at`` what is known of the place."""
        return added(rows, self.derived).join(self.places, on="at")

    def whole(self) -> Frame:
        """Give all participants with their places, and the share as a whole number, ``fixed``."""
        return self.widened(self.bare).with_columns(fixed=self._fixed())

    def shared(self, totals: Frame, only: nw.Expr | None = None) -> Frame:
        """Divide by the sum over the event; no place and nothing that follows is told.

        Parameters
        ----------
        totals
            ``event, total``, of the events whose participants are asked for; further columns are added to them.
        only
            Chooses participants by what is known of their place.
        """
        bare = self.bare
        if only is not None:
            bare = bare.join(self.places.filter(only).select("at"), on="at", how="semi")
        parts = self._fixed().cast(nw.Float64()) / nw.col("total").cast(nw.Float64())
        return bare.join(totals, on="event").with_columns(share=parts).drop("total")

    def _fixed(self) -> nw.Expr:
        return (self.share.fill_null(1.0) * SHARE_UNIT).round().cast(nw.Int64())


def in_regions(raw: SourceRows, engine: Engine, nuts: int, match: Matching | None) -> Placed:
    """Look every distinct place up, once."""
    columns = list(regions.PLACE)
    if raw.compact is None:
        # Null is joined to nothing, so a blank cell becomes an empty text.
        people = raw.participants.with_columns(nw.col(column).fill_null("") for column in columns)
        table = collect(distinct(people, *columns)).astype("str").sort_values(columns, ignore_index=True)
        table = table.assign(at=range(len(table)))
        bare = engine.keep(people.join(engine.table(table.astype({"at": "int64"})), on=columns).drop(*columns))
        derived: dict[str, nw.Expr] = {}
    else:
        table, derived = raw.compact.places, dict(raw.compact.derived.get("participants", {}))
        bare = raw.compact.participants.drop(*derived)
    share = derived.pop("share", nw.col("share"))
    places = _looked_up(table, nuts, match)
    codes = tuple(sorted(set(places.loc[places["placed_by"] == "region code", "region_code"])))
    return Placed(bare, engine.table(places), derived, share, codes)


def _looked_up(table: pd.DataFrame, nuts: int, match: Matching | None) -> pd.DataFrame:
    """Say where places are; ``written`` is the place as in the file."""
    asked = table[list(regions.PLACE)].astype("str")
    town = _words(asked, "postcode", "city")
    found = regions.place(asked, nuts=nuts, match=match)
    told = found.assign(
        at=table["at"].to_numpy("int64"),
        place=town.where(town != "", asked["region_code"]),
        written=_words(asked, "region_code", "postcode", "city"),
        written_country=asked["country"].where(asked["country"] != ""),
        country=found["country_code"],
    )
    names = ["region", "nuts3", "placed_by", "place", "written", "city", "region_code", "country", "written_country"]
    return told[["at", *names]]


def _words(places: pd.DataFrame, *columns: str) -> pd.Series[str]:
    """Write cells one after the other, with a blank between those that hold something."""
    joined = places[columns[0]].str.cat(places[list(columns[1:])], sep=" ")
    return joined.str.replace(r"[ \t\n\r\f]+", " ", regex=True).str.strip()
