"""Use cases of goals: made from wishes with the help of KPIs, and judged by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assessment.current_state.xmr import Chart
from assessment.engagement import EngagementId, Goal, GoalId, KpiId, Mandate
from assessment.guard import requires
from assessment.mapping import kpi_catalogue
from assessment.mapping.given import filled
from assessment.mapping.kpis import KpiReading, reading
from assessment.packs import Language
from assessment.plan.days import months_later
from assessment.store.protocol import Gone
from assessment.use_cases import UseCases

Doubt = Literal["no_change", "wrong_direction", "natural_variation", "past", "beyond_horizon"]


@dataclass(frozen=True)
class Goals:
    """The goals of an assessment, and what is on its way to be one.

    goals, drafts: in the order they came. today: the day they are judged on. ends_on: the last day of the mandate's
    horizon; None while that is unknown.
    """

    goals: tuple[Goal, ...]
    drafts: tuple[Goal, ...]
    today: date
    ends_on: date | None

    def find(self, goal_id: str | None) -> Goal | None:
        """The goal or draft with this id, or None."""
        return next((goal for goal in (*self.goals, *self.drafts) if goal.id == goal_id), None)


class GoalSetting(UseCases):
    """The goals of an assessment."""

    @requires("read")
    def goals(self, engagement_id: EngagementId) -> Goals:
        """Goals and drafts, with the days they are judged by."""
        found, mandates = self._store.goals(self.engagement(engagement_id).id), self._store.mandates(engagement_id)
        return Goals(
            goals=tuple(goal for goal in found if not goal.draft),
            drafts=tuple(goal for goal in found if goal.draft),
            today=self._clock().date(),
            ends_on=horizon_end(tuple(mandates)),
        )

    @requires("run")
    def begin_goal(self, engagement_id: EngagementId) -> GoalId:
        """Begin the draft of a goal, and return its id."""
        goal = Goal(id=GoalId(self._new_id()))
        self._store.add_goals(engagement_id, [goal])
        return goal.id

    @requires("run")
    def describe_goal(self, engagement_id: EngagementId, goal_id: GoalId, given: Mapping[str, object]) -> None:
        """Say something of a goal; what is not given stays. Raises: Gone; ValueError for a goal that would lack any."""
        if given.keys() & {"draft", "kpi_id"}:
            raise ValueError("a draft becomes a goal by adopt_goal, and gets its KPI by measure_goal_by")
        self._store.change_goal(engagement_id, goal_id, {field: filled(value) for field, value in given.items()})

    @requires("run")
    def measure_goal_by(
        self, engagement_id: EngagementId, goal_id: GoalId, kpi_id: KpiId | None, language: Language
    ) -> None:
        """Follow a goal by a KPI, and take over its unit and the mean of its baseline; None by no KPI any more.

        What the KPI does not know stays as it was. Raises: Gone.
        """
        given: dict[str, object] = {"kpi_id": kpi_id}
        if kpi_id is not None:
            kpi, points = next((k for k in self._store.kpis(engagement_id) if k[0].id == kpi_id), (None, ()))
            if kpi is None:
                raise Gone("kpi", kpi_id)
            unit, found = kpi_catalogue.said(kpi, language).unit, limits(reading(kpi, points))
            given |= {"unit": unit} if unit else {}
            given |= {} if found is None else {"baseline_value": found.centre}
        self._store.change_goal(engagement_id, goal_id, given)

    @requires("run")
    def adopt_goal(self, engagement_id: EngagementId, goal_id: GoalId) -> None:
        """Make a draft a goal. Raises: Gone; ValueError while it lacks anything."""
        self._store.change_goal(engagement_id, goal_id, {"draft": False})

    @requires("run")
    def remove_goal(self, engagement_id: EngagementId, goal_id: GoalId) -> Goal:
        """Take out a goal or a draft, and return it as it was, so that `restore_goal` can undo this. Raises: Gone."""
        return self._store.remove_goal(engagement_id, goal_id)

    @requires("run")
    def restore_goal(self, engagement_id: EngagementId, goal: Goal) -> None:
        """Undo `remove_goal`. A KPI that has gone since is left out."""
        known = {kpi.id for kpi, _ in self._store.kpis(engagement_id)}
        self._store.add_goals(
            engagement_id, [goal if goal.kpi_id in known else goal.model_copy(update={"kpi_id": None})]
        )


def limits(measured: KpiReading) -> Chart | None:
    """The centre and natural limits of a KPI in force: those since the latest confirmed change, or of the baseline.

    None without points. Source: method §4.2.
    """
    return None if measured.series is None else measured.series.segments[-1].chart


def doubts(goal: Goal, measured: KpiReading | None, today: date, ends_on: date | None) -> tuple[Doubt, ...]:
    """What speaks against a goal as it stands, in the order to think about it; a draft is judged by what it has.

    no_change: the target is the baseline. wrong_direction: the target is on the KPI's wrong side of the baseline.
    natural_variation: single points reach the target without anything having changed; needs limits from enough points.
    past, beyond_horizon: the day.
    Source: method §4.2, §6.4.
    """
    return (*_of_the_figure(goal, measured), *_of_the_day(goal, today, ends_on))


def _of_the_figure(goal: Goal, measured: KpiReading | None) -> list[Doubt]:
    target, baseline = goal.target_value, goal.baseline_value
    found: list[Doubt] = []
    if target is not None and target == baseline:
        found.append("no_change")
    elif target is not None and baseline is not None and measured is not None:
        better_up = measured.kpi.better == "up"
        if (target > baseline) != better_up:
            found.append("wrong_direction")
    chart = limits(measured) if measured is not None else None
    if target is None or chart is None or chart.state == "insufficient":
        return found
    if chart.lower is not None and chart.upper is not None and chart.lower <= target <= chart.upper:
        found.append("natural_variation")
    return found


def _of_the_day(goal: Goal, today: date, ends_on: date | None) -> list[Doubt]:
    if goal.due_on is None:
        return []
    if goal.due_on < today:
        return ["past"]
    return ["beyond_horizon"] if ends_on is not None and goal.due_on > ends_on else []


def horizon_end(mandates: tuple[Mandate, ...]) -> date | None:
    """The last day of the mandate's horizon, counted from the day it was first described; None when that is unknown.

    mandates: all versions, oldest first; the latest says how long.
    """
    if not mandates or mandates[-1].horizon_months is None or mandates[0].created_at is None:
        return None
    return months_later(mandates[0].created_at.date(), mandates[-1].horizon_months)
