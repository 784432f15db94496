"""Two measurements side by side: what moved, what may be chance, and what cannot be compared."""

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.config import CHANGE_SD, CI_N
from assessment.engagement import Wave
from assessment.results import Comparison
from assessment.scoring.change import Change, Noise, ViewChange
from assessment.wording import change_words, words
from pages.ui import parts, session


def render() -> None:
    """Draw the change between two measurements, or say why there is none to draw."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.change"), texts("change.none"), (texts("start.begin"), "begin"))
        return
    found = session.comparison(opened)
    if found is None:
        parts.empty(texts("page.change"), texts("change.too_few"), (texts("change.to_maturity"), "maturity"))
        return
    parts.where(*_about(found))
    parts.title(texts("page.change"))
    _choose(found)
    if found.change is None:
        parts.banner(texts("change.withheld"), texts("change.withheld_why", k=found.last.score.k))
        return
    parts.message(*change_words.message(found, found.change))
    _questionnaire(found, found.change)
    _areas(found, found.change)
    _views(found, found.change)
    _thens(found)
    _rests_on(found, found.change)
    _figures(found, found.change)
    parts.next_step(
        texts("change.next"),
        texts("change.next_why"),
        (texts("change.to_actions"), "actions"),
        (texts("change.to_maturity"), "maturity"),
    )


def _about(found: Comparison) -> list[str]:
    texts, first, last = session.texts(), found.first, found.last
    facts = [first.engagement.name, texts("common.fictional") if first.engagement.fictional else ""]
    facts.append(texts("change.between", first=change_words.month(first.wave), last=change_words.month(last.wave)))
    if first.engagement.mode == "anonymous":
        n = {end: texts.number(r.respondents, 0) for end, r in (("first", first), ("last", last))}
        facts.append(texts("change.responses", **n))
    return facts


def _choose(found: Comparison) -> None:
    """The choice of measurements, when there are more than the two shown."""
    if len(found.waves) < 3:
        return
    texts, labels = session.texts(), {wave.id: _label(wave) for wave in found.waves}
    order = list(labels)
    earlier, later = order[: order.index(found.last.wave.id)], order[order.index(found.first.wave.id) + 1 :]
    key = session.widget_key(f"{found.first.wave.id}_{found.last.wave.id}")
    with st.container(horizontal=True):
        for name, options, shown in (("from", earlier, found.first), ("to", later, found.last)):
            st.selectbox(
                texts(f"change.{name}"),
                options,
                index=options.index(shown.wave.id),
                key=f"change_{name}_{key}",
                format_func=labels.__getitem__,
                on_change=_chosen,
                args=(f"change_from_{key}", f"change_to_{key}"),
                width=340,
            )


def _chosen(first: str, last: str) -> None:
    session.choose_waves(session.widget(first), session.widget(last))


def _label(wave: Wave) -> str:
    label = session.texts()(f"wave.{wave.label}")
    return f"{label[:1].upper()}{label[1:]} · {change_words.month(wave)}"


# ---------------------------------------------------------------- the key message


def _questionnaire(found: Comparison, change: Change) -> None:
    """Say plainly when the questions are not the ones asked before."""
    texts = session.texts()
    differ = [change_words._lower(found, c) for c in change.criteria if c.added or c.removed]
    if differ:
        parts.banner(texts("change.reworded"), texts("change.questions_differ", areas=texts.listing(differ)))
    elif change.reworded:
        parts.banner(texts("change.reworded"), texts("change.reworded_why"))


# ---------------------------------------------------------------- evidence


def _areas(found: Comparison, change: Change) -> None:
    texts = session.texts()
    ends = {"first": change_words.month(found.first.wave), "last": change_words.month(found.last.wave)}
    parts.section(texts("change.section", **ends))
    frame = pd.DataFrame([change_words.chart_row(found, c) for c in change.criteria])
    look = charts.Look(texts=texts)
    about = (found.first.engagement.id, found.first.engagement.revision, found.first.wave.id, found.last.wave.id)
    parts.chart("change", about, lambda: charts.spec(charts.wave_change(frame, look)))
    parts.note(texts("change.chart_note", **ends))
    if any(c.noise is not None and not c.noise.measured for c in change.criteria):
        parts.note(texts("change.noise_assumed", sd=texts.number(CHANGE_SD)))


def _views(found: Comparison, change: Change) -> None:
    """Each perspective's own change; the team of consensus mode has none beside the one above."""
    texts = session.texts()
    names = list(dict.fromkeys(name for c in change.criteria for name in c.views if name != "team"))
    seen = [(c, name, c.views[name]) for c in change.criteria for name in names if name in c.views]
    if not seen or found.first.engagement.mode == "solo":
        return
    criterion, who, most = max(seen, key=lambda one: abs(one[2].delta))
    key = "change.views_up" if most.delta > 0 else "change.views_down"
    parts.section(
        texts(
            key,
            who=texts(f"perspective.{who}"),
            delta=change_words.delta_shown(most),
            criterion=change_words._lower(found, criterion),
        )
    )
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("change.column.criterion"): change_words.name(found, c),
                    **{texts(f"perspective.{name}"): _view(c.views.get(name)) for name in names},
                }
                for c in change.criteria
            ]
        )
    )
    parts.note(texts("change.views_note", n=max(CI_N, found.last.score.k)))


