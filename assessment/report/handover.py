"""An assessment as one file that opens in another installation, without what must stay where it was answered."""

from collections.abc import Iterator, Mapping
from typing import Any

from assessment.advice import Advising
from assessment.engagement import Engagement, EngagementId, Response, ResponseId, Wave
from assessment.files import InputError
from assessment.guard import requires
from assessment.mapping.processes import process_list
from assessment.packs import LANGUAGES
from assessment.report.export import result_document, taken_from
from assessment.report.handover_file import (
    LEFT_OUT,
    LEFT_OUT_OF_MANY,
    HandedEngagement,
    HandedKpi,
    HandedNote,
    HandedResponse,
    HandedWave,
    Handover,
    read,
    renamed,
)
from assessment.store.protocol import AlreadyThere, Gone, WaveOpen
from assessment.strategy.model import STRATEGIES


class HandOvers(Advising):
    """Assessments that leave an installation, and those that come from another one."""

    @requires("run")
    def hand_over(self, engagement_id: EngagementId) -> bytes:
        """The assessment as a file, to be opened by `open_handover`.

        Raises: NotFound; WaveOpen while people answer: what they say may not leave, and nothing is published yet.
        """
        engagement = self.engagement(engagement_id)
        return self._document(engagement).model_dump_json(indent=2).encode()

    @requires("begin")
    def open_handover(self, content: bytes) -> EngagementId:
        """Make an assessment of such a file, with ids of its own and the reader as its owner, and return its id.

        All of it is kept or nothing. Raises: InputError with every problem at once.
        """
        handed = renamed(read(content), self._new_id)
        engagement = Engagement(id=EngagementId(self._new_id()), owner=self._actor.subject, **dict(handed.engagement))
        try:
            with self._store.together():
                self._keep_measurements(engagement, handed)
                self._keep_mapping(engagement.id, handed)
                self._keep_plan(engagement.id, handed)
        except (AlreadyThere, Gone) as error:
            raise InputError(
                ["the document: two of its parts contradict each other; make the file anew where it came from"]
            ) from error
        return engagement.id

    # ------------------------------------------------------------------ making one

    def _document(self, engagement: Engagement) -> Handover:
        id_, store, many = engagement.id, self._store, engagement.mode == "anonymous"
        return Handover(
            product="Salgsflyt",
            version=1,
            made_on=self._clock().date(),
            left_out=(*LEFT_OUT, LEFT_OUT_OF_MANY) if many else LEFT_OUT,
            engagement=HandedEngagement.model_validate(
                {name: getattr(engagement, name) for name in HandedEngagement.model_fields}
            ),
            waves=tuple(self._measurements(engagement)),
            criterion_settings=tuple(store.criterion_settings(id_)),
            readiness=tuple(store.readiness(id_)),
            mandates=tuple(store.mandates(id_)),
            kpis=tuple(HandedKpi(kpi=kpi, points=points) for kpi, points in store.kpis(id_)),
            stream=store.stream_map(id_),
            processes=process_list([*store.processes(id_)]).processes,
            waste=tuple(store.waste_rows(id_)),
            goals=tuple(store.goals(id_)),
            actions=tuple(store.actions(id_)),
            payback=store.payback(id_),
            realised=tuple(store.realised_benefits(id_)),
            decisions=tuple(store.strategy_decisions(id_)),
            strategy_weights=store.strategy_weights(id_),
            training_brief=store.training_brief(id_),
            note_words=tuple(
                HandedNote(strategy=strategy, language=language, words=words)
                for strategy in STRATEGIES
                for language in LANGUAGES
                for words in store.note_words(id_, strategy, language)
            ),
            branding=store.branding(id_),
        )

    def _measurements(self, engagement: Engagement) -> Iterator[HandedWave]:
        many = engagement.mode == "anonymous"
        for wave in self._store.waves(engagement.id):
            if many and wave.closed_at is None:
                raise WaveOpen("wave", wave.id)
            response = None if many else self._one_response(wave)
            if response is None and not many:
                continue  # nobody has begun to answer it
            yield HandedWave.model_validate(
                {name: getattr(wave, name) for name in HandedWave.model_fields if name in Wave.model_fields}
                | {
                    "response": response,
                    "result": self._published(engagement, wave) if many and wave.measures_maturity else None,
                    "findings": self._store.findings(wave.id),
                    "signed": self._store.signed(wave.id),
                }
            )

    def _one_response(self, wave: Wave) -> HandedResponse | None:
        for response in self._store.responses(wave.id):
            return HandedResponse.model_validate(
                {name: getattr(response, name) for name in HandedResponse.model_fields}
            )
        return None

    def _published(self, engagement: Engagement, wave: Wave) -> Mapping[str, Any] | None:
        if wave.id not in {shown.id for shown in self.results(engagement.id).waves}:
            return None
        results = self.results(engagement.id, wave.id)
        if not results.respondents:
            return None
        return result_document(taken_from(results, self.advice(engagement.id, wave.id)))

    # ------------------------------------------------------------------ opening one

    def _keep_measurements(self, engagement: Engagement, handed: Handover) -> None:
        id_, store = engagement.id, self._store
        for place, told in enumerate(sorted(handed.waves, key=lambda wave: wave.position)):
            about = {name: getattr(told, name) for name in HandedWave.model_fields if name in Wave.model_fields}
            wave = Wave.model_validate(about | {"engagement_id": id_})
            responses = [self._response(wave, told.response)] if told.response else []
            if wave.closed_at is not None:
                store.add_closed_wave(wave, responses, engagement if place == 0 else None)
            elif place == 0:
                store.create_engagement(engagement, wave, *responses)
            else:
                store.add_wave(wave)
                store.add_responses(wave.id, responses)
            for finding in told.findings:
                store.change_finding(wave.id, finding.rule, finding.model_dump(exclude={"rule"}))
            store.sign_diagnosis(wave.id, told.signed)
        store.set_criterion_settings(id_, {s.criterion_id: s for s in handed.criterion_settings})
        store.set_readiness(id_, {answer.item_id: answer for answer in handed.readiness})
        store.set_strategy_weights(id_, handed.strategy_weights)
        for decision in handed.decisions:
            store.add_strategy_decision(id_, decision)

    def _response(self, wave: Wave, told: HandedResponse) -> Response:
        return Response(id=ResponseId(self._new_id()), wave_id=wave.id, **dict(told))

    def _keep_mapping(self, id_: EngagementId, handed: Handover) -> None:
        store = self._store
        for told in handed.kpis:
            store.add_kpi(id_, told.kpi, told.points)
        store.begin_stream(id_, handed.stream)
        store.add_processes(id_, handed.processes)
        store.add_waste_rows(id_, handed.waste)

    def _keep_plan(self, id_: EngagementId, handed: Handover) -> None:
        store = self._store
        store.begin_mandate(id_, handed.mandates)
        store.add_goals(id_, handed.goals)
        store.add_actions(id_, handed.actions)
        store.begin_payback(id_, handed.payback)
        for realised in handed.realised:
            store.change_realised_benefit(id_, realised.line, realised.model_dump(exclude={"line"}))
        store.change_training_brief(id_, handed.training_brief.model_dump())
        for note in handed.note_words:
            store.set_note_words(id_, note.strategy, note.language, note.words)
        store.change_branding(id_, handed.branding.model_dump())
