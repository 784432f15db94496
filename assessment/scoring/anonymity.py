"""Which answers may be used, and in which groups. Source: method §3.8.

The rule: an answer is used only in the company of at least k answers of the same group to the same item; every other
answer is used nowhere. Everything that depends on groups goes through `publication`.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from assessment.config import K_MIN
from assessment.scoring.answers import NA, OPEN, PERSPECTIVES, PROTECTED, AnswerTable, Bools, Ints, Mode

_Label = tuple[int, str]  # position in PROTECTED, team name


class DisclosureError(Exception):
    """Something about to be published would single out fewer than k protected people."""


@dataclass(frozen=True)
class Group:
    """People whose answers are used together. teams: names, empty when teams are not told apart."""

    roles: tuple[str, ...]
    teams: tuple[str, ...]
    n: int


@dataclass(frozen=True, eq=False)
class Publication:
    """What one closed survey may publish.

    groups: the partition, protected ones in the order S, OP, OD (then team name), then SL, TM, K. left_out: protected
    people used nowhere. group: (n,) position in `groups`, -1 for those left out. used: (n, m), the answers 1..5 that
    count. counted: (n, m), the cells over which shares of don't know and not applicable are taken.
    """

    groups: tuple[Group, ...]
    left_out: tuple[Group, ...]
    group: Ints
    used: Bools
    counted: Bools


def publication(table: AnswerTable, *, mode: Mode, k: int = K_MIN, by_team: bool = False) -> Publication:
    """The groups of a survey and the cells that may be used.

    Anonymous: protected roles (by team as well, when the wave was opened so) are merged within their perspective until
    each group has k people; a perspective of fewer than k is left out; a cell with fewer than k answers is not used.
    Sizes are of people, also those who answer nothing. Open roles and the consultant are always used, since they are
    told so before they answer. Don't know and not applicable are counted for open roles too, and for protected people
    over items shown to at least k of their group.
    Solo: every role present is a group and everything is used. Consensus: one row without role, so no groups.

    Raises: ValueError when `by_team` is asked for in anonymous mode and the table has no teams.
    """
    if mode == "consensus":
        return Publication((), (), np.zeros(table.respondents, dtype=np.int64), table.answered, table.shown)
    if mode == "solo":
        names = PROTECTED + OPEN
        group, groups = _by_role(table, names)
        return Publication(groups, (), group, table.answered, table.shown & (table.roles != "K")[:, np.newaxis])
    protected, left_out, group = _protected_groups(table, k, by_team)
    open_group, open_groups = _by_role(table, OPEN)
    group = np.where(open_group >= 0, open_group + len(protected), group)
    company = _in_company(table.answered, group, k)
    exempt = (group >= len(protected))[:, np.newaxis]
    in_use = (group >= 0)[:, np.newaxis]
    not_consultant = (table.roles != "K")[:, np.newaxis]
    return Publication(
        groups=protected + open_groups,
        left_out=left_out,
        group=group,
        used=table.answered & in_use & (exempt | company),
        counted=table.shown & in_use & not_consultant & (exempt | _in_company(table.shown, group, k)),
    )


def check_differencing(sets: Bools, protected: Bools, k: int) -> None:
    """Nothing, when no two of the sets differ by 1 to k-1 protected people, one within the other.

    sets: (sets, n), each the respondents behind one published number of the same quantity; the empty set is always
    among them, so a set of 1 to k-1 protected people fails too. protected: (n,).
    Raises: DisclosureError. Source: method §3.8 rule 4.
    """
    family = np.vstack([np.zeros((1, sets.shape[1]), dtype=np.bool_), sets]).astype(np.float32)
    # [inner, outer]: how many people, and protected people, two sets share; floats, but exact to 2 to the 24th people
    shared, shared_protected = family @ family.T, (family * protected) @ family.T
    contains = shared == shared.diagonal()[:, np.newaxis]
    people = shared_protected.diagonal() - shared_protected
    if (contains & (people > 0) & (people < k)).any():
        raise DisclosureError(f"two published sets differ by fewer than {k} protected people")


def check_publication(table: AnswerTable, view: Publication, k: int) -> None:
    """Nothing, when no item's totals, perspectives or their differences single out fewer than k protected people.

    Raises: DisclosureError.
    """
    sets, protected = published_sets(table, view), np.isin(table.roles, PROTECTED)
    for column in range(sets.shape[2]):
        check_differencing(sets[:, :, column], protected, k)


def published_sets(table: AnswerTable, view: Publication) -> Bools:
    """(perspectives and all, n, m): whose answers a published number of an item rests on."""
    members = np.array([np.isin(table.roles, roles) for roles in PERSPECTIVES.values()])
    sets: Bools = np.vstack([members, members.any(axis=0)])[:, np.newaxis] & np.ascontiguousarray(view.used.T)
    return sets.transpose(0, 2, 1)  # in memory item by item, as they are looked at


def applicable(table: AnswerTable) -> Bools:
    """(n, m), items shown and not answered with "not applicable"."""
    cells: Bools = table.shown & (table.values != NA)
    return cells


def _by_role(table: AnswerTable, names: tuple[str, ...]) -> tuple[Ints, tuple[Group, ...]]:
    """One group for each role that somebody has, and each person's position among them or -1."""
    group = np.full(table.respondents, -1, dtype=np.int64)
    groups: list[Group] = []
    for role in names:
        people = table.roles == role
        if people.any():
            group[people] = len(groups)
            groups.append(Group((role,), (), int(people.sum())))
    return group, tuple(groups)


