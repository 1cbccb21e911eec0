"""Names of organisations: taken apart, held against each other, put together."""

from __future__ import annotations

import itertools
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from benchmarks.names import accuracy, compared, generated
from ingest import name_columns, organisations
from ingest.name_columns import in_columns
from ingest.names import country_of, kind_of, parsed, taken_apart
from ingest.names_blocks import BLOCK, candidates
from ingest.names_compared import FIELDS, LEVELS, Organisation, compare
from ingest.organisations import ACCEPT, REVIEW, match_names


def paired(names: list[str], country: str) -> np.ndarray:
    units = pd.DataFrame({"name": names, "country": country, "registry": ""})
    return candidates(units, in_columns(units["name"]))


def levelled(one: str, other: str, country: str = "DE", other_country: str | None = None) -> str:
    return compare(
        Organisation(one, country), Organisation(other, country if other_country is None else other_country)
    ).level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Siemens AG", "SIEMENS A.G.", "same name"), ("Siemens AG", "Siemens Aktiengesellschaft", "same words"),
        ("Robert Bosch GmbH", "Bosch, Robert GmbH", "same words"), ("Bosch GmbH", "Bosch AG", "other legal form"),
        ("Allianz AG", "Allianz SE", "same words"), ("ThyssenKrupp AG", "Thyssen Krupp AG", "written together"),
        ("Intel GmbH", "Intel Deutschland GmbH", "but for its country"), ("BMW AG", "BMW Group", "but for its country"),
        ("Boehringer Ingelheim GmbH", "Boehringer Ingleheim GmbH", "slip of the pen"),
        ("Deutsche Bank AG", "Deutsche Bahn AG", "different"), ("Siemens AG", "Siemens Healthineers AG", "different"),
        ("Bayer AG", "Bayer Pharma AG", "wider name"), ("Rhein Main Donau AG", "RMD AG", "acronym"),
        ("Roche AG", "Roche Holding AG", "but for its country"), ("Fund III LP", "Fund II LP", "different"),
        ("Nestlé & Söhne", "Nestle und Soehne", "same name"), ("Palencia GmbH", "Valencia GmbH", "slip of the pen"),
    ],
)  # fmt: skip
def test_levels(one: str, other: str, level: str) -> None:
    assert levelled(one, other) == level


def test_a_country_parts_and_a_register_joins() -> None:
    assert levelled("Siemens AG", "Siemens AG", "DE", "AT") == "other country"
    assert (
        compare(Organisation("A", "DE", "", "pic:1"), Organisation("Zuse", "AT", "", "pic:1")).level
        == "same registry id"
    )
    assert (
        compare(Organisation("A", "DE", "", "pic:1"), Organisation("A", "DE", "", "pic:2")).level == "other registry id"
    )
    assert (
        compare(Organisation("Zuse", "DE", "", "pic:1"), Organisation("Zuse", "DE", "", "lei:2")).level == "same name"
    )


def test_what_is_sure_needs_support() -> None:
    near = Organisation("Leverkusener", "DE", "DEA2"), Organisation("Levarkusener", "DE", "DEA2")
    far = Organisation("Leverkusener", "DE", "DEA2"), Organisation("Levarkusener", "DE", "DE60")
    form = Organisation("Leverkusener AG", "DE"), Organisation("Levarkusener AG", "DE")
    assert compare(*near).score >= ACCEPT > compare(*far).score >= REVIEW
    assert compare(*form).score >= ACCEPT
    coined = Organisation("Blackboard Inc", "US", "US"), Organisation("Blockboard Inc", "US", "US")
    assert compare(*coined).score >= ACCEPT  # long, and with support
    assert compare(Organisation("Blackboard", "US"), Organisation("Blockboard", "US")).score < ACCEPT
    assert compare(Organisation("City National", "US"), Organisation("National City", "US")).score < ACCEPT
    assert compare(Organisation("Energy GmbH", "DE"), Organisation("Energy AG", "")).score < ACCEPT
    assert compare(Organisation("Intel", ""), Organisation("Intel Polska", "PL")).score < ACCEPT


