"""All that a document tells of an assessment, gathered once, so that every document tells the same."""

from dataclasses import dataclass
from datetime import date

from assessment.advice import Advice
from assessment.business_case.cases import BusinessCase
from assessment.diagnoses import DiagnosisSheet
from assessment.engagement import Branding, EngagementId, StrategyDecision, TrainingBrief, WaveId
from assessment.follow_up.follow_ups import FollowUp
from assessment.mapping.kpis import KpiReading
from assessment.mapping.processes import ProcessList
from assessment.mapping.stream import Stream
from assessment.mapping.waste import WasteRegister
from assessment.packs import Language
from assessment.plan.actions import Plan
from assessment.plan.goals import Goals
from assessment.reaction import Reaction
from assessment.results import Comparison, Results
from assessment.service import Service
from assessment.store.protocol import WaveOpen


@dataclass(frozen=True)
class Dossier:
    """An assessment at one measurement, as the pages of a reader show it.

    language: of the document, whoever makes it. written_on: the day it is made. comparison, advice, diagnosis,
    reaction: None where there is nothing to tell.
    """

    language: Language
    written_on: date
    branding: Branding
    results: Results
    comparison: Comparison | None
    advice: Advice | None
    diagnosis: DiagnosisSheet | None
    decisions: tuple[StrategyDecision, ...]
    kpis: tuple[KpiReading, ...]
    stream: Stream
    processes: ProcessList
    waste: WasteRegister
    business_case: BusinessCase
    goals: Goals
    plan: Plan
    brief: TrainingBrief
    reaction: Reaction | None
    follow_up: FollowUp


def gather(
    service: Service,
    engagement_id: EngagementId,
    language: Language,
    *,
    written_on: date,
    wave_id: WaveId | None = None,
) -> Dossier:
    """Everything through the use cases of whoever asks: what is hidden from them on a page is not in a document.

    wave_id: the measurement; the latest without one.
    Raises: NotFound; WaveOpen while people answer it, since nothing of it is shown yet.
    """
    results = service.results(engagement_id, wave_id)
    if results.engagement.mode == "anonymous" and results.wave.closed_at is None:
        raise WaveOpen("wave", results.wave.id)
    return Dossier(
        language=language,
        written_on=written_on,
        branding=service.branding(engagement_id),
        results=results,
        comparison=service.comparison(engagement_id, None, results.wave.id),
        advice=service.advice(engagement_id, results.wave.id),
        diagnosis=service.diagnosis(engagement_id, results.wave.id),
        decisions=service.strategy_decisions(engagement_id),
        kpis=service.kpis(engagement_id),
        stream=service.stream(engagement_id),
        processes=service.processes(engagement_id),
        waste=service.waste(engagement_id),
        business_case=service.business_case(engagement_id),
        goals=service.goals(engagement_id),
        plan=service.plan(engagement_id),
        brief=service.training_brief(engagement_id),
        reaction=service.reaction(engagement_id),
        follow_up=service.follow_up(engagement_id),
    )
