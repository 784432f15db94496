"""What a ballot shows when it is revealed, by the same rules as a survey. Source: method §3.8."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from assessment.packs import Criterion, Item, Pack, Structure
from assessment.scoring.answers import answer_table
from assessment.scoring.result import ItemStatistics
from assessment.scoring.score import score
from assessment.workshop.records import GUESS_LOWEST, Ballot, BallotOutcome, QuestionOutcome, Vote, VoterId

_ROLE = "S"  # one protected group: nobody in a room says which role they have


def tally(ballot: Ballot, votes: Sequence[Vote], k: int) -> BallotOutcome:
    """What may be shown of a ballot.

    Under k answers to a question nothing; the mean from k, a distribution or counts of options from 2k and never where
    all said the same; totals of dots from k voters. Where the room agreed together, what it agreed on.
    """
    if ballot.together:
        asked = [QuestionOutcome(id=q.id, n=None) for q in ballot.questions]
        return BallotOutcome(voted=0, k=k, questions=tuple(asked), agreed=ballot.agreed)
    said: dict[VoterId, dict[str, str]] = defaultdict(dict)
    for vote in votes:
        said[vote.voter][vote.question] = vote.value
    ids = [q.id for q in ballot.questions]
    if ballot.kind == "dots":
        outcomes = [_dots(id_, said, k) for id_ in ids]
    else:
        chosen = set(ids) if ballot.kind == "classes" else {GUESS_LOWEST}
        scored = _scored([id_ for id_ in ids if id_ not in chosen], said, k)
        outcomes = [_options(id_, said, k) if id_ in chosen else scored[id_] for id_ in ids]
    return BallotOutcome(voted=len(said), k=k, questions=tuple(outcomes))


def _scored(ids: Sequence[str], said: Mapping[VoterId, Mapping[str, str]], k: int) -> dict[str, QuestionOutcome]:
    """Questions on the scale from 1 to 5, scored as the items of a survey of one group are."""
    if not ids or not said:
        return {id_: QuestionOutcome(id=id_, n=None) for id_ in ids}
    answers = [{id_: _value(given[id_]) for id_ in ids if id_ in given} for given in said.values()]
    table = answer_table(_pack(ids), [_ROLE] * len(answers), answers, mode="anonymous")
    result = score(table, _pack(ids), mode="anonymous", k=k)
    return {item.id: _of_item(item, k) for item in result.items}


def _of_item(item: ItemStatistics, k: int) -> QuestionOutcome:
    if item.n < k:
        return QuestionOutcome(id=item.id, n=None)
    return QuestionOutcome(
        id=item.id, n=item.n, mean=item.mean, band=item.band, ad_m=item.ad_m, distribution=item.distribution
    )


def _options(id_: str, said: Mapping[VoterId, Mapping[str, str]], k: int) -> QuestionOutcome:
    counts = Counter(given[id_] for given in said.values() if id_ in given)
    n = counts.total()
    if n < k:
        return QuestionOutcome(id=id_, n=None)
    most = [option for option, count in counts.items() if count == max(counts.values())]
    shown = n >= 2 * k and len(counts) > 1
    return QuestionOutcome(
        id=id_, n=n, leading=most[0] if len(most) == 1 else None, counts=dict(counts) if shown else None
    )


def _dots(id_: str, said: Mapping[VoterId, Mapping[str, str]], k: int) -> QuestionOutcome:
    if len(said) < k:
        return QuestionOutcome(id=id_, n=None)
    return QuestionOutcome(id=id_, n=len(said), dots=sum(int(given.get(id_, 0)) for given in said.values()))


def _pack(ids: Sequence[str]) -> Pack:
    """The questions as a questionnaire of their own, each shown to everybody, whoever the full set asks it of."""
    items = tuple(Item(id=id_, criterion="room", roles=(_ROLE,)) for id_ in ids)
    structure = Structure(
        id="room",
        version="1.0.0",
        # more than there are: only items are looked at, and intervals of a whole would have scipy imported for nothing,
        # 0.8 s in which every phone waits
        min_items=len(ids) + 1,
        allows_na=False,
        anchored=(1, 2, 3, 4, 5),
        criteria=(Criterion(id="room"),),
        items=items,
    )
    return Pack.of(structure, {})


def _value(said: str) -> int | str:
    return int(said) if said.isdigit() else said
