"""The method with its constants in their places: a text names a constant and never writes its figure."""

from collections.abc import Mapping
from functools import cache

from assessment import config
from assessment.packs import Language, builtin
from assessment.strategy import model
from assessment.texts import texts as texts_of
from assessment.wording import reader


def of_method(key: str, **more: object) -> str:
    """The words of a key of the method with the method's constants, and `more`, in their places."""
    return reader.texts()(f"method.{key}", **_constants(reader.language()), **more)


@cache
def _constants(language: Language) -> Mapping[str, str]:
    """Every constant the texts name, as it is read in the language: a text names it and never writes its figure."""
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
