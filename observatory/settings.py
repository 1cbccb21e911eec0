"""Every setting of a study, declared once: name, type, default and a sentence."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=1)]
Year = Annotated[int, Meta(ge=1900, le=2100)]
Weight = Annotated[float, Meta(ge=0.0, le=1_000_000.0)]
Resolution = Annotated[float, Meta(ge=0.0, le=100.0)]
Level = Literal["naics2", "naics3", "naics4", "naics5", "naics6", "industry", "emerging"]
Counting = Literal["full", "fractional"]
SharedYear = Literal["both", "first", "second", "half"]
Backbone = Literal["none", "association", "noise_corrected", "disparity"]
Some = Meta(min_length=1)


def says(sentence: str) -> Meta:
    """Attach the sentence that explains a setting."""
    return Meta(description=sentence)


class Source(Struct, forbid_unknown_fields=True, frozen=True):
    """One source: a format and its files. Any option of the format may stand beside them."""

    format: Annotated[str, says("patstat, regpat, thomson, sdc, eureka or table")]
    files: Annotated[list[str], Meta(min_length=1), says("file names, patterns such as inbox/*.txt allowed")]
    columns: Annotated[dict[str, str], says("our column = the heading that carries it")] = field(default_factory=dict)
    options: Annotated[dict[str, object], says("options of the format")] = field(default_factory=dict)


class Match(Struct, forbid_unknown_fields=True, frozen=True):
    """Limits of doubtful matches, 0 to 100. This version matches places and codes exactly."""

    accept: Annotated[float, Meta(ge=0, le=100), says("matches above are taken")] = 95.0
    review: Annotated[float, Meta(ge=0, le=100), says("matches below are not taken")] = 80.0


class Layers(Struct, forbid_unknown_fields=True, frozen=True):
    """What each source counts where all are taken as layers of one network; what is not named counts 1."""

    copatent: Annotated[Weight, says("weight of the co-patents; 0 leaves them out of the layers")] = 1.0
    deal: Annotated[Weight, says("weight of the deals")] = 1.0
    alliance: Annotated[Weight, says("weight of the alliances")] = 1.0


class Communities(Struct, forbid_unknown_fields=True, frozen=True):
    """How spaces are found."""

    spaces: Annotated[
        Literal["infomap"] | Count, says("infomap decides how many, or the number (3 in the 2014 study)")
    ] = "infomap"
    trials: Annotated[Count, says("runs of Infomap")] = 50
    restarts: Annotated[Count, says("starts of the spin glass")] = 20
    gamma: Annotated[Resolution, says("resolution of the spin glass")] = 1.0
    seed: Annotated[Count, says("seed of everything random")] = 1
    bootstrap: Annotated[int, Meta(ge=0, le=10_000), says("resamplings of the events for stability; 0 for none")] = 200
    layers: Layers = field(default_factory=Layers)


class Grid(Struct, forbid_unknown_fields=True, frozen=True):
    """Choices that linkages grid tries, each with each; what is not named stays as the study has it."""

    level: Annotated[Annotated[list[Level], Some] | None, says("sector levels")] = None
    counting: Annotated[Annotated[list[Counting], Some] | None, says("full, fractional")] = None
    shared_year: Annotated[
        Annotated[list[SharedYear], Some] | None, says("where a year counts that two periods share")
    ] = None
    backbone: Annotated[
        Annotated[list[Backbone], Some] | None, says("which links are looked at; none keeps them all")
    ] = None
    gamma: Annotated[Annotated[list[Resolution], Some] | None, says("resolutions of the spin glass")] = None
    seed: Annotated[Annotated[list[Count], Some] | None, says("seeds of everything random")] = None


class Spaces(Struct, forbid_unknown_fields=True, frozen=True):
    """Names of your own for spaces that a run has found."""

    names: Annotated[
        dict[str, Annotated[str, Meta(min_length=1)]], says('s1a2b3c4d = "Health", by the ids of spaces.json')
    ] = field(default_factory=dict)


class Groups(Struct, forbid_unknown_fields=True, frozen=True):
    """Groups of your own."""

    regions: Annotated[dict[str, list[str]], says('Oresund = ["DK01", "DK02", "SE22"]')] = field(default_factory=dict)
    sectors: Annotated[dict[str, list[str]], says('Fashion = ["313", "314", "315", "316"]')] = field(
        default_factory=dict
    )


class Stars(Struct, forbid_unknown_fields=True, frozen=True):
    """Which star scores stand beside the spaces."""

    table: Annotated[str, says("a regional table, or panorama2020 for the tiers that it published")] = "panorama2020"
    method: Annotated[Literal["panorama", "observatory2009"], says("how stars are given")] = "panorama"
    industry: Annotated[Literal["nace", "naics", "industry"], says("what the table's industries are")] = "industry"


class Gates(Struct, forbid_unknown_fields=True, frozen=True):
    """What a result must meet; a run that does not ends with exit code 4."""

    used: Annotated[Share | None, says("smallest share of the rows' weight that is used")] = None
    placed: Annotated[Share | None, says("smallest share of participants placed in a region")] = None
    stability: Annotated[Share | None, says("smallest mean stability of the spaces")] = None


class Settings(Struct, forbid_unknown_fields=True, frozen=True):
    """A study, as study.toml says it."""

    title: Annotated[str, says("title of the study")]
    sources: Annotated[dict[str, Source], says("the sources, by a name of yours")]
    periods: Annotated[list[tuple[Year, Year]], says("first and last year of each period, both included")] = field(
        default_factory=lambda: [(2000, 2007), (2007, 2014)]
    )
    shared_year: Annotated[SharedYear, says("where a year counts that two periods share")] = "both"
    sector_level: Annotated[Level, says("level at which sectors are told apart")] = "naics3"
    region_level: Annotated[
        Literal["nuts0", "nuts1", "nuts2", "nuts3"], says("level at which regions are told apart")
    ] = "nuts2"
    nuts: Annotated[Literal[2006, 2010, 2013, 2016, 2021], says("NUTS version of the regions")] = 2013
    naics: Annotated[Literal[2017], says("NAICS version of the sectors")] = 2017
    counting: Annotated[Counting, says("what an event adds to its links")] = "full"
    assign: Annotated[Literal["top", "weighted"], says("one NAICS code a class or firm, or all with shares")] = "top"
    match: Match = field(default_factory=Match)
    communities: Communities = field(default_factory=Communities)
    grid: Grid = field(default_factory=Grid)
    spaces: Spaces = field(default_factory=Spaces)
    groups: Groups = field(default_factory=Groups)
    labels: Annotated[dict[str, list[str]], says('free labels to NAICS: "Internet" = ["518"]')] = field(
        default_factory=dict
    )
    stars: Stars = field(default_factory=Stars)
    gates: Gates = field(default_factory=Gates)
    nuts_shapes: Annotated[str | None, says("a GeoJSON file of official NUTS2 borders for the map")] = None
