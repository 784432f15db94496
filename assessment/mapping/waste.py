"""Use cases of the waste register: eight kinds of waste, their hours, and that no hour stands there twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from assessment.engagement import Currency, EngagementId, Stage, StageId, WasteCode, WasteRow, WasteRowId
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.use_cases import UseCases

WASTES: Final[tuple[WasteCode, ...]] = get_args(WasteCode)
Basis = Literal["processes", "pools"]


@dataclass(frozen=True)
class WasteRegister:
    """The waste register of an assessment.

    rows: most hours first, those without hours last. stages: those of the value stream by id, in order, without steps.
    available_h: hours a month that sales is known to have, the most that processes or pools tell of; None when
    neither does. basis: which of them tells it. currency: of the amounts.
    """

    rows: tuple[WasteRow, ...]
    stages: Mapping[StageId, Stage]
    available_h: float | None
    basis: Basis | None
    currency: Currency = "NOK"

    @property
    def hours_month(self) -> float:
        """Hours a month of all rows whose hours are known."""
        return sum(row.hours_month or 0.0 for row in self.rows)

    @property
    def hours_by_waste(self) -> Mapping[WasteCode, float]:
        """Hours a month by kind of waste, most first; kinds without hours are left out."""
        hours = {code: sum(row.hours_month or 0.0 for row in self.rows if row.code == code) for code in WASTES}
        return {code: h for code, h in sorted(hours.items(), key=lambda item: -item[1]) if h}

    @property
    def largest(self) -> WasteCode | None:
        """The kind of waste that takes most hours; None when no one kind does."""
        ranked = [*self.hours_by_waste.items()]
        return ranked[0][0] if len(ranked) == 1 or (ranked and ranked[0][1] > ranked[1][1]) else None

    @property
    def in_mandate_h(self) -> float:
        """Hours a month of the rows that lie within the mandate."""
        return sum(row.hours_month or 0.0 for row in self.rows if row.in_mandate)

    @property
    def cost_nok(self) -> float | None:
        """NOK a month of the rows whose hours and hourly cost are known; None when there is none."""
        costs = [c for row in self.rows if (c := row_cost_nok(row)) is not None]
        return sum(costs) if costs else None

    @property
    def counted_twice_h(self) -> float:
        """How many hours more than there are have been written down; at least these are counted twice."""
        return max(0.0, self.hours_month - self.available_h) if self.available_h is not None else 0.0

    @property
    def share(self) -> float | None:
        """Waste as a share of the hours in sales, 0 to 1.

        None without hours of either kind or with too few of them to make a share, and when more hours are written down
        than there are: it would rest on hours counted twice.
        Source: method §5.4.
        """
        if not self.available_h or not self.hours_month or self.counted_twice_h:
            return None
        return self.hours_month / self.available_h or None

    def find(self, row_id: str | None) -> WasteRow | None:
        """The row with this id, or None."""
        return next((row for row in self.rows if row.id == row_id), None)


class Wastes(UseCases):
    """The waste register of an assessment."""

    @requires("read")
    def waste(self, engagement_id: EngagementId) -> WasteRegister:
        """The register, with the hours it is a share of."""
        opened = self.engagement(engagement_id).id
        rows, stream = self._store.waste_rows(opened), self._store.stream_map(opened)
        told: dict[Basis, float] = {
            "processes": sum(p.hours_month or 0.0 for p in self._store.processes(opened)),
            "pools": sum((p.fte or 0.0) * (p.hours_month or 0.0) * (p.flow_share or 0.0) for p in stream.pools),
        }
        basis: Basis = "processes" if told["processes"] >= told["pools"] else "pools"
        known = told[basis] > 0
        return WasteRegister(
            rows=tuple(sorted(rows, key=_most_first)),
            stages={stage.id: stage for stage in stream.stages if stage.parent_stage_id is None},
            available_h=told[basis] if known else None,
            basis=basis if known else None,
            currency=self._store.payback(opened).terms.currency,
        )

    @requires("run")
    def add_waste(self, engagement_id: EngagementId, code: WasteCode) -> WasteRowId:
        """Begin a row of one kind of waste, and return its id."""
        row = WasteRow(id=WasteRowId(self._new_id()), code=code)
        self._store.add_waste_rows(engagement_id, [row])
        return row.id

    @requires("run")
    def describe_waste(self, engagement_id: EngagementId, row_id: WasteRowId, given: Mapping[str, object]) -> None:
        """Say something of a row; what is not given stays. Raises: Gone, also for a stage of another; ValueError."""
        self._store.change_waste_row(engagement_id, row_id, {f: filled(value) for f, value in given.items()})

    @requires("run")
    def remove_waste(self, engagement_id: EngagementId, row_id: WasteRowId) -> WasteRow:
        """Take out a row, and return it as it was, so that `restore_waste` can undo this. Raises: Gone."""
        return self._store.remove_waste_row(engagement_id, row_id)

    @requires("run")
    def restore_waste(self, engagement_id: EngagementId, row: WasteRow) -> None:
        """Undo `remove_waste`. A stage that has gone since is left out."""
        known = row.stage_id in {stage.id for stage in self._store.stream_map(engagement_id).stages}
        self._store.add_waste_rows(engagement_id, [row if known else row.model_copy(update={"stage_id": None})])


def _most_first(row: WasteRow) -> float:
    return 1.0 if row.hours_month is None else -row.hours_month


def row_cost_nok(row: WasteRow) -> float | None:
    """What a row costs a month, hours × hourly cost; None while either is unknown."""
    if row.hours_month is None or row.hourly_cost_nok is None:
        return None
    return row.hours_month * row.hourly_cost_nok
