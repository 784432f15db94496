"""Use cases of the baseline KPIs: choose them, describe them, give them points, and say what has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from assessment.config import KPI_CASES_MIN
from assessment.current_state.series import Series, series
from assessment.engagement import Better, Currency, EngagementId, Kpi, KpiId, KpiPoint
from assessment.guard import requires
from assessment.mapping import kpi_catalogue
from assessment.mapping.given import filled
from assessment.mapping.kpi_points import Cells, expected, point_of, points_in
from assessment.packs import Language
from assessment.store.protocol import NotFound
from assessment.use_cases import UseCases

Points = Mapping[date, KpiPoint | None]
_FIXED: Final = frozenset({"id", "code"})


@dataclass(frozen=True)
class KpiReading:
    """A KPI with its points, oldest first, and what they say. series: None without points. currency: of amounts."""

    kpi: Kpi
    points: tuple[KpiPoint, ...]
    series: Series | None
    currency: Currency = "NOK"

    @property
    def frozen(self) -> int | None:
        """How many points the baseline is frozen at; None while it is not."""
        until = self.kpi.baseline_until_on
        return None if until is None else sum(point.on <= until for point in self.points) or None

    @property
    def thin(self) -> tuple[KpiPoint, ...]:
        """The points of a share of cases that rest on too few of them: the period should be longer (method §4.2)."""
        return _thin(self.kpi, self.points)


@dataclass(frozen=True)
class PointsPreview:
    """What a table of points holds, before any of it is kept.

    points: by date. added, replaced: how many are new, and how many take the place of one of the same day.
    thin: those of fewer cases than a share needs. as_shares: they may be shares of 1 where per cent are meant.
    """

    points: tuple[KpiPoint, ...]
    added: int
    replaced: int
    thin: tuple[KpiPoint, ...]
    as_shares: bool


class Kpis(UseCases):
    """The baseline KPIs of an assessment."""

    @requires("read")
    def kpis(self, engagement_id: EngagementId) -> tuple[KpiReading, ...]:
        """The KPIs somebody has chosen, each with its points and what they say."""
        opened = self.engagement(engagement_id).id
        currency = self._store.payback(opened).terms.currency
        return tuple(reading(kpi, points, currency) for kpi, points in self._store.kpis(opened))

    @requires("run")
    def add_kpi(self, engagement_id: EngagementId, code: str, language: Language) -> KpiId:
        """Follow a KPI of the catalogue, and return its id. Raises: AlreadyThere."""
        entry = kpi_catalogue.catalogue()[code]
        name = kpi_catalogue.words(language)[code].name
        kpi = Kpi(id=self._kpi_id(), code=code, name=name, better=entry.better, floor_value=entry.floor)
        self._store.add_kpi(engagement_id, kpi)
        return kpi.id

    @requires("run")
    def add_own_kpi(self, engagement_id: EngagementId, name: str, better: Better) -> KpiId:
        """Follow a KPI of one's own, and return its id. Raises: ValueError without a name."""
        kpi = Kpi(id=self._kpi_id(), name=name, better=better)
        self._store.add_kpi(engagement_id, kpi)
        return kpi.id

    @requires("run")
    def edit_kpi(self, engagement_id: EngagementId, kpi_id: KpiId, given: Mapping[str, object]) -> None:
        """Say something of a KPI; what is not given stays, and empty words are the catalogue's again.

        A ratio's values follow its unit, since per cent are a hundred times the ratio.
        Raises: ValueError for a value that cannot be, or a floor that a point lies below.
        """
        before = self._kpi(engagement_id, kpi_id)
        if given.keys() & _FIXED:
            raise ValueError("a KPI keeps its id and its place in the catalogue")
        kept = {name: kpi_catalogue.changed(before.kpi, name, filled(value)) for name, value in given.items()}
        after = Kpi.model_validate(before.kpi.model_dump() | kept)
        floor = after.floor_value
        if floor is not None and any(point.value < floor for point in before.points):
            raise ValueError("a point lies below the floor")
        self._store.save_kpi(engagement_id, after)
        if kpi_catalogue.scale(after) != kpi_catalogue.scale(before.kpi):
            ratios = {p.on: _ratio(p, kpi_catalogue.scale(after)) for p in before.points if p.denominator is not None}
            self._store.write_kpi_points(engagement_id, kpi_id, ratios)

    @requires("run")
    def remove_kpi(self, engagement_id: EngagementId, kpi_id: KpiId) -> KpiReading:
        """Follow a KPI no more, and return it as it was, so that `restore_kpi` can undo this."""
        removed = self._kpi(engagement_id, kpi_id)
        self._store.remove_kpi(engagement_id, kpi_id)
        return removed

    @requires("run")
    def restore_kpi(self, engagement_id: EngagementId, kpi: Kpi, points: tuple[KpiPoint, ...]) -> None:
        """Undo `remove_kpi`. Raises: AlreadyThere when another has taken its place in the catalogue."""
        self._store.add_kpi(engagement_id, kpi, points)

    @requires("run")
    def preview_points(
        self, engagement_id: EngagementId, kpi_id: KpiId, name: str, content: bytes, language: Language
    ) -> PointsPreview:
        """What a file or pasted table would change; nothing is kept.

        A point of a day that has one keeps its note, and that a change was confirmed there.
        Raises: InputError with every problem at once.
        """
        found = self._kpi(engagement_id, kpi_id)
        known = {point.on: point for point in found.points}
        read = points_in(name, content, expected(found.kpi, language, self._clock().date()))
        points = tuple(_over(known.get(point.on), point) for point in read)
        replaced = sum(point.on in known for point in points)
        bare = [point.value for point in points if point.denominator is None]
        return PointsPreview(
            points=points,
            added=len(points) - replaced,
            replaced=replaced,
            thin=_thin(found.kpi, points),
            as_shares=kpi_catalogue.scale(found.kpi) == 100 and any(bare) and all(0 <= value <= 1 for value in bare),
        )

    @requires("run")
    def set_points(self, engagement_id: EngagementId, kpi_id: KpiId, points: Points) -> Points:
        """Keep these points, None removes a day's; returns what undoes it. Raises: ValueError below the floor."""
        found = self._kpi(engagement_id, kpi_id)
        floor = found.kpi.floor_value
        if floor is not None and any(point is not None and point.value < floor for point in points.values()):
            raise ValueError("a point lies below the floor")
        return self._write(engagement_id, found, points)

    @requires("run")
    def type_point(
        self,
        engagement_id: EngagementId,
        kpi_id: KpiId,
        cells: Cells,
        language: Language,
        instead_of: date | None = None,
    ) -> Points:
        """Keep a point as it is typed, in place of another day's where that is said; returns what undoes it.

        Raises: InputError with every problem at once.
        """
        found = self._kpi(engagement_id, kpi_id)
        point = point_of(cells, expected(found.kpi, language, self._clock().date()))
        known = {p.on: p for p in found.points}
        changes: dict[date, KpiPoint | None] = {} if instead_of is None else {instead_of: None}
        was = known.get(point.on if instead_of is None else instead_of)
        segment = was is not None and was.starts_segment
        changes[point.on] = point.model_copy(update={"starts_segment": segment})
        return self._write(engagement_id, found, changes)

    @requires("run")
    def freeze_baseline(self, engagement_id: EngagementId, kpi_id: KpiId, until_on: date | None) -> None:
        """Freeze the limits at the points up to a day; None lets all of the first stretch count again.

        Raises: ValueError when no point is that old.
        """
        found = self._kpi(engagement_id, kpi_id)
        if until_on is not None and not any(point.on <= until_on for point in found.points):
            raise ValueError("a baseline has at least one point")
        self._store.save_kpi(engagement_id, found.kpi.model_copy(update={"baseline_until_on": until_on}))

    @requires("run")
    def confirm_change(self, engagement_id: EngagementId, kpi_id: KpiId, from_on: date, reason: str) -> None:
        """Draw new limits from a point on, since something is known to have changed then.

        Raises: ValueError without a reason, or where nothing comes before the point.
        """
        found = self._kpi(engagement_id, kpi_id)
        point = _at(found, from_on)
        if not reason.strip() or point.on == found.points[0].on:
            raise ValueError("a change has a reason, and something before it")
        self._mark(engagement_id, kpi_id, point, {"starts_segment": True, "note": reason})

    @requires("run")
    def withdraw_change(self, engagement_id: EngagementId, kpi_id: KpiId, from_on: date) -> None:
        """Let the limits from before a point hold again; the note stays."""
        point = _at(self._kpi(engagement_id, kpi_id), from_on)
        self._mark(engagement_id, kpi_id, point, {"starts_segment": False})

    def _write(self, engagement_id: EngagementId, found: KpiReading, points: Points) -> Points:
        self._store.write_kpi_points(engagement_id, found.kpi.id, points)
        known = {point.on: point for point in found.points}
        return {on: known.get(on) for on in points}

    def _mark(self, engagement_id: EngagementId, kpi_id: KpiId, point: KpiPoint, about: dict[str, Any]) -> None:
        marked = KpiPoint.model_validate(point.model_dump() | about)
        self._store.write_kpi_points(engagement_id, kpi_id, {point.on: marked})

    def _kpi(self, engagement_id: EngagementId, kpi_id: KpiId) -> KpiReading:
        found = next((r for r in self.kpis(engagement_id) if r.kpi.id == kpi_id), None)
        if found is None:
            raise NotFound("kpi", kpi_id)
        return found

    def _kpi_id(self) -> KpiId:
        return KpiId(self._new_id())