def test_the_labelled_pairs() -> None:
    pairs = compared()
    assert len(pairs) >= 500
    assert set(pairs["part"]) == {"tuned", "kept aside"}
    assert (pairs["score"] >= REVIEW).eq(pairs["level"].ne("different") & (pairs["score"] >= REVIEW)).all()
    for _, part in pairs.groupby("part"):
        found = accuracy(part, ACCEPT)
        assert found["precision"] >= 0.98
        assert found["recall"] >= 0.90


def test_accuracy_by_hand() -> None:
    pairs = pd.DataFrame({"same": [True, True, False, False, True], "score": [99.0, 96.0, 95.0, 85.0, 10.0]})
    assert accuracy(pairs, 95.0) == {"pairs": 5, "same": 3, "precision": 2 / 3, "recall": 2 / 3, "in doubt": 1}


TEXT = st.text(st.sampled_from("Siemns AGBohdö .&-()ЯαΩ123'"), max_size=24)
ORGANISATION = st.builds(
    Organisation,
    TEXT,
    st.sampled_from(["", "DE", "AT"]),
    st.sampled_from(["", "DE21"]),
    st.sampled_from(["", "a:1", "a:2"]),
)


@settings(deadline=None)
@given(ORGANISATION, ORGANISATION)
def test_either_way_round_is_the_same(one: Organisation, other: Organisation) -> None:
    assert compare(one, other) == compare(other, one)
    assert compare(one, other).level in {level for level, _ in LEVELS}
    assert 0.0 <= compare(one, other).score <= 100.0


@settings(deadline=None)
@given(TEXT)
def test_a_name_keeps_a_word_and_its_case_says_nothing(text: str) -> None:
    name = parsed(text)
    assert (name.words == ()) == (name.whole == "")
    assert name.words == tuple(sorted(name.words))


def test_words() -> None:
    assert [kind_of(word) for word in ("group", "systems", "polska", "=DE", "siemens")] == [
        "group", "generic", "place", "place", "telling",
    ]  # fmt: skip
    assert country_of("=EL") == "EL"
    assert parsed("Consiglio Nazionale delle Ricerche (CNR)").words == parsed("Consiglio Nazionale Ricerche").words
    assert parsed("Newco, formerly Oldco AG").core == "newco"