def _protected_groups(table: AnswerTable, k: int, by_team: bool) -> tuple[tuple[Group, ...], tuple[Group, ...], Ints]:
    """Groups of protected people with k or more, those left out, and each person's position or -1."""
    label_of, sizes = _labels(table, by_team)
    merged: list[tuple[list[_Label], int]] = []
    left_out: list[tuple[list[_Label], int]] = []
    for roles in PERSPECTIVES.values():
        for labels, people in _merge({x: n for x, n in sizes.items() if PROTECTED[x[0]] in roles}, k):
            (merged if people >= k else left_out).append((labels, people))
    merged.sort()
    left_out.sort()
    position = {label: place for place, (labels, _) in enumerate(merged) for label in labels}
    lookup = np.array([position.get(label, -1) for label in sizes] + [-1], dtype=np.int64)
    return tuple(_named(*g, by_team) for g in merged), tuple(_named(*g, by_team) for g in left_out), lookup[label_of]


def _labels(table: AnswerTable, by_team: bool) -> tuple[Ints, dict[_Label, int]]:
    """Each protected person's position among the labels (-1: not protected), and how many people each label has."""
    if by_team and table.teams is None:
        raise ValueError("groups by team need teams")
    label_of = np.full(table.respondents, -1, dtype=np.int64)
    sizes: dict[_Label, int] = {}
    for order, role in enumerate(PROTECTED):
        people = np.flatnonzero(table.roles == role)
        if not len(people):
            continue
        teams = table.teams[people] if by_team and table.teams is not None else np.full(len(people), "")
        names, which, counts = np.unique(teams, return_inverse=True, return_counts=True)
        label_of[people] = which + len(sizes)
        sizes.update({(order, str(name)): int(count) for name, count in zip(names, counts, strict=True)})
    return label_of, sizes


def _merge(sizes: dict[_Label, int], k: int) -> list[tuple[list[_Label], int]]:
    """The partition after merging the smallest with the next smallest while one has fewer than k people.

    Ties go by role, then team name; a merged group takes the place of its first member.
    """
    heap = [(people, [label]) for label, people in sizes.items()]
    heapq.heapify(heap)
    while len(heap) > 1 and heap[0][0] < k:
        smallest, next_smallest = heapq.heappop(heap), heapq.heappop(heap)
        together = sorted(smallest[1] + next_smallest[1])
        heapq.heappush(heap, (smallest[0] + next_smallest[0], together))
    return [(labels, people) for people, labels in heap]


def _named(labels: list[_Label], people: int, by_team: bool) -> Group:
    roles = tuple(PROTECTED[order] for order in sorted({order for order, _ in labels}))
    teams = tuple(sorted({team for _, team in labels})) if by_team else ()
    return Group(roles, teams, people)


def _in_company(cells: Bools, group: Ints, k: int) -> Bools:
    """(n, m), whether at least k people of the respondent's group have the item's cell."""
    sizes = np.zeros((int(group.max(initial=-1)) + 2, cells.shape[1]), dtype=np.int64)
    # group by group: adding rows up at their group's place (np.add.at) takes forty times as long
    order = np.argsort(group, kind="stable")
    present, first = np.unique(group[order], return_index=True)
    if len(present):
        sizes[present] = np.add.reduceat(cells[order].view(np.uint8), first, axis=0, dtype=np.int64)
    sizes[-1] = 0  # those left out, whose group is -1
    company: Bools = (sizes >= k).T[:, group].T
    return company
