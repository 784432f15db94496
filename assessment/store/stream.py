"""The value stream's tables: stages and steps, pools, who works where, and hand-offs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from assessment.engagement import EngagementId, Handoff, Pool, PoolId, Removed, Stage, StageId, StreamMap
from assessment.store.database import Database
from assessment.store.protocol import AlreadyThere, Gone
from assessment.store.tables import (
    Tables,
    all_rows,
    change_row,
    insert_row,
    one_row,
    owned_row,
    row_of,
    unless_taken,
)

_STAGES: Final = "SELECT * FROM stages WHERE engagement_id = ? ORDER BY position, id"
_POOLS: Final = "SELECT * FROM pools WHERE engagement_id = ? ORDER BY position, id"
_WORK: Final = """
    SELECT stage_pools.* FROM stage_pools JOIN stages ON stages.id = stage_id JOIN pools ON pools.id = pool_id
    WHERE stages.engagement_id = ? ORDER BY pools.position, pool_id
"""
_HANDOFFS: Final = """
    SELECT handoffs.* FROM handoffs JOIN stages ON stages.id = from_stage_id
    WHERE engagement_id = ? ORDER BY from_stage_id, to_stage_id
"""
_SET_WORK: Final = """
    INSERT INTO stage_pools (stage_id, pool_id, process_time_h) VALUES (?, ?, ?)
    ON CONFLICT (stage_id, pool_id) DO UPDATE SET process_time_h = excluded.process_time_h
