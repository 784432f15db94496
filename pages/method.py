"""How it works: formulas, thresholds, sources and limits in plain words, for whoever wants to check a figure."""

from collections.abc import Mapping, Sequence
from functools import cache

import pandas as pd
import streamlit as st

from assessment import config
from assessment.packs import Language, builtin, builtin_ids
from assessment.strategy import model
from assessment.strategy.fit import evidence_matrix
from assessment.strategy.signals import signal_matrix
from assessment.strategy.situation import Situation
from assessment.texts import texts as texts_of
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
    parts.where(_say("where"))
    parts.title(texts("page.method"))
    parts.message(_say("lead"), _say("why"))
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
    parts.next_step(_say("next"), _say("next_why"), (texts("start.begin"), "begin"), (_say("to_start"), "start"))


def _honesty() -> None:
    parts.section(_say("honesty"))
    parts.bullets([_say(f"honesty.{rule}") for rule in (1, 2, 3, 4)])
    parts.note(_say("honesty.example"))


def _asked() -> None:
    texts, pack = session.texts(), builtin("full")
    question = pack.prose[texts.language].items[pack.items[0].id]
    parts.section(_say("asked"))
    parts.lead(_say("asked.what"), _say("asked.why"), _say("asked.others"))
    parts.note(_say("asked.example", stem=question.stem))
    rows = [
        (f"{level} {texts(f'level.{level}')}", anchor, _range(level))
        for level, anchor in zip(pack.anchored, question.anchors, strict=True)
    ]
    _table(("level", "answer", "score"), rows)


def _range(level: int) -> str:
    cuts = [session.texts().number(cut) for cut in config.LEVEL_CUTS]
    if level == 1:
        return _say("range.under", high=cuts[0])
    if level > len(cuts):
        return _say("range.from", low=cuts[-1])
    return _say("range.between", low=cuts[level - 2], high=cuts[level - 1])


def _level() -> None:
    parts.section(_say("level"))
    parts.lead(*(_say(f"level.{rule}") for rule in ("coverage", "unknown", "group", "overall")))
    parts.note(_say("level.example_coverage"))
    parts.note(_say("level.example_overall"))


def _aims() -> None:
    texts = session.texts()
    parts.section(_say("aims"))
    parts.lead(_say("aims.set"), _say("aims.gap"), _say("aims.strategy"))
    parts.note(_say("aims.example", area=_area("C5")))
    rows = [
        (_area(c), texts.number(score, 2), weight, texts.number(gap, 2), texts.number(priority, 2))
        for c, score, weight, gap, priority in EXAMPLE
    ]
    _table(("area", "score", "weight", "gap", "priority"), rows)


def _agreement() -> None:
    parts.section(_say("agreement"))
    parts.lead(_say("agreement.measure"), _say("agreement.perception"), _say("agreement.anonymity"))
    _table(("said", "when"), [(_say(f"said.{name}"), _say(f"said.{name}.when")) for name in AGREEMENT])
    parts.note(_say("agreement.example"))


def _strategy() -> None:
    texts = session.texts()
    parts.section(_say("strategy"))
    parts.lead(
        _say("strategy.signals"),
        _say("strategy.evidence", single=texts("strategy.S1")),
        _say("strategy.limits"),
        _say("strategy.change"),
    )
    parts.note(_say("strategy.example", across=texts("strategy.S4")))
    rows = [tuple(_say(f"said.{name}{part}") for part in ("", ".when", ".then")) for name in VERDICTS]
    _table(("said", "when", "then"), rows)
    _weights()
    _signals()
    _demands()


def _weights() -> None:
    texts, asked = session.texts(), _evidence_of_the_questions()
    with st.expander(_say("weights")):
        parts.note(_say("weights.note"))
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
    with st.expander(_say("signals")):
        rows = [(_say("need"), _say("how.need"), _say("from.questions"))]
        for ids, origin in SIGNALS:
            names = " · ".join(texts(f"signal.{signal}") for signal in ids)
            rows.append((names, _say(f"how.{ids[0]}"), _say(f"from.{origin}")))
        _table(("signal", "how", "from"), rows)


def _demands() -> None:
    texts = session.texts()
    with st.expander(_say("gates")):
        parts.note(_say("gates.note"))
        rows = [(texts(f"strategy.{s}"), _say(f"mandate.{s}"), _gate(model.GATES[s])) for s in BY_SIZE]
        _table(("strategy", "mandate", "gate"), rows)


def _gate(least: Sequence[int]) -> str:
    """The preconditions that must be higher than the rest, by name, and the level of the rest."""
    titles = builtin("readiness").prose[session.language()].criteria
    rest = min(least)
    higher = [
        _say("gate.level", title=titles[precondition].title, level=level)
        for precondition, level in zip(model.PRECONDITIONS, least, strict=True)
        if level > rest
    ]
    return " · ".join([*higher, _say("gate.rest", level=rest)])


