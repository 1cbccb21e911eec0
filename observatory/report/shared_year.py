"""The year that two periods share: which it is, how it is counted, and how many links another choice would move."""

from __future__ import annotations

from ingest.engine import records_of
from linkages.shared_year import shared_years
from observatory.material import Material
from observatory.report.wording import counted, listed
from observatory.spans import periods_of

CHOICES = {"both": "in both periods", "first": "in the first", "second": "in the second", "half": "half in each"}


def told(material: Material) -> str:
    """Name the shared year and how it is counted, and what another choice would do; empty where none is shared."""
    shared = shared_years(periods_of(material))
    if not shared:
        return ""
    chosen = str(material.settings["shared_year"])
    verb, it = ("is", "it") if len(shared) == 1 else ("are", "them")
    said = f"{listed([str(year) for year in shared])} {verb} in two periods; this report counts {it} {CHOICES[chosen]}."
    return f"{said} {moved(material)}".strip()


def moved(material: Material) -> str:
    """Say how many links of sectors come or go, and change their place among the strongest, under other choices."""
    if not material.run.names("shared_year.parquet"):
        return ""
    table = material.run.table("shared_year.parquet")
    table = table[(table["kind"] == "sector") & (table["of"] == "all")]
    own = str(material.settings["shared_year"])
    links = table[table["shared_year"] == own].set_index("period")["links"]
    other = table[table["shared_year"] != own]
    rows = [row for row in records_of(other) if row["period"] in links.index]
    if not rows:
        return ""
    # A link that both choices have neither comes nor goes.
    apart = [int(links[row["period"]]) + int(row["links"]) - 2 * int(row["shared"]) for row in rows]
    places = [int(row["top"]) - int(row["top_kept"]) for row in rows]
    most, given = max(apart), max(places)
    whole = int(links[rows[apart.index(most)]["period"]])
    verb = "comes or goes" if most == 1 else "come or go"
    come = f"at most {most:,} of {counted(whole, 'link')} between sectors {verb}" if most else "no link comes or goes"
    top = max(int(row["top"]) for row in rows)
    way = "gives way to another" if given == 1 else "give way to others"
    rest = f"at most {given} of the {top} strongest {way}" if given else f"the {top} strongest stay"
    return f"Counted otherwise, {come}, and {rest}."
