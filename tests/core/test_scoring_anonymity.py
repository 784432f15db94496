"""Which answers may be used: the examples and rules of method §3.8."""

import numpy as np
import pytest

from assessment.packs import builtin
from assessment.scoring.anonymity import DisclosureError, check_differencing, publication
from assessment.scoring.answers import DK, AnswerTable, shown_items
from assessment.scoring.score import score

FULL = builtin("full")
ITEM = {item.id: column for column, item in enumerate(FULL.items)}


def survey(teams: dict[tuple[str, str], int] | None = None, **sizes: int) -> AnswerTable:
    """Everybody answers everything they are shown, 2 and 3 in turn."""
    people = teams or {(role, ""): n for role, n in sizes.items()}
    roles = np.array([role for (role, _), n in people.items() for _ in range(n)])
    names = np.array([team for (_, team), n in people.items() for _ in range(n)])
    shown = shown_items(FULL, roles, "anonymous")
    values = np.where(shown, 2 + np.add.outer(np.arange(len(roles)), np.arange(shown.shape[1])) % 2, 0)
    return AnswerTable(roles, names, values.astype(np.int8), shown)


def groups(view) -> list[tuple[tuple[str, ...], int]]:
    return [(group.roles, group.n) for group in view.groups]


def test_example_1_two_small_departments_merge_and_open_roles_stay():
    table = survey(S=8, OP=3, OD=6, SL=2, TM=1)
    view = publication(table, mode="anonymous")
    assert groups(view) == [(("S",), 8), (("OP", "OD"), 9), (("SL",), 2), (("TM",), 1)]
    column = ITEM["C7.5"]  # not shown to OD: the surroundings' cell holds three answers
    assert not view.used[np.isin(table.roles, ("OP", "OD")), column].any()
    assert view.used[np.isin(table.roles, ("S", "SL")), column].all()
    result = score(table, FULL, mode="anonymous")
    assert result.item("C7.5").n == 10
    assert result.criterion("C7").seen_from == ("leadership", "sellers", "surroundings")
    assert result.criterion("C1").perspectives["surroundings"].hidden


def test_example_2_the_smallest_team_joins_the_next_smallest():
    table = survey({("S", "North"): 9, ("S", "South"): 6, ("S", "West"): 3})
    view = publication(table, mode="anonymous", by_team=True)
    assert [(group.teams, group.n) for group in view.groups] == [(("North",), 9), (("South", "West"), 9)]
    assert groups(publication(table, mode="anonymous")) == [(("S",), 18)]


def test_example_3_four_sellers_are_used_nowhere():
    table = survey(S=4, SL=2)
    view = publication(table, mode="anonymous")
    assert groups(view) == [(("SL",), 2)]
    assert [(group.roles, group.n) for group in view.left_out] == [(("S",), 4)]
    assert not view.used[table.roles == "S"].any()
    assert not view.counted[table.roles == "S"].any()
    seen = {c.seen_from for c in score(table, FULL, mode="anonymous").criteria if c.id != "C7"}
    assert seen == {("leadership",)}


def test_example_4_three_people_around_the_sellers_are_used_nowhere():
    view = publication(survey(S=10, OP=3), mode="anonymous")
    assert groups(view) == [(("S",), 10)]
    assert [(group.roles, group.n) for group in view.left_out] == [(("OP",), 3)]


def test_merging_goes_on_until_every_group_is_large_enough():
    teams = {("OP", "A"): 2, ("OP", "B"): 2, ("OD", "A"): 2, ("OD", "B"): 9}
    view = publication(survey(teams), mode="anonymous", by_team=True)
    assert groups(view) == [(("OP", "OD"), 6), (("OD",), 9)]


def test_ties_go_by_role_and_then_by_team_name():
    teams = {("S", "C"): 3, ("S", "A"): 3, ("S", "B"): 3, ("S", "D"): 5}
    view = publication(survey(teams), mode="anonymous", by_team=True)
    assert [group.teams for group in view.groups] == [("A", "B"), ("C", "D")]


def test_a_larger_k_hides_more():
    view = publication(survey(S=8, OP=3, OD=6, SL=1), mode="anonymous", k=9)
    assert groups(view) == [(("OP", "OD"), 9), (("SL",), 1)]
    assert [group.n for group in view.left_out] == [8]


def test_a_cell_of_four_is_not_used_and_one_of_five_is():
    table = survey(S=5)
    column = ITEM["C3.1"]
    assert publication(table, mode="anonymous").used[:, column].all()
    values = table.values.copy()
    values[0, column] = DK
    fewer = AnswerTable(table.roles, table.teams, values, table.shown)
    assert not publication(fewer, mode="anonymous").used[:, column].any()
    assert publication(fewer, mode="solo").used[:, column].sum() == 4


def test_dont_know_is_counted_only_where_enough_people_were_asked():
    table = survey(OP=3, OD=6, SL=1)
    counted = publication(table, mode="anonymous").counted
    assert not counted[np.isin(table.roles, ("OP", "OD")), ITEM["C7.5"]].any()
    assert counted[np.isin(table.roles, ("OP", "OD")), ITEM["C7.1"]].all()
    assert counted[table.roles == "SL"][:, table.shown[table.roles == "SL"][0]].all()


def test_the_consultant_is_counted_in_no_share():
    table = survey(S=5, K=1)
    assert not publication(table, mode="anonymous").counted[table.roles == "K"].any()
    assert not publication(table, mode="solo").counted[table.roles == "K"].any()


def test_solo_uses_everything_and_consensus_has_no_groups():
    table = survey(S=1, OP=1)
    view = publication(table, mode="solo")
    assert groups(view) == [(("S",), 1), (("OP",), 1)]
    assert (view.used == table.answered).all()
    assert publication(table.select(np.array([0])), mode="consensus").groups == ()


def test_groups_by_team_need_teams():
    table = survey(S=5)
    with pytest.raises(ValueError, match="teams"):
        publication(AnswerTable(table.roles, None, table.values, table.shown), mode="anonymous", by_team=True)


def test_sets_that_differ_by_a_few_people_are_refused():
    people = np.ones(12, dtype=bool)
    everybody, without_two = people.copy(), people.copy()
    without_two[:2] = False
    with pytest.raises(DisclosureError):
        check_differencing(np.array([everybody, without_two]), people, 5)
    check_differencing(np.array([everybody, without_two]), without_two, 5)  # the two are not protected
    with pytest.raises(DisclosureError):
        check_differencing(~without_two[np.newaxis], people, 5)  # a set of two by itself
    check_differencing(np.array([everybody, people & (np.arange(12) < 7)]), people, 5)