def reading(kpi: Kpi, points: tuple[KpiPoint, ...], currency: Currency = "NOK") -> KpiReading:
    """A KPI with what its points say."""
    bare = KpiReading(kpi, points, None, currency)
    if not points:
        return bare
    starts = [place for place, point in enumerate(points) if point.starts_segment and place]
    values = [point.value for point in points]
    found = series(values, good=kpi.better, starts=starts, baseline=bare.frozen, floor=kpi.floor_value)
    return KpiReading(kpi, points, found, currency)


def _at(found: KpiReading, on: date) -> KpiPoint:
    point = next((point for point in found.points if point.on == on), None)
    if point is None:
        raise ValueError("no point of that day")
    return point


def _over(known: KpiPoint | None, read: KpiPoint) -> KpiPoint:
    if known is None:
        return read
    return read.model_copy(update={"starts_segment": known.starts_segment, "note": read.note or known.note})


def _ratio(point: KpiPoint, scale: float) -> KpiPoint:
    return point.model_copy(update={"value": scale * (point.numerator or 0.0) / (point.denominator or 1.0)})


def _thin(kpi: Kpi, points: tuple[KpiPoint, ...]) -> tuple[KpiPoint, ...]:
    if not kpi_catalogue.counts_cases(kpi):
        return ()
    cases = [(point, point.denominator if point.denominator is not None else point.n) for point in points]
    return tuple(point for point, n in cases if n is not None and n < KPI_CASES_MIN)