def _view(view: ViewChange | None) -> str:
    texts = session.texts()
    if view is None:
        return texts("change.view_missing")
    return texts("change.view", delta=change_words.delta_shown(view), verdict=texts(f"change.verdict.{view.verdict}"))


def _thens(found: Comparison) -> None:
    """The difference to what was measured before beside the one to how it was before, as it is said afterwards."""
    texts = session.texts()
    if not found.thens:
        return
    parts.section(texts("change.thens"))
    parts.lead(texts("change.thens_why"))
    names = {c.id: words.name_of(found.last.pack, c.id) for c in found.last.pack.criteria}
    rows = [
        {
            "criterion": names[then.id],
            "pre": change_words.number(then.pre),
            "then": change_words.number(then.then),
            "post": change_words.number(then.post),
            "since_pre": _apart(then.post, then.pre),
            "since_then": _apart(then.post, then.then),
        }
        for then in found.thens
    ]
    parts.table(pd.DataFrame(rows).rename(columns=lambda column: texts(f"change.column.{column}")))
    parts.note(texts("change.thens_how", k=found.last.score.k))


def _apart(last: float | None, first: float | None) -> str:
    """The difference as the figures beside it are rounded."""
    texts = session.texts()
    if last is None or first is None:
        return texts("common.not_assessed")
    delta = words.difference(last, first)
    return texts.number(delta, sign=bool(delta))


def _rests_on(found: Comparison, change: Change) -> None:
    texts = session.texts()
    parts.section(texts("change.same_people"))
    if found.first.engagement.mode == "anonymous":
        parts.note(texts("change.unmatched"))
    for end, wave in (("first", found.first.wave), ("last", found.last.wave)):
        for who, areas in _seen_once(found, change, end).items():
            name = texts(f"perspective.{who}")
            parts.hidden(
                texts(f"change.only_{end}", who=name, areas=texts.listing(areas), **{end: change_words.month(wave)})
            )
        for group in change.left_out_first if end == "first" else change.left_out_last:
            roles = texts.listing([texts(f"role.{role}") for role in group.roles])
            month = change_words.month(wave)
            said = texts.plural(
                "change.left_out", group.n, roles=roles, k=wave.k, wave=f"{month[:1].upper()}{month[1:]}"
            )
            parts.hidden(said)
    parts.note(texts("change.cause"))


def _seen_once(found: Comparison, change: Change, end: str) -> dict[str, list[str]]:
    """By perspective, the areas on which it is in this measurement alone."""
    once: dict[str, list[str]] = {}
    for criterion in change.criteria:
        for who in criterion.only_first if end == "first" else criterion.only_last:
            once.setdefault(who, []).append(change_words._lower(found, criterion))
    return once


def _figures(found: Comparison, change: Change) -> None:
    texts = session.texts()
    rows = [
        {
            "criterion": change_words.name(found, c),
            "first": change_words.number(c.first, 2),
            "last": change_words.number(c.last, 2),
            "delta": texts("common.not_assessed") if c.delta is None else change_words.delta_shown(c, 2),
            "noise": _noise(c.noise),
            "verdict": texts(f"change.verdict.{c.verdict}") if c.verdict else texts(f"change.missing.{c.missing}"),
        }
        for c in change.criteria
    ]
    parts.figures(pd.DataFrame(rows).rename(columns=lambda column: texts(f"change.column.{column}")))


# ---------------------------------------------------------------- words


def _noise(noise: Noise | None) -> str:
    texts = session.texts()
    if noise is None:
        return texts("change.noise_unknown")
    key = "change.noise" if noise.measured else "change.noise_estimated"
    return texts(key, half=texts.number(noise.half_width, 2))
