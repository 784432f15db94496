"""The value stream of sales and its hand-offs: what is told of them, and what follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal

from assessment.current_state import value_stream as vs
from assessment.engagement import EngagementId, Handoff, Pool, PoolId, Removed, Stage, StageId, StreamMap
from assessment.guard import requires
from assessment.packs import Language
from assessment.store.protocol import Gone
from assessment.stream_template import template
from assessment.use_cases import UseCases

Field = Literal[
    "wait_h",
    "process_time_h",
    "complete_accurate_share",
    "volume_month",
    "conversion_share",
    "fte",
    "hours_month",
    "flow_share",
]
STAGE_FIELDS: Final[tuple[Field, ...]] = ("wait_h", "complete_accurate_share", "volume_month", "conversion_share")
POOL_FIELDS: Final[tuple[Field, ...]] = ("fte", "hours_month", "flow_share")
LEVER_STEP: Final = 0.10
CLEAR: Final = ("clear_content", "clear_deadline", "clear_receiver", "clear_feedback")
# between neighbours these are the stages' own: (field of the hand-off, on the sender, field of the stage)
_OF_NEIGHBOURS: Final = {
    "complete_accurate_receiver_share": (True, "complete_accurate_share"),
    "volume_month": (False, "volume_month"),
    "wait_h": (False, "wait_h"),
}


@dataclass(frozen=True)
class PoolUse:
    """Hours a month asked of a pool and had from it, and load over capacity; None where a figure behind it is missing.

    stages: where it works, in their order.
    short_cases: by how many cases a month the queue grows, where the pool serves one stage and has too few hours.
    """

    id: PoolId
    load_h: float | None
    load_without_rework_h: float | None
    capacity_h: float | None
    rho: float | None
    rho_without_rework: float | None
    stages: tuple[StageId, ...]
    short_cases: float | None

    @property
    def band(self) -> vs.Band | None:
        """The word for its utilisation."""
        return None if self.rho is None else vs.utilisation_band(self.rho)


@dataclass(frozen=True)
class Flow:
    """What a chain shows; None where a figure it rests on is missing, never a sum of what happens to be known.

    internal_wait_share: of own waiting between stages. little: the stages with counted cases and all that is needed.
    """

    process_time_h: float | None
    lead_time_h: float | None
    flow_efficiency: float | None
    flow_efficiency_own: float | None
    rty: float | None
    ca_geo: float | None
    conversion: float | None
    internal_wait_share: float | None
    pools: tuple[PoolUse, ...]
    bottleneck: PoolId | None
    little: tuple[vs.Little, ...]

    def pool(self, pool_id: PoolId) -> PoolUse:
        """The load of a pool."""
        return next(use for use in self.pools if use.id == pool_id)


@dataclass(frozen=True)
class Interface:
    """A hand-off with the figures of both sides; rework_h is what putting right costs a month (method §5.5).

    neighbours: the two follow each other in the chain. clarity: how many of the four points are agreed, None when
    nobody has been asked.
    """

    told: Handoff
    neighbours: bool
    crosses: bool
    volume_month: float | None
    wait_h: float | None
    sender_share: float | None
    receiver_share: float | None

    @property
    def rework_h(self) -> float | None:
        """Hours a month."""
        if self.volume_month is None or self.receiver_share is None or self.told.fix_h is None:
            return None
        return self.volume_month * (1 - self.receiver_share) * self.told.fix_h

    @property
    def clarity(self) -> int | None:
        """0 to 4."""
        points = [getattr(self.told, name) for name in CLEAR]
        return None if all(point is None for point in points) else sum(point is True for point in points)

    @property
    def apart(self) -> float | None:
        """The sender's view minus the receiver's."""
        if self.sender_share is None or self.receiver_share is None:
            return None
        return self.sender_share - self.receiver_share

    @property
    def waiting(self) -> float | None:
        """Hours that cases wait here in a month, all together."""
        return None if self.wait_h is None or self.volume_month is None else self.wait_h * self.volume_month


@dataclass(frozen=True)
class Rework:
    """Hours of rework a month in all hand-offs whose cost is known, and how many those are."""

    hours: float
    counted: int


@dataclass(frozen=True)
class Change:
    """A number as it might be: of a stage, of a pool, or (with both) of a pool's hours on a case in a stage."""

    field: Field
    value: float
    stage_id: StageId | None = None
    pool_id: PoolId | None = None

    @property
    def about(self) -> tuple[Field, StageId | None, PoolId | None]:
        """Which number it is."""
        return self.field, self.stage_id, self.pool_id