"""
_WASTE_OF: Final = "SELECT id, stage_id FROM waste_rows WHERE engagement_id = ? AND stage_id = ?"
_FIXED: Final = frozenset({"id", "position", "parent_stage_id", "work", "from_stage_id", "to_stage_id"})


class StreamTables(Tables):
    """The part of `Store` that keeps value streams."""

    def stream_map(self, engagement_id: EngagementId) -> StreamMap:
        with self._reading() as db:
            one_row(db, "engagement", engagement_id)
            return _map(db, engagement_id)

    def begin_stream(self, engagement_id: EngagementId, begun: StreamMap) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            for stage in _map(db, engagement_id).stages:
                raise AlreadyThere("stage", stage.id)
            for pool in begun.pools:
                _insert_pool(db, engagement_id, pool)
            for stage in begun.stages:
                _insert_stage(db, engagement_id, stage)
                db.conn.executemany(_SET_WORK, [(stage.id, pool, hours) for pool, hours in stage.work.items()])
            _insert_handoffs(db, begun.handoffs)

    def add_stage(self, engagement_id: EngagementId, stage: Stage) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            if stage.parent_stage_id is not None:
                _stage(db, engagement_id, stage.parent_stage_id)
            db.execute(
                "UPDATE stages SET position = position + 1"
                " WHERE engagement_id = ? AND coalesce(parent_stage_id, '') = ? AND position >= ?",
                [engagement_id, stage.parent_stage_id or "", stage.position],
            )
            _insert_stage(db, engagement_id, stage)
            db.conn.executemany(_SET_WORK, [(stage.id, pool, hours) for pool, hours in stage.work.items()])

    def change_stage(self, engagement_id: EngagementId, stage_id: StageId, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            change_row(db, "stages", _stage(db, engagement_id, stage_id), stage_id, _changing(fields))

    def change_stages(
        self, engagement_id: EngagementId, fields: Mapping[StageId, Mapping[str, object]]
    ) -> Mapping[StageId, Mapping[str, object]]:
        before = {}
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            for stage_id, changes in fields.items():
                told = _stage(db, engagement_id, stage_id)
                change_row(db, "stages", told, stage_id, _changing(changes))
                before[stage_id] = {name: getattr(told, name) for name in changes}
        return before

    def order_stages(self, engagement_id: EngagementId, stage_ids: Sequence[StageId]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            given = [_stage(db, engagement_id, stage_id) for stage_id in stage_ids]
            parent = given[0].parent_stage_id if given else None
            siblings = {s.id for s in _map(db, engagement_id).stages if s.parent_stage_id == parent}
            if siblings != set(stage_ids) or len(siblings) != len(stage_ids):
                raise Gone("stage", str(parent))  # another window has added one or taken one out
            db.conn.executemany("UPDATE stages SET position = ? WHERE id = ?", list(enumerate(stage_ids)))

    def remove_stage(self, engagement_id: EngagementId, stage_id: StageId) -> Removed:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            _stage(db, engagement_id, stage_id)
            told = _map(db, engagement_id)
            stages = tuple(s for s in told.stages if stage_id in (s.id, s.parent_stage_id))
            gone = {s.id for s in stages}
            waste = [row for id_ in gone for row in db.execute(_WASTE_OF, [engagement_id, id_]).fetchall()]
            db.execute("DELETE FROM stages WHERE id = ?", [stage_id])
        return Removed(
            # a stage before its steps, so that they can be put back in this order
            stages=tuple(sorted(stages, key=lambda s: s.parent_stage_id is not None)),
            handoffs=tuple(h for h in told.handoffs if gone & {h.from_stage_id, h.to_stage_id}),
            work=tuple((s.id, pool, hours) for s in stages for pool, hours in s.work.items()),
            waste_rows=tuple(waste),
        )

    def set_work(
        self,
        engagement_id: EngagementId,
        stage_id: StageId,
        work: Mapping[PoolId, float | None],
        wait_h: float | None = None,
    ) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            stage = _stage(db, engagement_id, stage_id)
            if wait_h is not None:
                change_row(db, "stages", stage, stage_id, {"wait_h": wait_h})
            checked = Stage.model_validate(stage.model_dump() | {"work": work}).work
            for pool_id in checked:
                _pool(db, engagement_id, pool_id)
            db.conn.executemany(_SET_WORK, [(stage_id, pool, hours) for pool, hours in checked.items()])

    def remove_work(self, engagement_id: EngagementId, stage_id: StageId, pool_ids: Iterable[PoolId]) -> Removed:
        taken = set(pool_ids)
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            _stage(db, engagement_id, stage_id)
            work = next(s.work for s in _map(db, engagement_id).stages if s.id == stage_id)
            removed = tuple((stage_id, pool, hours) for pool, hours in work.items() if pool in taken)
            for _, pool, _hours in removed:
                db.execute("DELETE FROM stage_pools WHERE stage_id = ? AND pool_id = ?", [stage_id, pool])
        return Removed(work=removed)

    def add_pool(self, engagement_id: EngagementId, pool: Pool) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            _insert_pool(db, engagement_id, pool)

    def change_pool(self, engagement_id: EngagementId, pool_id: PoolId, fields: Mapping[str, object]) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            with unless_taken("pool", pool_id):
                change_row(db, "pools", _pool(db, engagement_id, pool_id), pool_id, _changing(fields))

    def remove_pool(self, engagement_id: EngagementId, pool_id: PoolId) -> Removed:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            pool = _pool(db, engagement_id, pool_id)
            stages = _map(db, engagement_id).stages
            db.execute("DELETE FROM pools WHERE id = ?", [pool_id])
        return Removed(pools=(pool,), work=tuple((s.id, pool_id, s.work[pool_id]) for s in stages if pool_id in s.work))

    def save_handoff(
        self, engagement_id: EngagementId, from_id: StageId, to_id: StageId, fields: Mapping[str, object]
    ) -> None:
        key = {"from_stage_id": from_id, "to_stage_id": to_id}
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            for stage_id in (from_id, to_id):
                _stage(db, engagement_id, stage_id)
            told = _handoff(db, from_id, to_id)
            changed = row_of(Handoff.model_validate({**(told.model_dump() if told else key), **_changing(fields)}))
            named = {name: changed[name] for name in fields}
            if told is None:
                db.table("handoffs").insert(key | named)
            elif named:
                db.table("handoffs").update((from_id, to_id), named)

    def remove_handoff(self, engagement_id: EngagementId, from_id: StageId, to_id: StageId) -> Removed:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            _stage(db, engagement_id, from_id)
            told = _handoff(db, from_id, to_id)
            if told is None:
                raise Gone("handoff", f"{from_id} {to_id}")
            db.execute("DELETE FROM handoffs WHERE from_stage_id = ? AND to_stage_id = ?", [from_id, to_id])
        return Removed(handoffs=(told,))

    def put_back(self, engagement_id: EngagementId, removed: Removed) -> None:
        with self._writing() as db:
            self._open_engagement(db, engagement_id)
            for pool in removed.pools:
                _insert_pool(db, engagement_id, pool)
            for stage in removed.stages:
                if stage.parent_stage_id is not None:
                    _stage(db, engagement_id, stage.parent_stage_id)
                _insert_stage(db, engagement_id, stage)
            now = _map(db, engagement_id)
            stages, pools = {s.id for s in now.stages}, {p.id for p in now.pools}
            _insert_handoffs(db, [h for h in removed.handoffs if {h.from_stage_id, h.to_stage_id} <= stages])
            db.conn.executemany(_SET_WORK, [w for w in removed.work if w[0] in stages and w[1] in pools])
            db.conn.executemany(
                "UPDATE waste_rows SET stage_id = ? WHERE id = ? AND engagement_id = ? AND stage_id IS NULL",
                [(stage_id, row, engagement_id) for row, stage_id in removed.waste_rows],
            )


def _map(db: Database, engagement_id: str) -> StreamMap:
    work: dict[str, dict[str, float | None]] = {}
    for row in all_rows(db, _WORK, [engagement_id]):
        work.setdefault(row["stage_id"], {})[row["pool_id"]] = row["process_time_h"]
    return StreamMap(
        stages=tuple(
            Stage.model_validate(_without_owner(row) | {"work": work.get(row["id"], {})})
            for row in all_rows(db, _STAGES, [engagement_id])
        ),
        pools=tuple(Pool.model_validate(_without_owner(row)) for row in all_rows(db, _POOLS, [engagement_id])),
        handoffs=tuple(Handoff.model_validate(row) for row in all_rows(db, _HANDOFFS, [engagement_id])),
    )


def _stage(db: Database, engagement_id: str, stage_id: str) -> Stage:
    """A stage of the engagement without its work. Raises: Gone."""
    return Stage.model_validate(_without_owner(owned_row(db, "stages", "stage", engagement_id, stage_id)))


def _pool(db: Database, engagement_id: str, pool_id: str) -> Pool:
    return Pool.model_validate(_without_owner(owned_row(db, "pools", "pool", engagement_id, pool_id)))


def _handoff(db: Database, from_id: str, to_id: str) -> Handoff | None:
    rows = all_rows(db, "SELECT * FROM handoffs WHERE from_stage_id = ? AND to_stage_id = ?", [from_id, to_id])
    return Handoff.model_validate(rows[0]) if rows else None


def _changing(fields: Mapping[str, object]) -> dict[str, object]:
    if _FIXED & fields.keys():
        raise ValueError("a part of the chain keeps its id and its place")
    return dict(fields)


def _insert_stage(db: Database, engagement_id: str, stage: Stage) -> None:
    row = {"engagement_id": engagement_id} | row_of(stage, leave_out=frozenset({"work"}))
    insert_row(db, "stages", row, "stage", stage.id)


def _insert_pool(db: Database, engagement_id: str, pool: Pool) -> None:
    insert_row(db, "pools", {"engagement_id": engagement_id} | row_of(pool), "pool", pool.id)


def _insert_handoffs(db: Database, handoffs: Sequence[Handoff]) -> None:
    for handoff in handoffs:
        insert_row(db, "handoffs", row_of(handoff), "handoff", f"{handoff.from_stage_id} {handoff.to_stage_id}")


def _without_owner(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "engagement_id"}
