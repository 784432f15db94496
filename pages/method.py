"""How it works: formulas, thresholds, sources and limits in plain words, for whoever wants to check a figure."""

from collections.abc import Mapping, Sequence
from functools import cache

import pandas as pd
import streamlit as st

from assessment import config
from assessment.packs import builtin, builtin_ids
from assessment.strategy import model
from assessment.strategy.fit import evidence_matrix
from assessment.strategy.signals import signal_matrix
from assessment.strategy.situation import Situation
from assessment.wording.method_words import of_method
from pages.ui import parts, session

BY_SIZE = sorted(model.STRATEGIES, key=lambda strategy: model.SIZE[strategy])

# criterion, score, weight, gap to 4.0 and priority: the worked example of method §3.4
EXAMPLE = (
    ("C1", 2.25, 1, 1.75, 1.75),
    ("C2", 2.80, 2, 1.20, 2.40),
    ("C3", 1.75, 1, 2.25, 2.25),
    ("C4", 2.60, 2, 1.40, 2.80),
    ("C5", 2.10, 3, 1.90, 5.70),
    ("C6", 2.90, 1, 1.10, 1.10),
    ("C7", 2.40, 1, 1.60, 1.60),
)
AGREEMENT = ("high", "adequate", "disagreement", "split", "notable", "large")
VERDICTS = (
    *("unassessable", "provisional", "tie", "support", "hold", "map"),
    *("conflict", "nearly", "wait", "robust", "fairly", "workshop"),
)
TRAINING = ("fix", "parallel", "train")
# signals other than a single need: those that share an explanation, kept under the first's id, and their origin
SIGNALS = (
    (("nbar",), "questions"),
    (("beta", "few"), "questions"),
    (("pk",), "questions"),
    (("conc", "spread"), "measured"),
    (("bn",), "measured"),
    (("fneed",), "measured"),
    (("waitint", "waitext"), "measured"),
    (("dInt", "dExt"), "measured"),
    (("defect",), "measured"),
    (("waste",), "measured"),
    (("dis",), "measured"),
)
LIMITS = ("self", "benchmark", "constants", "few", "extreme", "cause")
SOURCES = (
    *("anchors", "doubt", "ladder", "design", "reversed", "missing", "agreement", "indices", "intervals"),
    *("perception", "privacy", "suppression", "flow", "handoffs", "lean", "commitment", "preconditions"),
    *("counterfactual", "transfer"),
)


def render() -> None:
    """Draw the method; no assessment needs to be open."""
    texts = session.texts()
    parts.where(of_method("where"))
    parts.title(texts("page.method"))
    parts.message(of_method("lead"), of_method("why"))
    _honesty()
    _asked()
    _level()
    _aims()
    _agreement()
    _strategy()
    _training()
    _limits()
    _sources()
    _versions()
    parts.next_step(
        of_method("next"),
        of_method("next_why"),
        (texts("start.begin"), "begin"),
        (of_method("to_start"), "start"),
    )


def _honesty() -> None:
    parts.section(of_method("honesty"))
    parts.bullets([of_method(f"honesty.{rule}") for rule in (1, 2, 3, 4)])
    parts.note(of_method("honesty.example"))


def _asked() -> None:
    texts, pack = session.texts(), builtin("full")
    question = pack.prose[texts.language].items[pack.items[0].id]
    parts.section(of_method("asked"))
    parts.lead(of_method("asked.what"), of_method("asked.why"), of_method("asked.others"))
    parts.note(of_method("asked.example", stem=question.stem))
    rows = [
        (f"{level} {texts(f'level.{level}')}", anchor, _range(level))
        for level, anchor in zip(pack.anchored, question.anchors, strict=True)
    ]
    _table(("level", "answer", "score"), rows)


def _range(level: int) -> str:
    cuts = [session.texts().number(cut) for cut in config.LEVEL_CUTS]
    if level == 1:
        return of_method("range.under", high=cuts[0])
    if level > len(cuts):
        return of_method("range.from", low=cuts[-1])
    return of_method("range.between", low=cuts[level - 2], high=cuts[level - 1])


def _level() -> None:
    parts.section(of_method("level"))
    parts.lead(*(of_method(f"level.{rule}") for rule in ("coverage", "unknown", "group", "overall")))
    parts.note(of_method("level.example_coverage"))
    parts.note(of_method("level.example_overall"))


def _aims() -> None:
    texts = session.texts()
    parts.section(of_method("aims"))
    parts.lead(of_method("aims.set"), of_method("aims.gap"), of_method("aims.strategy"))
    parts.note(of_method("aims.example", area=_area("C5")))
    rows = [
        (_area(c), texts.number(score, 2), weight, texts.number(gap, 2), texts.number(priority, 2))
        for c, score, weight, gap, priority in EXAMPLE
    ]
    _table(("area", "score", "weight", "gap", "priority"), rows)


