"""Saying what a benefit rests on and what the work costs: figures as ranges, taken over or typed."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from assessment.business_case.cases import (
    ATTRIBUTION,
    BENEFITS,
    COSTS,
    Benefit,
    BusinessCase,
    Impossible,
    one_off_cost,
)
from assessment.business_case.offers import offered
from assessment.config import YEARS_MAX
from assessment.engagement import Engagement, EngagementId, PaybackInput
from assessment.mapping.owners import may_be_a_person
from assessment.payback import LINES, SHARES
from assessment.wording import money, payback_words
from pages.ui import choices, errors, fields, parts, session

COSTS_STEP: Final = "costs"
TAKEN: Final = "payback_taken"
CURRENCY: Final = "payback_currency"
CURRENCIES: Final = ("NOK", "SEK", "DKK", "EUR")
OWN_WORK: Final = ("own_hours", "own_hour_cost")
CASES: Final = ("low", "likely", "high")
EVIDENCE: Final = ("E0", "E1", "E2", "E3")


# ---------------------------------------------------------------- one benefit


def benefit(opened: Engagement, found: BusinessCase, chosen: Benefit) -> None:
    """Draw one benefit: what it comes to, the figures behind it, and who answers for it."""
    texts, line = session.texts(), chosen.told.line
    _back()
    parts.section(payback_words.line(line))
    _comes_to(found, chosen)
    parts.note(texts(f"payback.rule.{line}"))
    parts.note(texts("payback.three"))
    for name in LINES[line]:
        asked(opened, found, name)
    _about(opened, found, chosen)
    fields.saved()
    with st.container(horizontal=True):
        place = BENEFITS.index(line)
        following = BENEFITS[place + 1] if place + 1 < len(BENEFITS) else COSTS_STEP
        called = texts("payback.costs") if following == COSTS_STEP else payback_words.line(following)
        label = texts("payback.following", name=called)
        st.button(label, type="primary", on_click=session.go_to_step, args=(following,))
        st.button(texts("payback.done"), on_click=session.go_to_step, args=("",))


def _back() -> None:
    label = session.texts()("payback.back")
    st.button(label, type="tertiary", on_click=session.go_to_step, args=("",))


def _comes_to(found: BusinessCase, chosen: Benefit) -> None:
    texts = session.texts()
    if chosen.value is None:
        missing = texts.listing([payback_words.named(name) for name in chosen.lacking])
        parts.message(texts("payback.not_assessed"), texts("payback.missing", what=missing))
        return
    said = money.amount(chosen.value, found.terms.currency)
    parts.message(texts("payback.a_year", amount=said), texts(f"payback.standing_why.{chosen.standing}"))


def _about(opened: Engagement, found: BusinessCase, chosen: Benefit) -> None:
    """Owner, key figure and evidence of a benefit."""
    texts, told, service = session.texts(), chosen.told, session.service()
    name = f"payback_{opened.id}_{told.line}"

    def storing(field: str) -> Callable[[object], object]:
        return lambda value: service.describe_benefit(opened.id, told.line, {field: value})

    st.subheader(texts("payback.answers"), anchor=False)
    fields.text(texts("payback.field.owner"), f"{name}_owner", told.owner or "", storing("owner"))
    person = told.owner is not None and may_be_a_person(told.owner)
    parts.note(texts("payback.owner_person" if person else "payback.owner_note"))
    left, right = st.columns(2)
    with left:
        if found.kpis:
            names = {kpi.id: payback_words.kpi(kpi) for kpi in found.kpis}
            choices.one(st.selectbox, texts("payback.field.kpi"), f"{name}_kpi", names, told.kpi_id, storing("kpi_id"))
        else:
            parts.note(texts("payback.no_kpis"))
    with right:
        grades = {grade: texts(f"payback.evidence.{grade}") for grade in EVIDENCE}
        asked_grade = texts("payback.field.evidence")
        choices.one(st.selectbox, asked_grade, f"{name}_evidence", grades, told.evidence, storing("evidence"))


# ---------------------------------------------------------------- one figure as a range


def asked(opened: Engagement, found: BusinessCase, name: str) -> None:
    """Ask for an input: the cautious, the likely and the favourable figure, or take over what is known elsewhere."""
    texts = session.texts()
    told = found.inputs.get(name) or PaybackInput(name=name)
    key = f"payback_{opened.id}_{name}"
    st.subheader(texts(f"payback.input.{name}", currency=money.label(found.terms.currency)), anchor=False)
    for column, field in zip(st.columns(3), CASES, strict=True):
        with column:
            fields.number(
                texts(f"payback.case.{field}"),
                f"{key}_{field}",
                getattr(told, field),
                _telling(opened.id, name, field),
                share=name in SHARES,
                placeholder=None if told.likely is None or field == "likely" else texts("payback.as_likely"),
            )
    if name in found.problems:
        parts.banner(texts("payback.problem"), texts(f"payback.problem.{found.problems[name]}"))
    parts.note(" ".join(_facts(name, told)))
    _offered(opened, found, name, told)
    if told.low is not None or told.high is not None:
        unsure = session.widget_key(f"{key}_unsure")
        st.checkbox(
            texts("payback.unsure"),
            value=told.unsure,
            key=unsure,
            on_change=lambda: fields.write(
                f"{key}_unsure",
                lambda: session.service().tell_input(opened.id, name, {"unsure": session.widget(unsure)}),
            ),
        )
        fields.refused(f"{key}_unsure")


def _telling(engagement_id: EngagementId, name: str, field: str) -> Callable[[float | None], object]:
    def tell(value: float | None) -> None:
        try:
            session.service().tell_input(engagement_id, name, {field: value})
        except Impossible as refused:
            raise fields.Refused(f"payback.refused.{refused.why}") from refused
        session.drop(TAKEN)  # what would be undone is not what stands here any more

    return tell


def _facts(name: str, told: PaybackInput) -> Sequence[str]:
    """Where the figure comes from, and what else it is part of."""
    texts, shared = session.texts(), payback_words.lines_with(name)
    facts = [payback_words.taken(told)]
    if len(shared) > 1:
        facts.append(texts("payback.shared", lines=texts.listing(shared)))
    return [fact for fact in facts if fact]


def _offered(opened: Engagement, found: BusinessCase, name: str, told: PaybackInput) -> None:
    """What is known elsewhere, with a button that takes it over, and a way back once it is."""
    texts, offer = session.texts(), found.offers.get(name)
    undo = session.kept(TAKEN)
    if undo is not None and undo[0] == opened.id and undo[1].name == name:
        with st.container(key=f"payback_undo_{name}", horizontal=True, vertical_alignment="center"):
            st.html(f'<p role="status">{parts.escape(texts("payback.taken_over"))}</p>', width="content")
            st.button(texts("common.undo"), key=f"payback_back_{name}", on_click=_give_back, args=undo)
    elif offer is not None and getattr(told, offered(name)) != offer.value:
        said = payback_words.offer(name, offer, found.terms.currency)
        with st.container(key=f"payback_offer_{name}", horizontal=True, vertical_alignment="center"):
            st.html(f"<p>{parts.escape(said)}</p>", width="content")
            label = texts("payback.take_over", value=payback_words.value(name, offer.value, found.terms.currency))
            st.button(label, key=f"payback_take_{name}", on_click=_take_over, args=(opened, name))
    fields.refused(f"payback_offer_{name}")


def _take_over(opened: Engagement, name: str) -> None:
    def take() -> None:
        session.keep(TAKEN, (opened.id, session.service().take_over(opened.id, name)))

    if errors.guarded(f"payback_offer_{name}", take):
        session.renew_widgets()


def _give_back(engagement_id: EngagementId, before: PaybackInput) -> None:
    done = errors.guarded(
        f"payback_offer_{before.name}", lambda: session.service().restore_input(engagement_id, before)
    )
    if done:
        session.drop(TAKEN)
        session.renew_widgets()


# ---------------------------------------------------------------- costs and terms


def costs(opened: Engagement, found: BusinessCase) -> None:
    """Draw what the work costs, how much of the change it is credited with, and how the payback is counted."""
    texts, terms = session.texts(), found.terms
    currency = money.label(terms.currency)
    _back()
    parts.section(texts("payback.costs"))
    known = one_off_cost(terms)
    if known is not None:
        parts.note(texts("payback.costs_once", amount=money.amount(known, terms.currency)))
    st.subheader(texts("payback.once"), anchor=False)
    for pair in (COSTS[:2], COSTS[2:], OWN_WORK):
        for column, field in zip(st.columns(2), pair, strict=True):
            with column:
                _term(opened, field, getattr(terms, field), currency)
    st.subheader(texts("payback.every_year"), anchor=False)
    _term(opened, "running_cost", terms.running_cost, currency)
    asked(opened, found, ATTRIBUTION)
    parts.note(texts("payback.attribution_why"))
    st.subheader(texts("payback.counted"), anchor=False)
    left, right = st.columns(2)
    with left:
        _term(opened, "discount_rate", terms.discount_rate, currency, share=True)
        _years(opened, terms.years)
    with right:
        _term(opened, "first_year_share", terms.first_year_share, currency, share=True)
        _currency(opened, found)
    parts.note(texts("payback.counted_why"))
    fields.saved()
    st.button(texts("payback.done"), type="primary", on_click=session.go_to_step, args=("",))


def _term(opened: Engagement, field: str, value: float | None, currency: str, *, share: bool = False) -> None:
    def store(typed: float | None) -> None:
        if typed is None and share:
            raise fields.Refused("payback.refused.empty")
        session.service().set_payback_terms(opened.id, {field: typed})

    label = session.texts()(f"payback.term.{field}", currency=currency)
    fields.number(label, f"payback_{opened.id}_{field}", value, store, share=share)


def _years(opened: Engagement, years: int) -> None:
    texts = session.texts()
    labels = {n: texts.plural("payback.years", n) for n in range(1, YEARS_MAX + 1)}
    _pick(opened, "years", texts("payback.term.years"), labels, years)


def _currency(opened: Engagement, found: BusinessCase) -> None:
    """The label of every amount; that nothing is converted is said where something would have to be."""
    texts = session.texts()
    labels = {currency: texts(f"payback.currency.{currency}") for currency in CURRENCIES}
    _pick(opened, "currency", texts("payback.term.currency"), labels, found.terms.currency, found.has_amounts)
    changed = session.kept(CURRENCY)
    if changed is not None and changed[:2] == (opened.id, found.terms.currency):
        label = money.label(found.terms.currency)
        parts.banner(texts("payback.not_converted", currency=label), texts("payback.not_converted_why"))


def _pick(
    opened: Engagement, field: str, label: str, labels: dict[Any, str], value: object, has_amounts: bool = False
) -> None:
    """One of some terms, of which there is always one."""
    name = f"payback_{opened.id}_{field}"
    key, options = session.widget_key(name), list(labels)

    def store() -> None:
        chosen = session.widget(key)
        if fields.write(name, lambda: session.service().set_payback_terms(opened.id, {field: chosen})):
            session.keep(CURRENCY, (opened.id, chosen) if has_amounts else None)

    st.selectbox(label, options, index=options.index(value), key=key, format_func=labels.__getitem__, on_change=store)
    fields.refused(name)
