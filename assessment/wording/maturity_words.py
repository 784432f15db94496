"""A result in sentences and in the rows of its charts and tables: what leads it, whose view it is, what it rests on."""

from assessment.config import CI_N, GAP_CUTS
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.result import CriterionScore, PerspectiveScore
from assessment.wording import reader, words


def left_out(results: Results) -> list[str]:
    """The groups and perspectives that are too few to be shown, a sentence each."""
    texts, k, said = reader.texts(), results.score.k, []
    for group in results.score.left_out:
        roles = texts.listing([texts(f"role.{role}") for role in group.roles])
        said.append(texts.plural("maturity.left_out", group.n, roles=roles, k=k))
    for name, criteria in findings.hidden_perspectives(results.score).items():
        if len(criteria) < len(results.score.criteria):
            areas = texts.listing([words.lower_first(words.name_of(results.pack, c)) for c in criteria])
            # an open role is never too few to be shown, but can have said too little
            key = "maturity.too_few_of" if name == "leadership" else "maturity.hidden"
            said.append(texts(key, perspective=texts(f"perspective.{name}"), areas=areas, k=k))
    return said


def asked(results: Results, criterion_id: str) -> list[str]:
    """The items of a criterion that people were asked."""
    items = [i.id for i in results.pack.items_of(criterion_id)]
    return items if results.asked is None else [i for i in items if i in results.asked]


def missing(results: Results) -> str:
    """The criteria without a level, each with why."""
    texts = reader.texts()
    areas = [
        texts("maturity.area_answered", area=words.criterion_lower(results, c), answered=c.answered, of=c.applicable)
        if len(asked(results, c.id)) >= results.pack.min_items
        else texts("maturity.area_not_asked", area=words.criterion_lower(results, c))
        for c in findings.not_assessed(results.score)
    ]
    return texts("maturity.not_assessed", areas=texts.listing(areas))


def basis_of(criterion: CriterionScore) -> str | None:
    """Answers and don't-know share of one criterion, or None when nobody was asked."""
    if not criterion.applicable:
        return None
    texts = reader.texts()
    share = texts.percent(criterion.dk_share or 0)
    return texts("maturity.basis_of", n=criterion.answered, of=criterion.applicable, share=share)


def scores(results: Results, criterion: CriterionScore) -> dict[str, str]:
    """One table row: a criterion with its level, target and gap."""
    texts = reader.texts()
    shown = None if criterion.score is None else findings.as_shown(criterion, 2)
    cells = {
        "score": words.number(criterion.score),
        "step": words.step(criterion.level),
        "index": words.number(criterion.index, 0),
        "target": words.number(criterion.target),
        "gap": words.number(None if shown is None else float(shown.gap)),
        "weight": texts.number(criterion.weight, 0),
        "priority": words.number(None if shown is None else float(shown.priority)),
    }
    named = {texts(f"maturity.column.{column}"): cell for column, cell in cells.items()}
    return {texts("maturity.column.criterion"): words.criterion(results, criterion), **named}


def views(results: Results, criterion: CriterionScore) -> dict[str, str]:
    """One table row: a criterion as each perspective sees it."""
    texts = reader.texts()
    return {
        texts("maturity.column.criterion"): words.criterion(results, criterion),
        texts("maturity.column.answered"): texts("maturity.of", n=criterion.answered, of=criterion.applicable),
        texts("maturity.column.unknown"): words.share(criterion.dk_share),
        **{
            texts(f"perspective.{name}"): _view(criterion.perspectives.get(name))
            for name in findings.perspectives_present(results.score)
        },
    }


def _view(view: PerspectiveScore | None) -> str:
    texts = reader.texts()
    if view is None or (view.score is None and not view.hidden):
        return texts("common.not_assessed")
    if view.score is None:
        return texts("maturity.hidden_short")
    return texts("maturity.view", score=texts.number(view.score, 2), n=texts.number(view.n or 0, 0))


def message(results: Results) -> list[str]:
    """The finding, what makes it the first one, and whose view it is."""
    texts, leading = reader.texts(), findings.leading_gap(results.score)
    if leading is None:
        n, of = len(findings.on_target(results.score)), len(results.score.criteria)
        return [texts("maturity.lead_on_target", n=n, of=of), _whose(results, None)]
    shown = findings.as_shown(leading)
    lead = texts(
        "maturity.lead",
        criterion=words.criterion(results, leading),
        score=texts.number(float(shown.score)),
        target=texts.number(float(shown.target)),
    )
    return [lead, _why_first(results, leading), _whose(results, leading)]


def _why_first(results: Results, leading: CriterionScore) -> str:
    texts, wider = reader.texts(), findings.wider_gap(results.score, leading)
    if wider is not None:
        return texts(
            "maturity.why_weight", other=words.criterion(results, wider), lower=words.criterion_lower(results, leading)
        )
    return texts("maturity.why_widest", gap=texts.number(float(findings.as_shown(leading).gap)))


def _whose(results: Results, leading: CriterionScore | None) -> str:
    texts, only = reader.texts(), findings.seen_only_from(results.score)
    if only is not None:
        key = "maturity.alone" if results.own is not None else "maturity.only_from"
        return texts(key, perspective=words.seen(only))
    other = findings.notable_difference(leading) if leading is not None else None
    if leading is None or other is None:
        return ""
    leaders, others = leading.perspectives["leadership"].score, leading.perspectives[other].score
    delta = words.difference(leaders or 0, others or 0)
    key = "maturity.sees_brighter" if delta > 0 else "maturity.sees_darker"
    return texts(key, delta=texts.number(abs(delta)), other=words.seen(other))