NAMES = [
    "Siemens AG",
    "SIEMENS",
    "Siemens GmbH",
    "Bosch GmbH",
    "Robert Bosch",
    "Telekom AG",
    "Deutsche Telekom",
    "Telekm",
]
ROW = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(["", "DE", "AT"]),
    st.sampled_from(["", "DE21"]),
    st.sampled_from(["", "a:1", "a:2"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, ...]], chance: object) -> None:
    table = pd.DataFrame(rows, columns=list(FIELDS), dtype="str")
    order = list(range(len(rows)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    straight, shuffled = match_names(table), match_names(table.iloc[order])
    pd.testing.assert_frame_equal(straight.organisations, shuffled.organisations)
    pd.testing.assert_frame_equal(straight.doubtful, shuffled.doubtful)
    for _, group in straight.organisations.groupby("organisation"):
        shared = group["registry"].ne("") & group["registry"].duplicated(keep=False)
        assert len(set(group["country"]) - {""}) <= 1 or shared.any()
        assert len({text for text in group["registry"] if text}) <= 1
    assert len(straight.organisations) == len(set(rows))


def test_a_blank_country_joins_one_country_only() -> None:
    rows = [("Siemens AG", "DE", "", ""), ("Siemens AG", "AT", "", ""), ("Siemens AG", "", "", "")]
    found = match_names(pd.DataFrame(rows, columns=list(FIELDS))).organisations
    assert found["organisation"].nunique() == 2


def test_forms_of_two_families_are_not_joined_by_a_name_without_one() -> None:
    rows = [("Bosch AG", "DE", "", ""), ("Bosch GmbH", "DE", "", ""), ("Bosch", "DE", "", "")]
    found = match_names(pd.DataFrame(rows, columns=list(FIELDS)))
    assert found.organisations["organisation"].nunique() == 2
    assert len(found.doubtful) == 1


def test_what_a_person_said_comes_first() -> None:
    rows = pd.DataFrame(
        [("Alpha AG", "DE", "", ""), ("Omega AG", "DE", "", ""), ("ALPHA A.G.", "DE", "", "")], columns=list(FIELDS)
    )
    one = frozenset({("Alpha AG", "DE"), ("Omega AG", "DE")})
    joined = match_names(rows, same=[one]).organisations
    assert joined["organisation"].nunique() == 1
    assert set(joined["level"]) == {"decided", "same name"}
    apart = match_names(rows, different=[frozenset({("Alpha AG", "DE"), ("ALPHA A.G.", "DE")})])
    assert apart.organisations["organisation"].nunique() == 3
    assert apart.doubtful.empty


def test_doubtful_pairs_are_told_once() -> None:
    rows = [("Infineon AG", "DE", "", ""), ("INFINEON A.G.", "DE", "", ""), ("Infinion AG", "DE", "", "")]
    found = match_names(pd.DataFrame(rows, columns=list(FIELDS)))
    assert len(found.doubtful) == 1
    assert found.doubtful["level"].tolist() == ["slip of the pen"]
    assert match_names(pd.DataFrame(rows, columns=list(FIELDS)), accept=80).organisations["organisation"].nunique() == 1


def test_blocks_lose_no_pair_that_would_be_taken() -> None:
    table = generated(500, seed=3)
    units = [Organisation(*row) for row in table.itertuples(index=False, name=None)]
    found = {tuple(pair) for pair in candidates(table, in_columns(table["name"])).tolist()}
    every = itertools.combinations(range(len(units)), 2)
    taken = {(a, b) for a, b in every if compare(units[a], units[b]).score >= ACCEPT}
    assert len(taken & found) >= 0.98 * len(taken)
    assert len(taken) > 90


def told_by_dictionaries(units: list[Organisation]) -> set[tuple[int, int]]:
    """Find the pairs of small blocks as the docstring of `candidates` says it, unit by unit."""
    names = [parsed(unit.name) for unit in units]
    often = Counter(word for name in names for word in set(name.words))
    blocks: dict[tuple[str, str], set[int]] = {}
    for number, name in enumerate(names):
        keys = {
            ("together", name.together),
            ("core", name.core),
            ("telling", " ".join(word for word in name.words if kind_of(word) == "telling")),
        }
        if len(name.words) == 1 and 2 < len(name.core) < 8:
            keys.add(("initials", name.core))
        if len(name.words) > 2:
            keys.add(("initials", name.initials))
        for word in sorted(set(name.words), key=lambda word: (often[word], word))[:2]:
            if len(word) > 3:
                keys |= {("near: word", word), ("near: head", word[:4]), ("near: tail", word[-4:])}
        for key in keys:
            if key[1]:
                blocks.setdefault(key, set()).add(number)
    pairs = set()
    for (kind, _), members in blocks.items():
        for one, other in itertools.combinations(sorted(members), 2):
            figures = [sorted(filter(str.isdigit, names[unit].core)) for unit in (one, other)]
            unlike = fuzz.ratio(names[one].core, names[other].core) < 80 or (all(figures) and figures[0] != figures[1])
            countries = {units[one].country, units[other].country}
            if (len(countries) == 1 or "" in countries) and not (kind.startswith("near") and unlike):
                pairs.add((one, other))
    registered = [number for number, unit in enumerate(units) if unit.registry]
    ids = {(a, b) for a, b in itertools.combinations(registered, 2) if units[a].registry == units[b].registry}
    return pairs | ids


def test_candidates_are_those_that_dictionaries_find() -> None:
    table = generated(500, seed=8)
    odd = ["", "?", "AG", "3M", "3M Deutschland GmbH", "M3 AG", "RMD", "Rhein Main Donau AG", "Élan", "ÉLAN SA"]
    more = pd.DataFrame(
        {"name": odd, "country": ["", "DE"] * 5, "region": "", "registry": ["PIC:1", "", "", "", ""] * 2}
    )
    table = pd.concat([table.assign(country=table["country"].where(table.index % 7 > 0, "")), more], ignore_index=True)
    units = [Organisation(*row) for row in table.itertuples(index=False, name=None)]
    found = {tuple(pair) for pair in candidates(table, in_columns(table["name"])).tolist()}
    assert found == told_by_dictionaries(units)
    assert len(found) > 100


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_names_in_columns_are_the_names(texts: list[str]) -> None:
    table = in_columns(pd.Series(texts, dtype="str"))
    assert table.names(np.arange(len(texts))[::-1]) == [taken_apart(text) for text in reversed(texts)]


def test_large_blocks_are_walked_by_neighbours() -> None:
    names = [f"Stadtwerke {chr(97 + n // 26)}{chr(97 + n % 26)}burg" for n in range(3 * BLOCK)]
    pairs = paired(names, "DE")
    assert len(pairs) < len(names) * BLOCK / 2
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs)


def test_names_with_other_numbers_are_not_held_against_each_other() -> None:
    names = [f"{1234500 + number} Ontario Inc" for number in range(300)]
    names += ["1234507 ONTARIO INC.", "1234507 Ontarios Inc", "Ontario Inc"]
    pairs = {(one, other) for one, other in paired(names, "CA").tolist() if other < 302}
    figures = [sorted(filter(str.isdigit, name)) for name in names]
    assert {(7, 300), (7, 301), (300, 301)} <= pairs
    assert all(figures[one] == figures[other] for one, other in pairs)


def test_no_pair_that_numbers_part_would_be_taken_or_doubtful() -> None:
    words = [
        "Zuse",
        "Zusse",
        "Radio 24",
        "24",
        "42",
        "2 4",
        "Holding",
        "GmbH",
        "Deutschland",
        "(2007)",
        "3M",
        "Studio54",
    ]
    names = [" ".join(chosen) for size in (1, 2, 3) for chosen in itertools.combinations(words, size)]
    for one, other in itertools.combinations(names, 2):
        figures = [sorted(filter(str.isdigit, parsed(name).core)) for name in (one, other)]
        if all(figures) and figures[0] != figures[1]:
            found = compare(Organisation(one, "DE"), Organisation(other, "DE"))
            # A holding with a number of its own is the only one that was doubtful.
            assert found.score < REVIEW or "Holding" in (one + other), (one, other, found)


def test_what_is_compared_elsewhere_piece_by_piece_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    table = generated(300, seed=4)
    whole = match_names(table)
    sent: list[str] = []

    def elsewhere(work: Callable[..., Any], items: Iterable[tuple[object, ...]], /) -> Iterator[Any]:
        for item in items:
            sent.append(work.__name__)
            yield pickle.loads(pickle.dumps(work(*pickle.loads(pickle.dumps(item)))))

    monkeypatch.setattr(organisations, "_AT_ONCE", 20)
    monkeypatch.setattr(name_columns, "_AT_ONCE", 70)
    found = match_names(table, apply=elsewhere)
    pd.testing.assert_frame_equal(found.organisations, whole.organisations)
    pd.testing.assert_frame_equal(found.doubtful, whole.doubtful)
    assert sent.count("_taken_apart") == -(-whole.organisations["name"].nunique() // 70)
    assert sent.count("_compared") > 3
    assert len(whole.doubtful) > 3


def test_no_names() -> None:
    found = match_names(pd.DataFrame(columns=list(FIELDS), dtype="str"))
    assert len(found.organisations) == len(found.doubtful) == 0


def test_an_id_in_common_outweighs_country_name_and_form() -> None:
    rows = [("Alpha AG", "DE", "", "PIC:1"), ("Omega GmbH", "AT", "", "PIC:1"), ("Alpha AG", "DE", "", "PIC:2")]
    found = match_names(pd.DataFrame(rows, columns=list(FIELDS))).organisations
    assert found["organisation"].tolist() == ["Alpha AG (DE) PIC:1", "Alpha AG (DE) PIC:2", "Alpha AG (DE) PIC:1"]
    assert found["level"].tolist() == ["same registry id", "alone", "same registry id"]
