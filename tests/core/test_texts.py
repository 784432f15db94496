"""The product's words: both languages alike, every key used and there, and figures as each language writes them."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from assessment import texts as catalogues
from assessment.packs import LANGUAGES, ROLES, Language, builtin, builtin_ids
from assessment.scoring.answers import PERSPECTIVES
from assessment.store import protocol
from assessment.strategy.model import HOLD_AND_MEASURE, STRATEGIES, WEIGHTS
from assessment.texts import MissingTextError, Texts, texts

ROOT = Path(__file__).parents[2]
CODE = sorted(path for room in ("pages", "assessment") for path in (ROOT / room).rglob("*.py"))
TEMPLATES = sorted((ROOT / "assessment").rglob("*.html"))
# internal ids: criteria, items, sub-scales, strategies, diagnoses, preconditions, waves, answers, roles, signals
CODES = re.compile(
    r"\b(?:C[1-7](?:\.\d)?|C[56][iems]|SYS|S[0-6]|D(?:0\d|1[0-2])|P[1-7]|PU\d|R[1-9]|Q0\d|K\d\d|T[0-3]|DK|SL|OP|OD|TM|n[1-7])\b"
)
FILES = (".py", ".hash", ".html", ".css", ".js")
FILE_FORMAT = ("import.problem.", "import.explain.")
HELPERS = {"of_method": "method."}  # wording/method_words.py gives the words of the method without repeating its area
# keys of one id beside keys written out: what the id can be, or everything in the area would count as used
NARROW = {
    r"actions\..+": r"actions\.(document|train|measure)",
    r"answer\..+": r"answer\.(DK|NA)",
    r"error\..+": r"error\.store\..+",
    r"strategy\..+": r"strategy\.S\d",
}

WEIGHED = sorted({signal for weights in WEIGHTS.values() for signal in weights})

nb, en = texts("nb"), texts("en")
keys = cache(catalogues.keys)  # it reads every file anew


def areas() -> frozenset[str]:
    """The first part of every key."""
    return frozenset(key.partition(".")[0] for key in keys("nb"))


@cache
def said() -> tuple[frozenset[str], frozenset[str]]:
    """What the code says of keys: those written out, and patterns of those put together from an id."""
    whole, patterns = set[str](), set[str]()
    for path in CODE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prefixes = {id(form): prefix for node in ast.walk(tree) if (prefix := _prefix(node)) for form in _forms(node)}
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            prefix = prefixes.get(id(node), "")
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                whole.add(prefix + node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.add(re.escape(prefix) + "".join(_pattern(part) for part in node.values))
    for path in TEMPLATES:
        whole |= set(re.findall(r'"([a-z_]+\.[\w.]+)"', path.read_text(encoding="utf-8")))
    known = tuple(f"{area}." for area in areas())
    opened = {re.escape(prefix) + ".+" for prefix in HELPERS.values()}
    return (
        frozenset(
            w
            for w in whole
            if w.startswith(known)
            and re.fullmatch(r"[\w.]+", w)
            and not w.endswith((".py", ".hash", ".html", ".css", ".js"))
        ),
        frozenset(NARROW.get(p, p) for p in patterns - opened if p.startswith(tuple(map(re.escape, known)))),
    )


def _prefix(node: ast.AST) -> str:
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args else ""
    return HELPERS.get(called, "")


def _forms(node: ast.AST) -> Iterator[ast.AST]:
    """The first argument of a call, or both branches when it is a choice."""
    waiting = [node.args[0]] if isinstance(node, ast.Call) else []
    while waiting:
        form = waiting.pop()
        waiting += [form.body, form.orelse] if isinstance(form, ast.IfExp) else []
        yield form


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"


def _readable(language: Language) -> dict[str, str]:
    """Every sentence of a language by key, the packs' prose too, with the {places} left out."""
    product = texts(language)
    shown = {}
    for key in keys(language):
        for number in (1, 2):
            shown[f"{key} {number}"] = product._catalogue.ngettext(key, f"{key}.many", number)
            if shown[f"{key} {number}"] in (key, f"{key}.many"):
                shown[f"{key} {number}"] = product._catalogue.gettext(key)
    for pack in builtin_ids():
        for item, words in builtin(pack).prose[language].items.items():
            shown[item] = " ".join((words.stem, words.topic, words.help, *words.anchors))
        for criterion, about in builtin(pack).prose[language].criteria.items():
            shown[criterion] = f"{about.title} {about.about}"
    return {key: re.sub(r"\{\w*\}", "", words) for key, words in shown.items()}


# ---------------------------------------------------------------- keys


def test_both_languages_have_the_same_keys() -> None:
    assert keys("nb").keys() ^ keys("en").keys() == set()


