"""Whether the communities of a network are more than chance makes, in words for those that are not or may not be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from communities.noise import CHANCE, FEWEST, TOO_FEW, verdict
from observatory.material import Material
from observatory.report.wording import counted, listed, network_name, number, years


def verdict_of(material: Material, network: str) -> str:
    """Say what chance networks tell of a network, as :func:`communities.noise.verdict`; empty where none were made."""
    one = material.summary(network)
    if one.get("noise_p") is None:
        return ""
    return verdict(float(one["noise_p"]), _replicates(material, network))


def _replicates(material: Material, network: str) -> int:
    """Number of chance networks; runs of before it was written down made as many as resamplings, up to 50."""
    one = material.summary(network)
    told = one.get("noise_replicates")
    return int(one["replicates"] if told is None else told)


def of_periods(material: Material, source: str = "all") -> str:
    """Say in which periods the sector networks of a source show no structure, or may show none; empty where all do."""
    names = {f"sector__{source}__{period}": years(period) for period in material.periods}
    none, few = _unclear(material, names)
    said = []
    if none:
        said.append(
            f"No structure is claimed in {listed([names[one] for one in none])}: chance alone gives communities as "
            "clear."
        )
    if few:
        made = counted(max(_replicates(material, one) for one in few), "chance network")
        said.append(
            f"Of {listed([names[one] for one in few])}, {made} are too few to tell whether chance alone gives "
            f"communities as clear: it takes {FEWEST}."
        )
    return " ".join(said)


def of_network(material: Material, network: str) -> str:
    """Say of a network without structure, or perhaps without, what its stability is worth; empty for all others."""
    told, one = verdict_of(material, network), material.summary(network)
    figures = (
        f"modularity {number(one.get('modularity'), 3)}; chance networks {number(one.get('noise_modularity'), 3)} on "
        f"average, p = {number(one.get('noise_p'), 2)}"
    )
    if told == CHANCE:
        return (
            f"Chance alone gives communities as clear: no structure is claimed ({figures}). What follows says how "
            "steady the division is, not that there is one."
        )
    if told == TOO_FEW:
        return (
            f"There are too few chance networks to tell whether there is structure ({figures}). What follows says how "
            "steady the division is, not that it is more than chance makes."
        )
    return ""


def _unclear(material: Material, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Name the networks that chance makes as clear, and those of which too few chance networks were made to tell."""
    told = {name: verdict_of(material, name) for name in names}
    none, few = ([name for name, said in told.items() if said == which] for which in (CHANCE, TOO_FEW))
    return none, few


def subtitle(material: Material, networks: Sequence[str]) -> str:
    """Say in a figure's subtitle that the colours of some networks are, or may be, no more than chance makes."""
    told = {name: verdict_of(material, name) for name in networks}
    words = {CHANCE: "colours no clearer than chance makes them", TOO_FEW: "too few chance networks to tell"}
    said = [
        f"{listed([years(name.split('__')[2]) for name, got in told.items() if got == which])}: {about}"
        for which, about in words.items()
        if which in told.values()
    ]
    return "".join(f"; {one}" for one in said)


def limit(material: Material) -> str:
    """Name every network of sectors without structure, or perhaps without; empty where all are clearer than chance."""
    names = [f"sector__{of}__{period}" for of in ("all", *material.sources) for period in material.periods]
    none, few = _unclear(material, names)
    said = []
    if none:
        said.append(
            f"No structure is claimed in {counted(len(none), 'network')} ({'; '.join(map(network_name, none))}): "
            "chance alone gives communities as clear, and their spaces are no finding."
        )
    if few:
        said.append(
            f"Whether chance alone gives communities as clear is not known of {counted(len(few), 'network')} "
            f"({'; '.join(map(network_name, few))}): it takes {FEWEST} chance networks to tell, a bootstrap of "
            f"{FEWEST} or more in study.toml."
        )
    return " ".join(said)