@dataclass(frozen=True)
class Lever:
    """The quality that frees the bottleneck most: a sender's change, and the bottleneck's load over capacity then."""

    change: Change
    rho: float


@dataclass(frozen=True)
class Stream:
    """A value stream as it is told, and what follows from it."""

    told: StreamMap

    @cached_property
    def chain(self) -> tuple[Stage, ...]:
        """The stages, first to last."""
        return self.steps(None)

    def steps(self, stage_id: StageId | None) -> tuple[Stage, ...]:
        """The steps within a stage, first to last; of None the stages themselves."""
        return tuple(s for s in self.told.stages if s.parent_stage_id == stage_id)

    def stage(self, stage_id: str | None) -> Stage | None:
        """The stage or step, None when there is none."""
        return next((s for s in self.told.stages if s.id == stage_id), None)

    def pool(self, pool_id: str | None) -> Pool | None:
        """The pool, None when there is none."""
        return next((p for p in self.told.pools if p.id == pool_id), None)

    @cached_property
    def flow(self) -> Flow:
        """What the chain of stages shows."""
        return flow(self.chain, self.told.pools)

    @cached_property
    def interfaces(self) -> tuple[Interface, ...]:
        """Hand-offs between neighbours, and the others somebody told of, most costly first.

        By hours of rework, then by hours waited; those with neither known last, in the order of the chain.
        """
        order = {stage.id: at for at, stage in enumerate(self.chain)}
        told = {
            (h.from_stage_id, h.to_stage_id): h
            for h in self.told.handoffs
            if {h.from_stage_id, h.to_stage_id} <= order.keys()
        }
        neighbours = {(one.id, other.id) for one, other in pairwise(self.chain)}
        pairs = sorted(neighbours | told.keys(), key=lambda pair: (order[pair[0]], order[pair[1]]))
        found = [
            self._interface(told.get(pair) or Handoff(from_stage_id=pair[0], to_stage_id=pair[1]), pair in neighbours)
            for pair in pairs
        ]
        return tuple(sorted(found, key=lambda i: (i.rework_h is None, -(i.rework_h or 0.0), -(i.waiting or 0.0))))

    @property
    def rework(self) -> Rework:
        """What the hand-offs cost together."""
        known = [i.rework_h for i in self.interfaces if i.rework_h is not None]
        return Rework(sum(known), len(known))

    def _interface(self, told: Handoff, neighbours: bool) -> Interface:
        sender, receiver = self.stage(told.from_stage_id), self.stage(told.to_stage_id)
        assert sender is not None
        assert receiver is not None
        own = {
            name: getattr((sender if sends else receiver) if neighbours else told, field if neighbours else name)
            for name, (sends, field) in _OF_NEIGHBOURS.items()
        }
        return Interface(
            told=told,
            neighbours=neighbours,
            crosses=crosses(sender, receiver),
            volume_month=own["volume_month"],
            wait_h=own["wait_h"],
            sender_share=told.complete_accurate_sender_share,
            receiver_share=own["complete_accurate_receiver_share"],
        )

    @cached_property
    def lever(self) -> Lever | None:
        """What a LEVER_STEP better output does to the bottleneck, from the stage before it where it does most.

        None without a bottleneck, or when nothing better can reach it.
        """
        full = self.flow.bottleneck
        if full is None:
            return None
        found = []
        for sender, receiver in pairwise(self.chain):
            share = sender.complete_accurate_share
            if full in receiver.work and share is not None and share < 1:
                change = Change("complete_accurate_share", round(min(1.0, share + LEVER_STEP), 4), stage_id=sender.id)
                after = Stream(changed(self.told, [change])).flow.pool(full).rho
                if after is not None:
                    found.append(Lever(change, after))
        return min(found, key=lambda lever: lever.rho, default=None)

    @cached_property
    def missing(self) -> Mapping[str, int]:
        """How many stages (of `capacity`: pools that work in one) lack which figure; only those that some lack."""
        lack = {
            "wait_h": [s.wait_h is None for s in self.chain],
            "process_time_h": [process_time_h(s) is None for s in self.chain],
            "complete_accurate_share": [s.complete_accurate_share is None for s in self.chain],
            "volume_month": [s.volume_month is None for s in self.chain],
            "capacity": [use.capacity_h is None for use in self.flow.pools if use.stages],
        }
        return {name: sum(lacking) for name, lacking in lack.items() if any(lacking)}

    def steps_sum(self, stage_id: StageId) -> tuple[float, dict[PoolId, float]] | None:
        """Waiting and hands-on hours by pool of a stage's steps together; None unless each step has both."""
        steps = self.steps(stage_id)
        if not steps or any(s.wait_h is None or None in s.work.values() for s in steps):
            return None
        work: dict[PoolId, float] = {}
        for step in steps:
            for pool, hours in step.work.items():
                work[pool] = work.get(pool, 0.0) + (hours or 0.0)
        return sum(s.wait_h or 0.0 for s in steps), work