def test_both_languages_have_the_same_places_in_every_text() -> None:
    assert {key: (places, keys("en")[key]) for key, places in keys("nb").items() if places != keys("en")[key]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_its_own_key(language: Language) -> None:
    read = _readable(language)

    assert [key for key, words in read.items() if not words.strip() or words == key.split()[0]] == []


def test_no_key_stands_in_two_files() -> None:
    for language in LANGUAGES:
        files = (ROOT / "assessment" / "texts" / language).glob("*.po")
        found = [key for file in files for key in re.findall(r'^msgid "(.+)"$', file.read_text("utf-8"), re.M)]
        assert sorted(key for key in set(found) if found.count(key) > 1) == []


def test_every_key_the_code_names_has_words() -> None:
    whole, patterns = said()

    assert sorted(whole - keys("nb").keys()) == []
    assert sorted(p for p in patterns if not any(re.fullmatch(p, key) for key in keys("nb"))) == []
    assert len(whole) > 200  # the scan has seen the code


def test_every_text_is_used() -> None:
    whole, patterns = said()

    unused = keys("nb").keys() - whole
    assert sorted(key for key in unused if not any(re.fullmatch(pattern, key) for pattern in patterns)) == []


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [
        ("role.{}", ROLES),
        ("perspective.{}", PERSPECTIVES),
        ("level.{}", (1, 2, 3, 4, 5)),
        ("wave.{}", ("T0", "T1", "T2", "T3", "pulse")),
        ("strategy.{}", (HOLD_AND_MEASURE, *STRATEGIES)),
        ("strategy.{}.say", (HOLD_AND_MEASURE, *STRATEGIES)),
        ("actions.{}.quick.1", (HOLD_AND_MEASURE, *STRATEGIES)),
        ("actions.{}.document.1", (HOLD_AND_MEASURE, *STRATEGIES)),
        ("actions.{}.train.1", (HOLD_AND_MEASURE, *STRATEGIES)),
        ("actions.{}.measure.1", (HOLD_AND_MEASURE, *STRATEGIES)),
        ("signal.{}", WEIGHED),
        ("signal.{}.high", WEIGHED),
        ("diagnosis.{}", [f"D{n:02}" for n in range(1, 13)]),
        ("subscale.{}", builtin("full").subscales),
        ("error.{}", [e.key for e in vars(protocol).values() if isinstance(e, type) and "key" in vars(e)]),
    ],
)
def test_every_id_of_the_method_has_its_words(pattern: str, ids: tuple[object, ...]) -> None:
    needed = {pattern.format(id_) for id_ in ids}

    assert needed
    assert needed - keys("nb").keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_without_words_is_an_error_and_never_shown(language: Language) -> None:
    with pytest.raises(MissingTextError):
        texts(language)("no.such.key")
    with pytest.raises(MissingTextError):
        texts(language).plural("no.such.key", 2)
    assert not texts(language).has("no.such.key")


# ---------------------------------------------------------------- what no text may hold


def test_norwegian_never_says_dårlig() -> None:
    assert {key: words for key, words in _readable("nb").items() if "dårlig" in words.lower()} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_holds_an_internal_code(language: Language) -> None:
    # whoever makes a file of answers writes these codes into it
    told = {key: words for key, words in _readable(language).items() if not key.startswith(FILE_FORMAT)}
    found = {key: CODES.findall(words) for key, words in told.items()}

    assert {key: codes for key, codes in found.items() if codes} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_holds_markup(language: Language) -> None:
    assert {key: words for key, words in _readable(language).items() if re.search(r"</?[a-z]+[ >]", words)} == {}


# ---------------------------------------------------------------- figures (design, numbers and dates)


@pytest.mark.parametrize(
    ("value", "digits", "sign", "norwegian", "english"),
    [
        (2.4, 1, False, "2,4", "2.4"),
        (0.7, 1, True, "+0,7", "+0.7"),
        (-0.8, 1, False, "−0,8", "−0.8"),
        (35.4, 0, False, "35", "35"),
        (1234.5, 1, False, "1\u00a0234,5", "1,234.5"),
        (250_000, 0, False, "250\u00a0000", "250,000"),
        (2.25, 1, False, "2,3", "2.3"),
        (2.35, 1, False, "2,4", "2.4"),
        (-2.25, 1, False, "−2,3", "−2.3"),
        (0.5, 0, False, "1", "1"),
        (2.675, 2, False, "2,68", "2.68"),
        (-0.04, 1, False, "0,0", "0.0"),
        (-0.04, 1, True, "+0,0", "+0.0"),
        (0.1 + 0.2, 2, False, "0,30", "0.30"),
    ],
)
def test_numbers_are_written_as_each_language_does(
    value: float, digits: int, sign: bool, norwegian: str, english: str
) -> None:
    assert nb.number(value, digits, sign) == norwegian
    assert en.number(value, digits, sign) == english


@pytest.mark.parametrize(
    ("share", "digits", "norwegian", "english"),
    [(0.1, 0, "10\u00a0%", "10%"), (0.145, 0, "15\u00a0%", "15%"), (0.1234, 1, "12,3\u00a0%", "12.3%")],
)
def test_shares_are_per_cent(share: float, digits: int, norwegian: str, english: str) -> None:
    assert (nb.percent(share, digits), en.percent(share, digits)) == (norwegian, english)


@pytest.mark.parametrize(("value", "written"), [(2.0, "2"), (0.2, "0,2"), (1.96, "2"), (2.04, "2"), (2.05, "2,1")])
def test_short_has_a_decimal_only_where_there_is_one(value: float, written: str) -> None:
    assert nb.short(value) == written


def test_days_and_months_are_in_words() -> None:
    day = dt.date(2026, 10, 5)

    assert (nb.day(day), nb.month(day)) == ("5. oktober 2026", "oktober 2026")
    assert (en.day(day), en.month(day)) == ("5 October 2026", "October 2026")
    assert nb.day(dt.datetime(2026, 1, 9, 23, tzinfo=dt.UTC)) == "9. januar 2026"


@pytest.mark.parametrize(("product", "joined"), [(nb, ["", "a", "a og b", "a, b og c"]), (en, ["", "a", "a and b"])])
def test_a_list_reads_as_a_sentence(product: Texts, joined: list[str]) -> None:
    words = ["a", "b", "c"]

    assert [product.listing(words[:n]) for n in range(len(joined))] == joined


def test_one_and_many_differ() -> None:
    assert (nb.plural("start.waves", 1), nb.plural("start.waves", 3)) == ("1 måling", "3 målinger")
    assert en.plural("start.waves", 1) != en.plural("start.waves", 3).replace("3", "1")
