"""Sheets of paper: a line of typed answers, and the use cases that keep it as one more response."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assessment.engagement import Answer, EngagementId, ItemId, Response, ResponseId, WaveId
from assessment.guard import requires
from assessment.packs import Item, Pack, Role
from assessment.respondents import Course, course, value_of
from assessment.store.protocol import NotFound
from assessment.use_cases import UseCases

BLANK: Final = ".,"  # a Norwegian numeric keypad has a comma where others have a full stop
# what is typed for an answer: all of it can be reached on a numeric keypad
MARKS: Final[Mapping[str, str]] = {**{level: level for level in "12345"}, "?": "DK", "0": "DK", "-": "NA"}


@dataclass(frozen=True)
class Typed:
    """What is typed of a sheet, one mark a question in the order of the paper.

    items: the questions of the sheet. marks: without the spaces between them. answers: of the questions that have one.
    wrong: positions (from 1) of marks that are no answer to their question.
    """

    items: tuple[Item, ...]
    marks: str
    answers: Mapping[ItemId, Answer]
    wrong: tuple[int, ...]

    @property
    def missing(self) -> int:
        """How many questions have no mark yet."""
        return max(0, len(self.items) - len(self.marks))

    @property
    def beyond(self) -> int:
        """How many marks there are after the last question."""
        return max(0, len(self.marks) - len(self.items))

    @property
    def ready(self) -> bool:
        """Whether the sheet can be kept. One mark too few or too many may have moved every answer after it."""
        return bool(self.answers) and not (self.wrong or self.missing or self.beyond)


def sheet(text: str, way: Course) -> Typed:
    """The answers in a line: 1 to 5, ? or 0 for don't know, - for not applicable, a full stop for no answer.

    Spaces mean nothing, wherever they stand.
    """
    marks = "".join(text.split())
    packs = _packs(way)
    answers: dict[ItemId, Answer] = {}
    wrong = []
    for position, (item, mark) in enumerate(zip(way.items, marks, strict=False), 1):
        answer = value_of(packs[item.id], MARKS.get(mark, ""))
        if answer is not None:
            answers[ItemId(item.id)] = answer
        elif mark not in BLANK:
            wrong.append(position)
    return Typed(way.items, marks, answers, tuple(wrong))


def _packs(way: Course) -> dict[str, Pack]:
    """The pack that each question is from."""
    return {item.id: way.pack_of(page) for page, items in enumerate(way.pages, 1) for item in items}


class Keying(UseCases):
    """Answers on paper, typed in by whoever runs the assessment. Nothing tells such a response from the others."""

    @requires("run")
    def key_in(
        self,
        engagement_id: EngagementId,
        wave_id: WaveId,
        role: Role,
        team: str | None,
        answers: Mapping[ItemId, Answer],
    ) -> ResponseId:
        """Keep a sheet as one response, in one transaction, and return its id.

        team: of no account where groups are not by team.
        Raises: NotFound; Closed; ValueError for a sheet without answers, an answer that was not asked for, or where
        not many people answer.
        """
        engagement, wave = self.engagement(engagement_id), self._store.wave(wave_id)
        if wave.engagement_id != engagement.id:
            raise NotFound("wave", wave_id)
        if engagement.mode != "anonymous" or not answers:
            raise ValueError("a sheet has answers, and is one of many")
        way = course(wave.pack_id, role, wave.asks_retrospectively)
        packs = _packs(way)
        if any(i not in packs or a.value not in packs[i].values() for i, a in answers.items()):
            raise ValueError("an answer that was not asked for")
        today = {item.id for item in way.scored}
        response = Response(
            id=ResponseId(self._new_id()),
            wave_id=wave.id,
            role=role,
            team=team if wave.by_team else None,
            answers={i: a for i, a in answers.items() if i in today},
            retrospective={i: a for i, a in answers.items() if i not in today},
        )
        self._store.add_responses(wave.id, [response])
        return response.id

    @requires("run")
    def take_back_sheet(self, engagement_id: EngagementId, response_id: ResponseId) -> None:
        """Erase a sheet that was just kept. Raises: NotFound, Closed."""
        if self.engagement(engagement_id).mode != "anonymous":
            raise NotFound("response", response_id)
        if self._store.wave(self._store.response(response_id).wave_id).engagement_id != engagement_id:
            raise NotFound("response", response_id)
        self._store.erase_response(response_id)