def crosses(sender: Stage, receiver: Stage) -> bool:
    """Whether a hand-off leaves a department; not when either is unknown."""
    one, other = (s.department.casefold() if s.department else None for s in (sender, receiver))
    return one is not None and other is not None and one != other


def process_time_h(stage: Stage) -> float | None:
    """Hands-on hours on a case, all pools together; None when somebody's are unknown or nobody works there."""
    hours = [h for h in stage.work.values() if h is not None]
    return sum(hours) if hours and len(hours) == len(stage.work) else None


def flow(chain: Sequence[Stage], pools: Sequence[Pool]) -> Flow:
    """What a chain of stages or steps shows. Source: method §5.2-5.3."""
    if not chain:
        return Flow(None, None, None, None, None, None, None, None, (), None, ())
    known = vs.ValueStream(tuple(_stage(s) for s in chain), tuple(_pool(p) for p in pools))
    timed = all(s.wait_h is not None and process_time_h(s) is not None for s in chain)
    waited = all(s.wait_h is not None for s in chain[1:])
    judged = all(s.complete_accurate_share is not None for s in chain)
    counted = chain[0].volume_month is not None and chain[-1].volume_month is not None
    uses = _uses(chain, pools, known)
    countable = {s.id for s in chain if None not in (s.wait_h, process_time_h(s), s.volume_month, s.wip)}
    return Flow(
        process_time_h=vs.process_time_h(known) if timed else None,
        lead_time_h=vs.lead_time_h(known) if timed else None,
        flow_efficiency=vs.flow_efficiency(known) if timed else None,
        flow_efficiency_own=vs.flow_efficiency_own(known) if timed else None,
        rty=vs.rolled_throughput_yield(known) if judged else None,
        ca_geo=vs.ca_geo(known) if judged else None,
        conversion=vs.conversion(known) if counted else None,
        internal_wait_share=vs.internal_wait_share(known) if waited else None,
        pools=uses,
        bottleneck=_bottleneck(uses),
        little=tuple(check for check in vs.little_checks(known) if check.stage in countable),
    )


def changed(told: StreamMap, changes: Iterable[Change]) -> StreamMap:
    """The stream with these numbers in place of its own; volumes further on follow a volume or a conversion.

    Raises: Gone; pydantic's ValueError when a number cannot be.
    """
    for change in changes:
        told = _changed(told, change)
    return told


