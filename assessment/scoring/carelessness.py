"""Signs of careless answering. Source: method §3.9.

Flags are for counting and for a sensitivity line, never shown per person. Results with and without some respondents are
two published sets: pass them through `anonymity.check_differencing` first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assessment.config import (
    LONGSTRING,
    LONGSTRING_MIN,
    PAGE_SECONDS_STEP,
    READING_SHARE,
    SEC_HARD,
    WORDS_PER_MINUTE,
)
from assessment.packs import Pack
from assessment.scoring.answers import MISSING, SLACK, AnswerTable, Bools, Floats, Ints, cells, membership, totals

_FAST_PAGES_TO_EXCLUDE = 2
_UNANSWERED_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Flags:
    """Per respondent, arrays of shape (n,).

    hard_fast: F1, a page under 2 s an item. fast_pages: how many such pages. fast: F1s, a page under a quarter of the
    expected reading time. longstring: F2. unanswered: F3. excluded: left out without asking anybody, F1 on two pages or
    more together with F2; longstring alone is weak evidence.
    """

    fast_pages: Ints
    hard_fast: Bools
    fast: Bools
    longstring: Bools
    unanswered: Bools
    excluded: Bools


def flags(table: AnswerTable, *, seconds: Floats, items: Ints, words: Ints, order: Ints | None = None) -> Flags:
    """The flags of every respondent.

    seconds: (n, pages) from shown to submitted, NaN when not known; items and words: (n, pages) or (pages,), what stood
    on the page, 0 items for a page not shown. order: as in `longest_run`.
    """
    shown_pages = np.broadcast_to(items > 0, seconds.shape)
    too_fast = shown_pages & (seconds < SEC_HARD * items)  # a time that is not known (NaN) compares as false
    under_reading = shown_pages & (seconds < READING_SHARE * reading_seconds(words))
    fast_pages = too_fast.sum(axis=1)
    shown = table.shown.sum(axis=1)
    long_enough = np.maximum(LONGSTRING_MIN, np.ceil(LONGSTRING * shown - SLACK))
    longstring = longest_run(table, order) >= long_enough
    unanswered = (shown > 0) & ((table.shown & ~table.answered).sum(axis=1) >= _UNANSWERED_SHARE * shown - SLACK)
    return Flags(
        fast_pages=fast_pages,
        hard_fast=fast_pages > 0,
        fast=np.asarray(under_reading.any(axis=1)),
        longstring=longstring,
        unanswered=unanswered,
        excluded=(fast_pages >= _FAST_PAGES_TO_EXCLUDE) & longstring,
    )


def flags_of_pages(table: AnswerTable, pack: Pack, page_seconds: Floats) -> Flags:
    """The flags of every respondent, from their seconds on each page as the store keeps them.

    page_seconds: (n, pages) as `stored_seconds` gives them. They are rounded, so a page may have lasted half a step
    longer than it says: who answers gets the benefit of that doubt, and of the language with fewer words. A page that
    was passed over without an answer was not answered fast.
    """
    on_page = _on_page(pack)
    begun = totals(table.values != MISSING, on_page) > 0
    return flags(
        table,
        seconds=page_seconds + PAGE_SECONDS_STEP / 2,
        items=np.where(begun, totals(table.shown, on_page), 0).astype(np.int64),
        words=totals(table.shown, _words(pack)[:, np.newaxis] * on_page).astype(np.int64),
    )


def stored_seconds(pack: Pack, names: Sequence[str], values: Sequence[str]) -> Floats:
    """(n, pages) seconds on each page; NaN for a page that is not named, as in answers gathered elsewhere.

    names and values: by response, the pages and the seconds on each, apart by spaces. A page is named by its criterion,
    or by the pack when that is a single page; times of other pages say nothing of these and are passed over.
    """
    pages = [c.id for c in pack.criteria] if pack.min_items > 1 else [pack.id]
    others = {page for line in set(names) for page in line.split()}
    rows, places = cells(names, dict.fromkeys(others, len(pages)) | {page: n for n, page in enumerate(pages)})
    seconds = np.full((len(names), len(pages) + 1), np.nan)
    seconds[rows, places] = np.fromstring(" ".join(filter(None, values)), sep=" ")
    return seconds[:, :-1]


def slow_from_s(pack: Pack) -> float:
    """Seconds from which no page of the pack is fast, whoever was shown it: longer times need not be looked at."""
    on_page = _on_page(pack)
    words = (_words(pack) @ on_page).astype(np.int64)
    return float(np.maximum(SEC_HARD * on_page.sum(axis=0), READING_SHARE * reading_seconds(words)).max())


def _on_page(pack: Pack) -> Floats:
    """(m, pages) of 0 and 1: which question stands on which page."""
    return membership(pack) if pack.min_items > 1 else np.ones((len(pack.items), 1))


def _words(pack: Pack) -> Ints:
    """(m,) words of each question with its answers, in the language that says it shorter."""
    said = [[prose.items[item.id] for item in pack.items] for prose in pack.prose.values()]
    counts = [[len(" ".join((words.stem, *words.anchors)).split()) for words in items] for items in said]
    return np.asarray(np.min(counts, axis=0), dtype=np.int64)


def reading_seconds(words: Ints) -> Floats:
    """Expected time of reading so many words silently (Brysbaert 2019)."""
    return np.asarray(words / WORDS_PER_MINUTE * 60, dtype=np.float64)


def longest_run(table: AnswerTable, order: Ints | None = None) -> Ints:
    """Longest run of identical 1..5 answers per respondent, in the order shown.

    order: (n, m) item positions in the order each respondent saw them; None is the pack's order. Items not shown are
    passed over; don't know, not applicable and no answer end a run.
    """
    people, columns = table.values.shape
    values, shown = table.values, table.shown
    if order is not None:
        values, shown = np.take_along_axis(values, order, axis=1), np.take_along_axis(shown, order, axis=1)
    run, longest = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
    previous = np.full(people, MISSING, dtype=np.int8)
    for column in range(columns):
        now, seen = values[:, column], shown[:, column]
        continued = np.where(now >= 1, np.where(now == previous, run + 1, 1), 0)
        run = np.where(seen, continued, run)
        previous = np.where(seen, now, previous)
        longest = np.maximum(longest, run)
    return longest
