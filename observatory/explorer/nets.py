"""Networks: which there are, and one with its nodes, links and communities."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.explorer.holdings import FOLDERS, Holdings
from observatory.explorer.nodes import COUNTED, SPACED
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload
from observatory.report.weighing import unit_name
from observatory.report.wording import RULES, network_name

#: What a network's summary says in one row.
ROW = ("nodes", "links", "events", "k", "rule", "modularity", "energy", "codelength", "noise_p")


def networks(holdings: Holdings) -> Payload:
    """List the networks, the sums of the sectors first."""
    rows = []
    for name in holdings.networks:
        level, source, period = name.split("__")
        one = summary(holdings, name)
        row: dict[str, Any] = {
            "network": name,
            "title": network_name(name),
            "level": level,
            "source": source,
            "period": period,
        }
        row |= {key: one.get(key) for key in ROW}
        row |= {f"agreement_{key}": (one.get("agreement") or {}).get(key) for key in ("infomap", "leiden")}
        rows.append(row | {"left_out": len(one.get("left_out") or []), "path": f"networks/{safe(name)}"})
    return Payload(
        what="Every network of the run: level, kind of event, period, size and communities.",
        method=f"{COUNTED} {SPACED}",
        source=f"{holdings.title}: communities/",
        tables={"networks": pd.DataFrame(rows)},
    )


def summary(holdings: Holdings, network: str) -> dict[str, Any]:
    """Say how many communities a network has, by which rule, and how sure that is."""
    one = holdings.material.summary(network)
    level, source, period = network.split("__")
    if one and holdings.is_plain(network):
        # Regions are linked by cross-sectoral events only.
        crossing = holdings.material.cross_sectoral(source, period) if level == "sector" else one.get("events")
        one |= {"cross_sectoral": crossing}
    return one | {"rule_in_words": RULES.get(str(one.get("rule")), one.get("rule"))}


def network(holdings: Holdings, name: str) -> Payload:
    """Give one network: its nodes with positions and spaces, its links with strength, its communities."""
    level, source, period = name.split("__")
    fields = {"network": name, "title": network_name(name), "level": level, "period": period, "event_kind": source}
    spaces = [
        {"community": community, "id": told[0], "name": told[1], "letter": told[2], "hue": told[3]}
        for community, told in sorted(holdings.of_community(name).items())
    ]
    return Payload(
        what=f"The network of {network_name(name)}: nodes, links, communities.",
        method=f"{COUNTED} {SPACED}",
        unit=unit_name(holdings.material, name),
        source=f"{holdings.title}: networks/{name}.parquet, communities/{name}.parquet",
        fields=fields | {"summary": summary(holdings, name), "spaces": spaces},
        tables={"links": holdings.links(name), "nodes": holdings.nodes(name)},
        ends=FOLDERS[level] if holdings.is_plain(name) else None,
    )
