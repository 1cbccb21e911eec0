"""The command that gives star scores for regional figures, without any linkages."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from observatory.printing import Format, show, talk, write, write_json


class Industry(StrEnum):
    """What the industries of a regional table are."""

    nace = "nace"
    naics = "naics"
    sic = "sic"
    industry = "industry"


class Layout(StrEnum):
    """Whose layout files of regional figures have."""

    auto = "auto"
    eurostat = "eurostat"
    cbp = "cbp"
    firms = "firms"
    table = "table"


class Fill(StrEnum):
    """What becomes of suppressed figures."""

    none = "none"
    remainder = "remainder"


class Method(StrEnum):
    """How stars are given."""

    panorama = "panorama"
    observatory2009 = "observatory2009"


class StarLevel(StrEnum):
    """At which level stars are given."""

    industry = "industry"
    emerging = "emerging"
    section = "section"
    division = "division"
    group = "group"
    nace_class = "class"
    naics2 = "naics2"
    naics3 = "naics3"
    naics4 = "naics4"
    naics5 = "naics5"
    naics6 = "naics6"


def stars(
    table: Annotated[
        list[Path], typer.Argument(metavar="TABLE", help="files: your table, Eurostat, CBP, firms; or panorama2020")
    ],
    industry: Annotated[Industry, typer.Option("--industry", help="what the industries are")],
    layout: Annotated[Layout, typer.Option("--layout", help="whose layout the files have")] = Layout.auto,
    nuts: Annotated[int | None, typer.Option("--nuts", metavar="YEAR", help="carry regions to this version")] = None,
    fill: Annotated[Fill, typer.Option("--fill", help="estimate suppressed figures from their parent")] = Fill.none,
    digits: Annotated[
        int | None, typer.Option("--digits", min=1, max=6, help="digits of the industries to keep, of several levels")
    ] = None,
    measure: Annotated[
        str | None, typer.Option("--measure", metavar="WHAT", help="what figures are that do not say it: employment")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", min=1900, max=2100, help="year of files that do not say it")
    ] = None,
    rate: Annotated[
        list[str] | None, typer.Option("--rate", metavar="USD=0.92", help="a currency in EUR; repeat it")
    ] = None,
    firm: Annotated[
        list[str] | None,
        typer.Option(
            "--firm", metavar="NAME=VALUE", help="of tables of firms: growth=0.2, unit=..., memory=2GB; repeat it"
        ),
    ] = None,
    flags: Annotated[
        Path | None, typer.Option("--flags", metavar="FILE", help="write the cells with a flag or an estimate")
    ] = None,
    method: Annotated[Method, typer.Option("--method", help="how stars are given")] = Method.panorama,
    level: Annotated[StarLevel, typer.Option("--level", help="for which industries")] = StarLevel.industry,
    group: Annotated[
        list[str] | None, typer.Option("--group", metavar="NAME=A;B", help="instead, a group of your own; repeat it")
    ] = None,
    regions: Annotated[
        Path | None, typer.Option("--regions", metavar="FILE", help="population, gdp, patents by region and year")
    ] = None,
    economy: Annotated[
        list[str] | None, typer.Option("--economy", metavar="NAME=A;B", help="regions of an economy; repeat it")
    ] = None,
    quotient: Annotated[
        float, typer.Option("--quotient", min=0.0, help="firm size: LQ from which a region is specialised")
    ] = 1.5,
    dominance: Annotated[
        float, typer.Option("--dominance", min=0.5, max=1.0, help="firm size: beta above which firms dominate")
    ] = 0.55,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="CSV or Parquet; all results to xlsx or a folder")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Give star scores for a regional table, without any linkages."""
    from observatory.listing import save_table
    from observatory.published_files import PUBLISHED, PUBLISHED_NUTS
    from observatory.star_files import named_lists, save_results
    from observatory.stars import read_figures, star_scores
    from observatory.stars.firm_size import Limits
    from observatory.stars.layouts.accounts import said_of_ledger
    from observatory.stars.layouts.cells import Options
    from observatory.stars.layouts.common import rates_of
    from observatory.stars.layouts.places import check_nuts
    from observatory.stars.regional import read_regions
    from observatory.stars.results import star_results
    from observatory.stars.scores import check_choices

    if [str(one) for one in table] == [PUBLISHED] and not table[0].exists():
        _published(nuts or PUBLISHED_NUTS, out, json)
        return
    groups, economies = named_lists(group or [], "--group"), named_lists(economy or [], "--economy")
    chosen = "groups" if groups else level.value
    try:
        check_choices(industry.value, method.value, chosen, groups)
        check_nuts(nuts)
        rates = rates_of(rate or [])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    more = {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in firm or [])}
    options = Options(
        industry.value, nuts, fill.value, digits=digits, measure=measure, year=year, rates=rates, more=more
    )
    figures = read_figures(table, layout.value, options)
    read = figures.table
    for line in said_of_ledger(figures.ledger):
        talk.say(line)
    if flags is not None:
        save_table(figures.flags, flags)
    if out is not None and out.suffix.lower() not in (".csv", ".parquet"):
        known = read_regions(regions) if regions else None
        results = star_results(
            read,
            industry.value,
            method.value,
            level=chosen,
            groups=groups,
            regions=known,
            economies=economies,
            limits=Limits(quotient, dominance),
        )
        scores, notes = results.scores, results.notes
        delivered = {"flags": figures.flags, "ledger": figures.ledger}
        if len(figures.rejects):
            delivered["rejects"] = figures.rejects
        saved: Path | None = save_results(results, out, str(read.attrs["file"]), delivered)
    else:
        scores = star_scores(read, industry.value, method.value, level=chosen, groups=groups)
        notes = scores.attrs["notes"]
        saved = save_table(scores, out) if out else None
    for note in notes:
        talk.say(str(note))
    if saved is None:
        show(scores, Format.json if json else Format.csv)
    elif json:
        write_json({"stars": saved, "rows": len(scores)})
    else:
        write(str(saved))


def _published(nuts: int, out: Path | None, json: bool) -> None:
    """Show or write the tiers that the Panorama 2020 published."""
    from observatory.published_files import save_published
    from observatory.stars import published_tiers

    try:
        tiers = published_tiers(nuts)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--nuts") from None
    for note in tiers.attrs["notes"]:
        talk.say(str(note))
    if out is None:
        show(tiers, Format.json if json else Format.csv)
    elif json:
        write_json({"stars": save_published(out, nuts), "rows": len(tiers)})
    else:
        write(str(save_published(out, nuts)))