def _agreement() -> None:
    parts.section(of_method("agreement"))
    parts.lead(
        of_method("agreement.measure"),
        of_method("agreement.perception"),
        of_method("agreement.anonymity"),
    )
    _table(
        ("said", "when"),
        [(of_method(f"said.{name}"), of_method(f"said.{name}.when")) for name in AGREEMENT],
    )
    parts.note(of_method("agreement.example"))


def _strategy() -> None:
    texts = session.texts()
    parts.section(of_method("strategy"))
    parts.lead(
        of_method("strategy.signals"),
        of_method("strategy.evidence", single=texts("strategy.S1")),
        of_method("strategy.limits"),
        of_method("strategy.change"),
    )
    parts.note(of_method("strategy.example", across=texts("strategy.S4")))
    rows = [tuple(of_method(f"said.{name}{part}") for part in ("", ".when", ".then")) for name in VERDICTS]
    _table(("said", "when", "then"), rows)
    _weights()
    _signals()
    _demands()


def _weights() -> None:
    texts, asked = session.texts(), _evidence_of_the_questions()
    with st.expander(of_method("weights")):
        parts.note(of_method("weights.note"))
        rows = [
            (
                texts(f"strategy.{strategy}"),
                " · ".join(
                    f"{texts(f'signal.{signal}')} {texts.percent(weight)}"
                    for signal, weight in model.WEIGHTS[strategy].items()
                ),
                texts.percent(asked[strategy]),
            )
            for strategy in BY_SIZE
        ]
        _table(("strategy", "weights", "asked"), rows)


@cache
def _evidence_of_the_questions() -> Mapping[str, float]:
    """Each strategy's evidence when the whole questionnaire is scored and nothing is measured."""
    whole = Situation(criteria=dict.fromkeys(model.CRITERIA, 1.0), subscales=dict.fromkeys(model.SUBSCALES, 1.0))
    evidence = evidence_matrix(signal_matrix(whole.row()), model.weight_matrix())[0]
    return dict(zip(model.STRATEGIES, evidence.tolist(), strict=True))


def _signals() -> None:
    texts = session.texts()
    with st.expander(of_method("signals")):
        rows = [(of_method("need"), of_method("how.need"), of_method("from.questions"))]
        for ids, origin in SIGNALS:
            names = " · ".join(texts(f"signal.{signal}") for signal in ids)
            rows.append((names, of_method(f"how.{ids[0]}"), of_method(f"from.{origin}")))
        _table(("signal", "how", "from"), rows)


def _demands() -> None:
    texts = session.texts()
    with st.expander(of_method("gates")):
        parts.note(of_method("gates.note"))
        rows = [(texts(f"strategy.{s}"), of_method(f"mandate.{s}"), _gate(model.GATES[s])) for s in BY_SIZE]
        _table(("strategy", "mandate", "gate"), rows)


def _gate(least: Sequence[int]) -> str:
    """The preconditions that must be higher than the rest, by name, and the level of the rest."""
    titles = builtin("readiness").prose[session.language()].criteria
    rest = min(least)
    higher = [
        of_method("gate.level", title=titles[precondition].title, level=level)
        for precondition, level in zip(model.PRECONDITIONS, least, strict=True)
        if level > rest
    ]
    return " · ".join([*higher, of_method("gate.rest", level=rest)])


def _training() -> None:
    parts.section(of_method("train"))
    parts.lead(of_method("train.what", foundation=_area("C1")))
    _table(("score", "advice"), [(of_method(f"train.{v}"), of_method(f"train.{v}.advice")) for v in TRAINING])
    parts.note(of_method("train.example"))


def _limits() -> None:
    parts.section(of_method("limits"))
    parts.bullets([of_method(f"limits.{limit}") for limit in LIMITS])
    parts.note(of_method("limits.example"))


def _sources() -> None:
    parts.section(of_method("sources"))
    parts.lead(of_method("sources.note"))
    with st.expander(of_method("sources.show")):
        parts.bullets([of_method(f"source.{source}") for source in SOURCES])


def _versions() -> None:
    parts.section(of_method("versions"))
    parts.lead(of_method("versions.what"))
    packs = [builtin(pack_id) for pack_id in builtin_ids()]
    rows = [(p.prose[session.language()].title, p.id, p.version, p.hash[:8]) for p in packs]
    _table(("pack", "id", "version", "hash"), rows)


def _area(criterion: str) -> str:
    return builtin("full").prose[session.language()].criteria[criterion].title


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    parts.table(pd.DataFrame(rows, columns=[of_method(f"column.{column}") for column in columns]))