def _training() -> None:
    parts.section(_say("train"))
    parts.lead(_say("train.what", foundation=_area("C1")))
    _table(("score", "advice"), [(_say(f"train.{v}"), _say(f"train.{v}.advice")) for v in TRAINING])
    parts.note(_say("train.example"))


def _limits() -> None:
    parts.section(_say("limits"))
    parts.bullets([_say(f"limits.{limit}") for limit in LIMITS])
    parts.note(_say("limits.example"))


def _sources() -> None:
    parts.section(_say("sources"))
    parts.lead(_say("sources.note"))
    with st.expander(_say("sources.show")):
        parts.bullets([_say(f"source.{source}") for source in SOURCES])


def _versions() -> None:
    parts.section(_say("versions"))
    parts.lead(_say("versions.what"))
    packs = [builtin(pack_id) for pack_id in builtin_ids()]
    rows = [(p.prose[session.language()].title, p.id, p.version, p.hash[:8]) for p in packs]
    _table(("pack", "id", "version", "hash"), rows)


def _area(criterion: str) -> str:
    return builtin("full").prose[session.language()].criteria[criterion].title


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    parts.table(pd.DataFrame(rows, columns=[_say(f"column.{column}") for column in columns]))


def _say(key: str, **more: object) -> str:
    """The words of this page's key with the method's constants, and `more`, in their places."""
    return session.texts()(f"method.{key}", **_constants(session.language()), **more)


@cache
def _constants(language: Language) -> Mapping[str, str]:
    """Every constant this page prints, as it is read in the language: a text names it and never writes its figure."""
    texts = texts_of(language)
    number, short, percent = texts.number, texts.short, texts.percent
    counts = {
        "items": len(builtin("full").items),
        "areas": len(builtin("full").criteria),
        "pulse_items": len(builtin("pulse").items),
        "readiness_items": len(builtin("readiness").items),
        "min_items": builtin("full").min_items,
        "weight": config.WEIGHT_DEFAULT,
        "weight_low": config.WEIGHT_RANGE[0],
        "weight_high": config.WEIGHT_RANGE[1],
        "split_n": config.SPLIT_N,
        "ci_n": config.CI_N,
        "k_min": config.K_MIN,
        "processes": config.PROCESSES_MIN,
        "flow_processes": model.FLOW_PROCESSES_MIN,
        "horizon": model.HORIZON_MIN_MONTHS,
        "nearest": model.NEAREST,
        "draws": model.DRAWS,
    }
    levels = {
        "target": config.TARGET_DEFAULT,
        "target_low": config.TARGET_RANGE[0],
        "target_high": config.TARGET_RANGE[1],
        "model_target": config.T,
        "train_low": config.TRAIN_CUTS[0],
        "train_high": config.TRAIN_CUTS[1],
    }
    distances = {
        "ad_high": config.AD_CUTS[0],
        "ad_adequate": config.AD_CUTS[1],
        "gap_notable": config.GAP_CUTS[0],
        "gap_large": config.GAP_CUTS[1],
        "hold_need": config.HOLD[0],
    }
    points = {
        "tie": config.TIE,
        "support_fit": config.SUPPORT[0],
        "support_width": config.SUPPORT[1],
        "conflict": config.CONFLICT,
        "hold_fit": config.HOLD[1],
        "shortfall": model.RED_SHORTFALL,
        "noise": model.LEVEL_SD,
        "need_high": config.NEED_HIGH,
        "peak": config.PEAK_REF,
    }
    shares = {
        "coverage": config.COVERAGE_MIN,
        "overall_weight": config.OVERALL_WEIGHT_MIN,
        "dk": config.DK_FLAG,
        "split_share": config.SPLIT_SHARE,
        "evidence_min": config.EVID_MIN,
        "evidence_full": config.EVID_FULL,
        "robust": config.STABLE[0],
        "fairly": config.STABLE[1],
        "weight_spread": model.WEIGHT_SPREAD[1] - 1,
        "load_low": config.RHO_REF[0],
        "load_full": sum(config.RHO_REF),
        "flow": config.FE_REF,
        "handoff": config.CA_REF,
        "defects": config.DEF_REF,
        "wasted": config.WASTE_REF,
        "disputed": config.DIS_REF,
    }
    return {
        "scoring_version": config.SCORING_VERSION,
        "model_version": model.MODEL_VERSION,
        **{name: number(value, 0) for name, value in counts.items()},
        **{name: number(value) for name, value in levels.items()},
        **{name: number(value, 2) for name, value in distances.items()},
        **{name: short(value) for name, value in points.items()},
        **{name: percent(value) for name, value in shares.items()},
    }