class ValueStreams(UseCases):
    """Value streams: told stage by stage, and what follows from what is told."""

    @requires("read")
    def stream(self, engagement_id: EngagementId) -> Stream:
        """The value stream; without stages before one is begun."""
        return Stream(self._store.stream_map(self.engagement(engagement_id).id))

    @requires("read")
    def what_if(self, engagement_id: EngagementId, changes: Sequence[Change]) -> Stream:
        """The value stream with other numbers; nothing is stored. Raises: Gone, ValueError."""
        return Stream(changed(self.stream(engagement_id).told, changes))

    @requires("run")
    def begin_stream(self, engagement_id: EngagementId, language: Language, *, worked: bool) -> None:
        """Lay out the eight stages, empty or with the worked figures to change. Raises: AlreadyThere."""
        begun = template(language, lambda _: self._new_id(), worked=worked)
        # pools that are left from a chain taken out again stay as they are
        left = {pool.name: pool.id for pool in self.stream(engagement_id).told.pools}
        same = {pool.id: left[pool.name] for pool in begun.pools if pool.name in left}
        self._store.begin_stream(
            engagement_id,
            StreamMap(
                stages=tuple(
                    s.model_copy(update={"work": {same.get(p, p): h for p, h in s.work.items()}}) for s in begun.stages
                ),
                pools=tuple(p for p in begun.pools if p.id not in same),
                handoffs=begun.handoffs,
            ),
        )

    @requires("run")
    def add_stage(
        self, engagement_id: EngagementId, name: str, *, after: StageId | None = None, within: StageId | None = None
    ) -> StageId:
        """Add a stage after another one, or as the last; or a step within a stage, in its department. Raises: Gone."""
        stream = self.stream(engagement_id)
        before, parent = stream.stage(after), stream.stage(within)
        if (after is not None and before is None) or (within is not None and parent is None):
            raise Gone("stage", str(after or within))
        siblings = stream.steps(before.parent_stage_id if before else within)
        near = before or parent
        stage = Stage(
            id=StageId(self._new_id()),
            parent_stage_id=before.parent_stage_id if before else within,
            position=before.position + 1 if before else max((s.position for s in siblings), default=-1) + 1,
            name=name,
            department=near.department if near else None,
        )
        self._store.add_stage(engagement_id, stage)
        return stage.id

    @requires("run")
    def change_stage(self, engagement_id: EngagementId, stage_id: StageId, fields: Mapping[str, object]) -> None:
        """Replace these fields of a stage or a step; a new name is the organisation's own. Raises: Gone, ValueError."""
        renamed = {"code": None} if "name" in fields and "code" not in fields else {}
        self._store.change_stage(engagement_id, stage_id, {**fields, **renamed})

    @requires("run")
    def move_stage(self, engagement_id: EngagementId, stage_id: StageId, places: int) -> None:
        """Move a stage among its siblings, earlier by a negative number of places. Raises: Gone."""
        stream = self.stream(engagement_id)
        stage = stream.stage(stage_id)
        if stage is None:
            raise Gone("stage", stage_id)
        order = [s.id for s in stream.steps(stage.parent_stage_id)]
        at = order.index(stage_id)
        order.insert(max(0, at + places), order.pop(at))
        self._store.order_stages(engagement_id, order)

    @requires("run")
    def remove_stage(self, engagement_id: EngagementId, stage_id: StageId) -> Removed:
        """Take out a stage with its steps and hand-offs; `put_back` undoes it. Raises: Gone."""
        return self._store.remove_stage(engagement_id, stage_id)

    @requires("run")
    def set_work(
        self, engagement_id: EngagementId, stage_id: StageId, pool_id: PoolId, process_time_h: float | None
    ) -> None:
        """Say how long a pool works by hand on a case in a stage. Raises: Gone, ValueError."""
        self._store.set_work(engagement_id, stage_id, {pool_id: process_time_h})

    @requires("run")
    def staff(self, engagement_id: EngagementId, stage_id: StageId, pool_ids: Sequence[PoolId]) -> Removed:
        """Say which pools work in a stage; those who stay keep their hours, and `put_back` undoes who left.

        Raises: Gone.
        """
        stage = self.stream(engagement_id).stage(stage_id)
        if stage is None:
            raise Gone("stage", stage_id)
        self._store.set_work(engagement_id, stage_id, {pool: None for pool in pool_ids if pool not in stage.work})
        return self._store.remove_work(engagement_id, stage_id, stage.work.keys() - set(pool_ids))

    @requires("run")
    def use_steps(self, engagement_id: EngagementId, stage_id: StageId) -> None:
        """Give a stage the waiting and the hands-on hours of its steps together. Raises: Gone when one has no times."""
        total = self.stream(engagement_id).steps_sum(stage_id)
        if total is None:
            raise Gone("stage", stage_id)
        wait_h, work = total
        self._store.set_work(engagement_id, stage_id, work, wait_h)

    @requires("run")
    def add_pool(self, engagement_id: EngagementId, name: str) -> PoolId:
        """Add a pool. Raises: AlreadyThere when the name is taken."""
        others = self.stream(engagement_id).told.pools
        position = max((p.position for p in others), default=-1) + 1
        pool = Pool(id=PoolId(self._new_id()), position=position, name=name)
        self._store.add_pool(engagement_id, pool)
        return pool.id

    @requires("run")
    def change_pool(self, engagement_id: EngagementId, pool_id: PoolId, fields: Mapping[str, object]) -> None:
        """Replace these fields of a pool. Raises: Gone, AlreadyThere, ValueError."""
        self._store.change_pool(engagement_id, pool_id, fields)

    @requires("run")
    def remove_pool(self, engagement_id: EngagementId, pool_id: PoolId) -> Removed:
        """Take out a pool; `put_back` undoes it. Raises: Gone."""
        return self._store.remove_pool(engagement_id, pool_id)

    @requires("run")
    def change_handoff(
        self, engagement_id: EngagementId, from_id: StageId, to_id: StageId, fields: Mapping[str, object]
    ) -> None:
        """Replace these fields of a hand-off, made when it is not there.

        Between neighbours, volume, wait and the receiver's view are written to the stages they are figures of.
        Raises: Gone, ValueError.
        """
        own, chain = dict(fields), [s.id for s in self.stream(engagement_id).chain]
        if (from_id, to_id) in pairwise(chain):
            for name in _OF_NEIGHBOURS.keys() & fields.keys():
                sends, field = _OF_NEIGHBOURS[name]
                self._store.change_stage(engagement_id, from_id if sends else to_id, {field: own.pop(name)})
        if own or not fields:
            self._store.save_handoff(engagement_id, from_id, to_id, own)

    @requires("run")
    def remove_handoff(self, engagement_id: EngagementId, from_id: StageId, to_id: StageId) -> Removed:
        """Forget what is told of a hand-off; `put_back` undoes it. Raises: Gone."""
        return self._store.remove_handoff(engagement_id, from_id, to_id)

    @requires("run")
    def put_back(self, engagement_id: EngagementId, removed: Removed) -> None:
        """Undo a removal. Raises: AlreadyThere, Gone."""
        self._store.put_back(engagement_id, removed)


