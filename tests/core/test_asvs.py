"""docs/asvs.md is whole and names what exists: every requirement of level 1 and 2 once, counts that add up, paths."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
JUDGED = ("met", "not met", "not relevant")
# requirements of level 1 and of level 2 in each chapter. Source: OWASP ASVS 5.0.0
CHAPTERS = {
    1: (8, 19),
    2: (4, 7),
    3: (8, 11),
    4: (2, 8),
    5: (4, 5),
    6: (13, 22),
    7: (6, 12),
    8: (4, 3),
    9: (4, 3),
    10: (5, 24),
    11: (3, 11),
    12: (3, 6),
    13: (1, 12),
    14: (2, 7),
    15: (3, 10),
    16: (0, 16),
    17: (0, 7),
}


def _rows() -> Iterator[tuple[str, str, str, str]]:
    """Number, level, judgement and reason of each requirement; a row may hold several numbers."""
    for row in re.findall(r"^\| (\d+\.\d+\.\d+.*) \|$", DOCUMENT, re.M):
        numbers, level, _, judged, reason = row.split(" | ")
        for number in numbers.split(", "):
            yield number, level, judged, reason


def _chapter(number: str) -> int:
    return int(number.split(".")[0])


def test_every_requirement_of_both_levels_stands_once() -> None:
    assert [n for n, times in Counter(n for n, *_ in _rows()).items() if times > 1] == []
    found = Counter((_chapter(number), level) for number, level, *_ in _rows())
    assert {c: (found[c, "1"], found[c, "2"]) for c in CHAPTERS} == CHAPTERS
    assert found.total() == sum(map(sum, CHAPTERS.values()))


def test_the_numbers_stand_in_order_and_in_their_chapter() -> None:
    for part in DOCUMENT.split("\n## V")[1:]:
        chapter = int(part.split()[0])
        numbers = re.findall(r"^\| (\d+)\.\d+\.\d+", part, re.M)
        assert {int(n) for n in numbers} == {chapter}
    places = [tuple(map(int, number.split("."))) for number, *_ in _rows()]
    # rows of several numbers are of one level, so within one section a later row may go back
    assert [p[:2] for p in places] == sorted(p[:2] for p in places)


def test_each_is_judged_and_what_is_met_says_where() -> None:
    for number, _, judged, reason in _rows():
        assert judged in JUDGED, number
        # a file or a document
        assert judged != "met" or re.search(r"`|\]\(|README", reason), number


def test_the_overview_counts_what_follows() -> None:
    counted = Counter((_chapter(number), judged) for number, _, judged, _ in _rows())
    overview = re.findall(r"^\| V(\d+) [^|]*\| (\d+) \| (\d+) \| (\d+) \|$", DOCUMENT, re.M)
    told = {int(c): tuple(map(int, counts)) for c, *counts in overview}
    assert told == {c: tuple(counted[c, judged] for judged in JUDGED) for c in CHAPTERS}
    levels = Counter((level, judged) for _, level, judged, _ in _rows())
    for level in ("1", "2"):
        row = " | ".join(str(levels[level, judged]) for judged in JUDGED)
        assert f"| Level {level} | {row} |" in DOCUMENT


def test_every_path_it_names_exists() -> None:
    named = {
        path
        for path in re.findall(r"`([^`\s]+)`", DOCUMENT)
        if re.match(r"(assessment|pages|tests|docs|deploy|\.streamlit)/", path) or re.search(r"\.(md|lock|toml)$", path)
    }
    linked = {(ROOT / "docs" / path).resolve() for path in re.findall(r"\]\(([^)#:]+)\)", DOCUMENT)}
    assert len(named) > 80
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert [path for path in sorted(linked) if not path.exists()] == []
