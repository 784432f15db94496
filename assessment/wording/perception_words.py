"""Who sees what, in sentences and in the rows of its chart and tables."""

from assessment.config import GAP_CUTS
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.anonymity import Group
from assessment.scoring.answers import PROTECTED
from assessment.scoring.result import CriterionScore, PerceptionGap
from assessment.wording import reader, words


def message(results: Results) -> list[str]:
    """Where leaders see it otherwise than others, and how surely."""
    texts, seen = reader.texts(), findings.perception(results.score)
    if seen is None:
        only = findings.seen_only_from(results.score)
        if only is None:
            return [texts("perceptions.lead_without_leadership")]
        return [texts("perceptions.lead_one", who=texts(f"perceptions.seen.{only}"))]
    other = texts(f"perceptions.seen.{seen.other}")
    widest = _widest(results, seen.other)
    gap = widest.perception_gap[seen.other]
    if gap.band == "small":
        return [texts("perceptions.lead_same", other=other, cut=texts.number(GAP_CUTS[0], 2))]
    delta = delta_shown(widest, seen.other)
    key = "perceptions.lead_brighter" if delta > 0 else "perceptions.lead_darker"
    lead = texts(key, criterion=_lower(results, widest), delta=texts.number(abs(delta)), other=other)
    signs = {"brighter": texts.number(len(seen.brighter), 0), "darker": texts.number(len(seen.darker), 0)}
    both = texts("perceptions.both_signs", **signs) if seen.brighter and seen.darker else ""
    return [lead, _tested(gap), both]


def _tested(gap: PerceptionGap) -> str:
    texts = reader.texts()
    if gap.welch is None:
        return texts("perceptions.untested")
    low, high = (texts.number(end, sign=True) for end in (gap.welch.low, gap.welch.high))
    return texts("perceptions.tested", low=low, high=high)


def _widest(results: Results, other: str) -> CriterionScore:
    seen = [c for c in results.score.criteria if other in c.perception_gap]
    return max(seen, key=lambda c: abs(c.perception_gap[other].delta))


def gaps_claim(seen: findings.Perception) -> str:
    """How many criteria the perspectives see differently, as a heading."""
    texts, notable = reader.texts(), len(seen.brighter) + len(seen.darker)
    other = texts(f"perceptions.seen.{seen.other}")
    if notable:
        return texts.plural("perceptions.gaps_some", notable, of=seen.compared, other=other)
    return texts("perceptions.gaps_none", other=other)


def chart_row(results: Results, criterion: CriterionScore, other: str) -> dict[str, object]:
    """A criterion as `charts.perception_gap` wants it."""
    texts, gap = reader.texts(), criterion.perception_gap.get(other)
    return {
        "title": words.name_of(results.pack, criterion.id),
        **{who: _score(criterion, who) for who in ("leadership", "sellers", "surroundings")},
        "other": other,
        "delta": None if gap is None else delta_shown(criterion, other),
        "said": texts(f"perceptions.tag.{gap.band}") if gap is not None else "",
        "reason": texts("perceptions.no_gap", other=texts(f"perceptions.seen.{other}")),
    }


def delta_shown(criterion: CriterionScore, other: str) -> float:
    """Leadership minus the other as printed, so that it adds up with the two scores."""
    return words.difference(_score(criterion, "leadership") or 0.0, _score(criterion, other) or 0.0)


def _score(criterion: CriterionScore, who: str) -> float | None:
    view = criterion.perspectives.get(who)
    return None if view is None else view.score


def group_shown(group: Group) -> str:
    """How a group's answers are used."""
    texts = reader.texts()
    if group.roles == ("K",):
        return texts("perceptions.group_consultant")
    return texts("perceptions.group_used" if set(group.roles) <= set(PROTECTED) else "perceptions.group_open")


def group_named(group: Group) -> str:
    """A group by its roles and teams."""
    texts = reader.texts()
    roles = texts.listing([texts(f"role.{role}") for role in group.roles])
    if not group.teams:
        return roles
    teams = texts.listing([team or texts("perceptions.no_team") for team in group.teams])
    return texts("perceptions.in_teams", roles=roles, teams=teams)


def _lower(results: Results, criterion: CriterionScore) -> str:
    return words.lower_first(words.name_of(results.pack, criterion.id))