def _stage(stage: Stage) -> vs.Stage:
    """As the calculation wants it; what is unknown adds nothing, and what rests on it is not shown."""
    share = stage.complete_accurate_share
    return vs.Stage(
        id=stage.id,
        work=tuple(vs.Work(pool, hours or 0.0) for pool, hours in stage.work.items()),
        wait_h=stage.wait_h or 0.0,
        complete_accurate=1.0 if share is None else share,
        volume=stage.volume_month or 0.0,
        wait_side=stage.wait_side,
        wip=stage.wip,
    )


def _pool(pool: Pool) -> vs.Pool:
    return vs.Pool(pool.id, pool.fte or 0.0, pool.hours_month or 0.0, pool.flow_share or 0.0)


def _uses(chain: Sequence[Stage], pools: Sequence[Pool], known: vs.ValueStream) -> tuple[PoolUse, ...]:
    incoming = [1.0, *(s.complete_accurate_share for s in chain[:-1])]
    uses = []
    for pool, load in zip(pools, vs.pool_loads(known), strict=True):
        served = [(stage, share) for stage, share in zip(chain, incoming, strict=True) if pool.id in stage.work]
        asked = all(s.volume_month is not None and s.work[pool.id] is not None for s, _ in served)
        received = asked and all(share is not None for _, share in served)
        had = None not in (pool.fte, pool.hours_month, pool.flow_share)
        uses.append(
            PoolUse(
                id=pool.id,
                load_h=load.load_h if received else None,
                load_without_rework_h=load.load_without_rework_h if asked else None,
                capacity_h=load.capacity_h if had else None,
                rho=load.rho if received and had else None,
                rho_without_rework=load.rho_without_rework if asked and had else None,
                stages=tuple(s.id for s, _ in served),
                short_cases=_short_cases([s for s, _ in served], load) if received and had else None,
            )
        )
    return tuple(uses)


def _short_cases(served: Sequence[Stage], load: vs.PoolLoad) -> float | None:
    """The hours that are missing as cases of the one stage that the pool serves. Source: method §5.3."""
    if len(served) != 1 or load.load_h <= load.capacity_h or not served[0].volume_month:
        return None
    return (load.load_h - load.capacity_h) / (load.load_h / served[0].volume_month)


def _bottleneck(uses: Sequence[PoolUse]) -> PoolId | None:
    known = [vs.PoolLoad(use.id, 0.0, 0.0, 0.0, use.rho, use.rho_without_rework) for use in uses if use.rho is not None]
    found = vs.bottleneck(known)
    return None if found is None else PoolId(found)


def _changed(told: StreamMap, change: Change) -> StreamMap:
    stage = next((s for s in told.stages if s.id == change.stage_id), None)
    pool = next((p for p in told.pools if p.id == change.pool_id), None)
    if stage is None and pool is None:
        raise Gone("stage", str(change.stage_id))
    if stage is None:
        assert pool is not None
        new_pool = Pool.model_validate(pool.model_dump() | {change.field: change.value})
        return told.model_copy(update={"pools": tuple(new_pool if p is pool else p for p in told.pools)})
    if pool is not None:
        fields: dict[str, object] = {"work": {**stage.work, pool.id: change.value}}
    else:
        fields = {change.field: change.value}
    new = Stage.model_validate(stage.model_dump() | fields)
    stages = [new if s is stage else s for s in told.stages]
    before = getattr(stage, change.field, None)
    if change.field in ("volume_month", "conversion_share") and before:
        stages = _following(stages, new, change.value / before)
    return told.model_copy(update={"stages": tuple(stages)})


def _following(stages: Sequence[Stage], changed_stage: Stage, factor: float) -> list[Stage]:
    """The stages with the volumes after a changed one multiplied."""
    siblings = [s.id for s in stages if s.parent_stage_id == changed_stage.parent_stage_id]
    after = set(siblings[siblings.index(changed_stage.id) + 1 :])
    return [
        s.model_copy(update={"volume_month": s.volume_month * factor})
        if s.id in after and s.volume_month is not None
        else s
        for s in stages
    ]