def how(results: Results) -> list[str]:
    """How the overall level comes about, where there is one."""
    texts, overall = reader.texts(), results.score.overall
    if overall.score is None or overall.index is None:
        return []
    key = "maturity.how_weighted" if findings.weights_differ(results.score) else "maturity.how_equal"
    n = len([c for c in findings.scored(results.score) if c.weight])
    said = [texts(key, score=texts.number(overall.score), index=texts.number(overall.index, 0), n=n)]
    if overall.capped_by is not None and overall.uncapped_level is not None:
        weakest = results.score.criterion(overall.capped_by)
        said.append(
            texts(
                "maturity.capped",
                mean=words.step(overall.uncapped_level),
                level=words.step(overall.level),
                criterion=words.criterion_lower(results, weakest),
            )
        )
    return said


def gap_rows(results: Results) -> list[dict[str, object]]:
    """A row for each criterion, largest priority first, as `charts.gaps` wants them."""
    return [
        {"title": words.criterion(results, c), "score": c.score, "target": c.target, "weight": c.weight}
        for c in (*findings.by_priority(results.score), *findings.not_assessed(results.score))
    ]


def gaps_claim(results: Results) -> str:
    """Which gap to close first and why, as a heading."""
    texts, leading = reader.texts(), findings.leading_gap(results.score)
    if leading is None:
        return texts("maturity.gaps_none")
    wider = findings.wider_gap(results.score, leading)
    if wider is not None:
        return texts(
            "maturity.gaps_weight",
            criterion=words.criterion_lower(results, leading),
            other=words.criterion_lower(results, wider),
        )
    gap = texts.number(float(findings.as_shown(leading).gap))
    if findings.weighs_most(results.score, leading):
        return texts("maturity.gaps_both", gap=gap)
    return texts("maturity.gaps_widest", criterion=words.criterion_lower(results, leading), gap=gap)


def profile_notes(results: Results) -> list[str]:
    """How the profile is read, and what its claim leaves out."""
    texts, said = reader.texts(), []
    if results.engagement.mode == "consensus":
        said.append(texts("maturity.profile_note_team"))
    else:
        key = "maturity.profile_note_one" if results.own is not None else "maturity.profile_note"
        said.append(texts(key, n=max(CI_N, results.score.k)))
    perception = findings.perception(results.score)
    if perception is not None and perception.brighter and perception.darker:
        areas = texts.listing([words.lower_first(words.name_of(results.pack, c)) for c in perception.darker])
        said.append(texts("maturity.profile_darker_too", other=words.seen(perception.other), areas=areas))
    outsider = findings.outsider(results.score)
    if outsider is not None and outsider.score is not None:
        theirs = outsider.perspectives["consultant"].score or 0
        delta = words.difference(theirs, outsider.score)
        key = "maturity.consultant_above" if delta > 0 else "maturity.consultant_below"
        said.append(texts(key, delta=texts.number(abs(delta)), criterion=words.criterion_lower(results, outsider)))
    return said


def profile_claim(results: Results) -> str:
    """What the profile shows, as a heading."""
    texts, seen = reader.texts(), findings.perception(results.score)
    if results.own is not None:
        return _nearest_claim(results)
    if seen is None:
        only = findings.seen_only_from(results.score)
        return texts("maturity.profile_only", perspective=words.seen(only)) if only else _nearest_claim(results)
    if not seen.brighter and not seen.darker:
        return texts("maturity.profile_same", other=words.seen(seen.other), cut=texts.number(GAP_CUTS[0], 2))
    brighter = len(seen.brighter) >= len(seen.darker)
    return texts(
        "maturity.profile_brighter" if brighter else "maturity.profile_darker",
        n=len(seen.brighter if brighter else seen.darker),
        of=seen.compared,
        other=words.seen(seen.other),
    )


def _nearest_claim(results: Results) -> str:
    texts, reached = reader.texts(), findings.on_target(results.score)
    if reached:
        return texts.plural("maturity.profile_reached", len(reached), of=len(results.score.criteria))
    nearest = findings.nearest_target(results.score)[0]
    shown = findings.as_shown(nearest)
    return texts(
        "maturity.profile_nearest",
        criterion=words.criterion_lower(results, nearest),
        score=texts.number(float(shown.score)),
        target=texts.number(float(shown.target)),
    )


def profile_rows(results: Results, criterion: CriterionScore) -> list[dict[str, object]]:
    """A criterion as `charts.profile` wants it, a row for each perspective."""
    row = {
        "title": words.criterion(results, criterion),
        "weight": criterion.weight,
        "score": criterion.score,
        "target": criterion.target,
        "note": basis_of(criterion),
    }
    if not criterion.perspectives:  # a team that answers together is seen from nowhere in particular: a dot, as of one
        nowhere = dict.fromkeys(("perspective", "n", "lo", "hi"))
        return [row | nowhere | {"value": criterion.score, "hidden": False}]
    return [
        {
            **row,
            "perspective": name,
            "n": view.n,
            "value": view.score,
            "lo": view.ci95[0] if view.ci95 else None,
            "hi": view.ci95[1] if view.ci95 else None,
            "hidden": view.hidden,
        }
        for name, view in criterion.perspectives.items()
    ]


def pulse_lead(results: Results) -> str:
    """The lowest of the pulse's answers, which are too few for a level or a strategy."""
    texts, lowest = reader.texts(), findings.lowest(results.score)
    score = texts.short(lowest[0].score or 0)
    if len(lowest) == len(findings.scored(results.score)):
        return texts("maturity.pulse_even", score=score)
    areas = texts.listing([words.criterion_lower(results, c) for c in lowest])
    return texts("maturity.pulse_lead", areas=areas, score=score)
