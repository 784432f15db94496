"""How it was before, said afterwards: the second of the two differences a training is judged by.

People who have learnt what good looks like rate the same state lower (response shift), so the measurement before the
work and the one after it may not use the scale alike. Asked afterwards how it was before, they use it alike, but
remember with the result in mind. Neither difference alone is the truth, so both are told. Source: method §8.3.
"""

from dataclasses import dataclass

from assessment.scoring.change import Change, CriterionChange
from assessment.scoring.result import Result


@dataclass(frozen=True)
class Then:
    """One criterion now and as it was before, seen from the perspectives that have all three figures.

    pre: as measured then. then: as said afterwards. post: as measured afterwards. All from 1 to 5, and all None where
    one of them may not be shown or was not assessed.
    """

    id: str
    pre: float | None
    then: float | None
    post: float | None


def thens(change: Change, before: Result) -> tuple[Then, ...]:
    """Both differences of every criterion of a change. before: the retrospective answers, scored by themselves.

    The perspectives are those of the change that are published in the retrospective answers too: the same in all three
    figures, or the two differences would be about different people.
    """
    return tuple(_then(criterion, before) for criterion in change.criteria)


def _then(criterion: CriterionChange, before: Result) -> Then:
    said = next((c for c in before.criteria if c.id == criterion.id), None)
    known = {name: said.perspectives[name].score for name in said.seen_from} if said is not None else {}
    shown = [(view, score) for name, view in criterion.views.items() if (score := known.get(name)) is not None]
    if not shown:
        return Then(criterion.id, None, None, None)
    return Then(
        criterion.id,
        pre=sum(view.first for view, _ in shown) / len(shown),
        then=sum(score for _, score in shown) / len(shown),
        post=sum(view.last for view, _ in shown) / len(shown),
    )
