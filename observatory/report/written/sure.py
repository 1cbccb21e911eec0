"""How sure the spaces are, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, figure, fold, items, note, table, text

NUMBERS = ["Network", "Nodes", "Links", "Events", "Infomap's number", "Rule for the number", "Communities", "Left out"]
METHODS = ["Network", "Modularity", "Best Leiden", "Its number", "Starts at the best", "Agreement with Leiden",
           "with Infomap", "with resamplings", "Resamplings"]  # fmt: skip
SHARED = ["The shared year counts", "Period", "Events", "Weight", "Spaces", "Agreement with this report"]


def written(sure: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.sure.sure` gathers."""
    findings = [
        (f"{name}:", " ".join([found, *(f"{one}." for one in notes)]), "") for name, found, notes in sure["findings"]
    ]
    return [
        table(NUMBERS, sure["numbers"], (1, 2, 3, 4, 6), "How many communities, and by which rule"),
        *_spreads(sure),
        fold("What each rule found, in words", [items(findings)]),
        table(
            METHODS,
            sure["methods"],
            range(1, 9),
            "How sure: the spin glass beside other methods and resamplings",
        ),
        note(
            "Agreement is adjusted mutual information: 1 is the same, 0 what chance gives; in brackets the variation "
            "of information in nats, what is to be told to get from one to the other: 0 is the same. Modularity is "
            "comparable within one network only."
        ),
        _left_out(sure),
        *_choices(sure),
    ]


def _spreads(sure: dict[str, Any]) -> list[Block]:
    told: list[Block] = []
    for name, words, spread in sure["spreads"]:
        title = f"Infomap's number when one thing at a time is varied: {name}"
        headings = ["Varied", "Setting", "Communities (share of runs)", "Runs"]
        told += [
            text(words, f"{name[:1].upper()}{name[1:]}:"),
            fold(title, [table(headings, spread, (3,))]),
        ]
    how = (
        "Infomap follows a random walk along the links and looks for groups that it seldom leaves. At a longer Markov "
        "time it looks from further away and sees fewer groups; a backbone keeps only the links that stand out; a "
        "draw of events is another sample like the one at hand."
    )
    return [*told, note(how)] if told else []


def _left_out(sure: dict[str, Any]) -> Block:
    if not sure["left_out"]:
        return text("No node was left out of any network.")
    told = "; ".join(f"{name}: {', '.join(nodes)}" for name, nodes in sure["left_out"])
    return text(f"Left out, being without links or apart from the main component: {told}.")


def _choices(sure: dict[str, Any]) -> list[Block]:
    caption = f"What if the shared year counted otherwise? This report counts it {sure['own_choice']}"
    shared = [table(SHARED, sure["sensitivity"], (2, 3, 4, 5), caption)] if sure["sensitivity"] else []
    agree = [
        fold(
            "Do sources and periods agree?",
            [table(["Network", "Beside", "Agreement"], sure["agreement"], (2,))],
        )
    ] if sure["agreement"] else []  # fmt: skip
    return [*shared, *(figure(one) for one in sure["pictures"]), *agree]
