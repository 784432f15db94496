"""Participants as a reader meets them: who has answered, the links, and the round that opens and closes."""

from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from assessment.engagement import EngagementId, Link, Wave
from assessment.links import Invitation, batches
from assessment.service import GroupBeginning, Service
from assessment.settings import settings
from assessment.store import SqliteStore
from assessment.texts import texts
from tests.core.test_texts import CODES
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, press, words

NewGroup = Callable[..., EngagementId]
OPEN = (False, False, False)


@pytest.fixture
def begun(service: Service) -> NewGroup:
    """A group that has just begun."""

    def make(**told: object) -> EngagementId:
        known = {"organisation": "Fjordvik & <Sønn>", "training_planned": "yes"}
        return service.begin_group(GroupBeginning.model_validate(known | told), "nb")

    return make


def choose(test: AppTest, kind: str, key: str, value: object) -> AppTest:
    """Give a widget a value."""
    return next(w for w in test.main.get(kind) if str(w.key).startswith(key)).set_value(value).run()


def answers(test: AppTest) -> list[str]:
    """What the page has ready to copy."""
    return [element.value for element in test.main.get("code")]


def wave_of(service: Service, engagement: EngagementId) -> Wave:
    return service.waves(engagement)[-1]


# ---------------------------------------------------------------- begin, and pages without a group


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_group_begins_where_several_people_answer(app: OpenApp, service: Service, lang: str) -> None:
    page = choose(app("begin", lang=lang), "radio", "begin_who", "group")
    page = choose(page, "text_input", "begin_organisation", "Fjordvik")
    page = choose(page, "radio", "begin_training", "unknown")
    assert not [w for w in page.main.get("radio") if str(w.key).startswith("begin_role")]
    page = choose(page, "select_slider", "begin_k", 7)
    press(page, {"nb": "Lag vurderingen og inviter", "en": "Create it and invite"}[lang])
    (overview,) = service.engagements()
    assert (overview.engagement.mode, overview.engagement.k, overview.gathering) == ("anonymous", 7, True)


def test_a_group_needs_a_name_and_an_answer_about_training(app: OpenApp, service: Service) -> None:
    page = choose(app("begin"), "radio", "begin_who", "group")
    page = press(page, "Lag vurderingen og inviter")
    assert "Skriv navnet" in words(page)
    assert service.engagements() == []


def test_one_who_answers_alone_is_told_how_to_ask_others(app: OpenApp, solo: MakeSolo) -> None:
    assert "svarer du alene" in words(app("participants", solo("none")))
    assert "Ingen vurdering er åpen" in words(app("participants"))


def test_the_front_page_leads_to_who_is_answering(app: OpenApp, begun: NewGroup) -> None:
    engagement = begun()
    page = app("start")
    assert "samler inn svar" in words(page)
    assert "Følg med" in buttons(page)
    assert "Gå til deltakerne" in buttons(app("answer", engagement))


# ---------------------------------------------------------------- progress


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_progress_is_counts_by_role_and_never_a_level(app: OpenApp, group: MakeGroup, lang: str) -> None:
    engagement = group({"S": 6, "OP": 2, "OD": 3, "SL": 1}, closed=OPEN)
    page = app("participants", engagement, lang=lang)
    text = words(page)
    assert {"nb": "12 har begynt, og 12 har svart på alt", "en": "12 have begun, and 12 answered everything"}[
        lang
    ] in text
    assert {"nb": "mange nok sammen", "en": "enough together"}[lang] in text
    assert {"nb": "Både selgerne og omgivelsene", "en": "Both the sellers and the surroundings"}[lang] in text
    assert CODES.findall(text) == []
    assert {"nb": "nivå", "en": "level"}[lang] not in text.lower()


def test_it_says_who_is_too_few(app: OpenApp, group: MakeGroup) -> None:
    text = words(app("participants", group({"S": 6, "OP": 2}, closed=OPEN)))
    assert "Omgivelsene trenger 3 ferdige svar til" in text
    assert "mangler 3 på egen gruppe" in text


def test_it_says_what_k_means_and_what_a_small_team_does(app: OpenApp, begun: NewGroup) -> None:
    text = words(app("participants", begun(k=6, by_team=True)))
    assert "grupper på minst 6" in text
    assert "minst 5 andre svar" in text
    assert "Team på færre enn 6" in text
    assert "Svar sammen i et møte" in text


# ---------------------------------------------------------------- links


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_link_is_made_for_a_role_and_shown_with_all_one_needs(
    app: OpenApp, service: Service, begun: NewGroup, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALGSFLYT_ADDRESS", "https://salg.example.no")
    settings.cache_clear()
    engagement = begun()
    page = choose(app("participants", engagement, lang=lang), "selectbox", "link_role", "S")
    press(page, {"nb": "Lag lenken", "en": "Make the link"}[lang])
    (made,) = service.invitations(engagement)
    assert (made.link.role, made.link.max_uses, made.link.expires_at is not None) == ("S", None, True)
    url = f"https://salg.example.no/s/{made.token}"

    shown = app("participants", engagement, lang=lang, p=made.link.id)
    text = words(shown)
    assert answers(shown)[0] == url
    assert all(url in letter for letter in answers(shown)[1:])
    assert "Hei!" in answers(shown)[1]
    assert "Hello!" in answers(shown)[2]
    assert 'src="data:image/svg+xml' in text
    letters = [parse_qs(urlsplit(link.proto.url).query) for link in shown.main.get("link_button")]
    assert [url in letter["body"][0] for letter in letters] == [True, True]
    assert "Fjordvik & <Sønn>" in unquote(letters[0]["subject"][0])
    assert CODES.findall(text.replace(url, "")) == []


def test_personal_codes_come_as_cards_and_as_a_list(app: OpenApp, service: Service, begun: NewGroup) -> None:
    engagement = begun()
    page = choose(app("participants", engagement), "radio", "link_how", "codes")
    press(choose(page, "number_input", "link_count", 12), "Lag kodene")
    (batch,) = batches(service.invitations(engagement))
    assert (len(batch.members), batch.max_uses) == (12, 12)
    shown = app("participants", engagement, p=batch.members[5].link.id)
    text = words(shown)
    assert text.count("<li><img") == 12
    assert "Fjordvik &amp; &lt;Sønn&gt;" in text
    assert all((member.token or "") in text for member in batch.members)
    assert "12 ubrukte koder" in text
    assert shown.main.get("download_button")


def test_a_pin_must_be_digits_and_is_stored_as_a_hash(app: OpenApp, service: Service, begun: NewGroup) -> None:
    engagement = begun()
    page = choose(app("participants", engagement), "button_group", "make_for_3_", "results")
    refused = press(choose(page, "text_input", "pin_results", "abc1"), "Lag lenken")
    assert "4 til 12 siffer" in words(refused)
    press(choose(refused, "text_input", "pin_results", "4711"), "Lag lenken")
    (made,) = service.invitations(engagement)
    assert (made.link.purpose, (made.link.pin_hash or "")[:9]) == ("results", "$argon2id")
    assert "med PIN-kode" in words(app("participants", engagement))


def test_a_team_is_asked_for_only_where_teams_are_groups(app: OpenApp, begun: NewGroup) -> None:
    asked = [
        any(w.key == "link_team" for w in app("participants", begun(by_team=by)).main.get("text_input"))
        for by in (True, False)
    ]
    assert asked == [True, False]


def test_revoking_asks_first_and_then_holds(app: OpenApp, service: Service, begun: NewGroup) -> None:
    engagement = begun()
    service.invite(engagement, Invitation(role="S"))
    asked = press(app("participants", engagement), "Trekk tilbake")
    assert "Trekke tilbake «Selger»?" in words(asked)
    assert service.invitations(engagement)[0].state == "active"
    next(b for b in asked.main.get("button") if b.key == "yes_revoking").click().run()
    assert service.invitations(engagement)[0].state == "revoked"
    assert "Ingen lenker virker nå" in words(app("participants", engagement))


def test_a_link_that_leads_to_this_machine_only_says_so(app: OpenApp, service: Service, begun: NewGroup) -> None:
    engagement = begun()
    (made,) = service.invite(engagement, Invitation())
    assert "virker bare på denne maskinen" in words(app("participants", engagement, p=made.link.id))


def test_the_links_of_another_assessment_are_not_shown(app: OpenApp, service: Service, begun: NewGroup) -> None:
    (made,) = service.invite(begun(), Invitation(role="OD"))
    page = app("participants", begun(), p=made.link.id)
    assert (made.token or "") not in words(page)
    assert answers(page) == []


# ---------------------------------------------------------------- the round


def test_closing_asks_first_and_cannot_be_undone(app: OpenApp, service: Service, group: MakeGroup) -> None:
    engagement = group({"S": 6}, closed=OPEN)
    asked = press(app("participants", engagement), "Lukk målingen")
    assert "den kan ikke åpnes igjen" in words(asked)
    assert wave_of(service, engagement).closed_at is None
    next(b for b in asked.main.get("button") if b.key == "yes_closing").click().run()
    assert wave_of(service, engagement).closed_at is not None
    closed = app("participants", engagement)
    assert "6 svarte før målingen ble lukket" in words(closed)
    assert "Omgivelsene ble for få til å vises" in words(closed)
    assert "Se resultatet" in buttons(closed)
    press(closed, "Lag lenken")
    assert [one.link.purpose for one in service.invitations(engagement)] == ["results"]


def test_what_comes_next_follows_what_was_measured_and_says_what_it_asks(app: OpenApp, group: MakeGroup) -> None:
    after_first = app("participants", group({"S": 6}))

    (box,) = [box for box in after_first.main.get("selectbox") if box.key.startswith("next_label")]
    assert box.value == "T2"
    assert "sju korte spørsmål om hvordan det var før" in words(after_first)


def test_after_three_months_come_six_to_twelve(app: OpenApp, group: MakeGroup) -> None:
    page = app("participants", group({"S": 6}, {"S": 6}))

    (box,) = [box for box in page.main.get("selectbox") if box.key.startswith("next_label")]
    assert box.value == "T3"


def test_the_next_round_opens_with_a_name_of_its_own(app: OpenApp, service: Service, group: MakeGroup) -> None:
    engagement = group({"S": 6})
    page = choose(app("participants", engagement), "selectbox", "next_label", "T3")
    press(page, "Åpne målingen")
    wave = wave_of(service, engagement)
    assert (wave.label, wave.position, wave.closed_at) == ("T3", 2, None)
    assert "Ingen har begynt ennå" in words(app("participants", engagement))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_right_after_a_training_other_questions_are_asked_and_lead_to_the_brief(
    app: OpenApp, service: Service, group: MakeGroup, lang: str
) -> None:
    engagement, say = group({"S": 6}), texts(lang)
    page = choose(app("participants", engagement, lang=lang), "selectbox", "next_label", "T1")
    assert say("participants.next.T1") in words(page)
    press(page, say("participants.open_wave"))
    wave = wave_of(service, engagement)
    assert (wave.label, wave.pack_id) == ("T1", "reaction")
    (invited,) = service.invite(engagement, Invitation(role="S"))
    assert say("invitation.reaction.subject") in "".join(answers(app("participants", engagement, p=invited.link.id)))

    service.close_wave(engagement, wave.id)
    page = app("participants", engagement, lang=lang)
    assert say("participants.to_training") in buttons(page)
    assert next(b.value for b in page.main.get("selectbox") if b.key.startswith("next_label")) == "T2"


# ---------------------------------------------------------------- what those who answered see


@pytest.fixture
def closed(service: Service, group: MakeGroup) -> Callable[..., EngagementId]:
    """A group of whom one link or more has been made, and whose round is closed."""

    def make(people: dict[str, int]) -> EngagementId:
        engagement = group(people, closed=OPEN)
        service.invite(engagement, Invitation(role="S"))
        service.close_wave(engagement, wave_of(service, engagement).id)
        return engagement

    return make


def shared(service: Service, engagement: EngagementId) -> list[bool]:
    return [shown for _, shown in service.shareable(engagement)]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_group_result_is_shown_to_those_who_answered_and_taken_away_again(
    app: OpenApp, service: Service, closed: NewGroup, lang: str
) -> None:
    engagement = closed({"S": 6})
    page = app("participants", engagement, lang=lang)
    (toggle,) = page.main.get("toggle")
    assert (toggle.label, toggle.value) == (
        {
            "nb": "Vis gruppens resultat til dem som svarte",
            "en": "Show the group's result to those who answered",
        }[lang],
        False,
    )
    assert {"nb": "bare der reglene for anonymitet", "en": "only where the anonymity rules"}[lang] in words(page)
    page = toggle.set_value(True).run()
    assert shared(service, engagement) == [True]
    assert "✓" in words(page)
    (toggle,) = app("participants", engagement, lang=lang).main.get("toggle")
    assert toggle.value is True
    page = toggle.set_value(False).run()
    assert shared(service, engagement) == [False]
    assert [t.value for t in page.main.get("toggle")] == [False]


def test_an_earlier_round_can_still_be_shared_or_not_while_the_next_is_open(
    app: OpenApp, service: Service, closed: NewGroup
) -> None:
    engagement = closed({"S": 6})
    first = wave_of(service, engagement)
    service.share_results(engagement, first.id)
    service.open_wave(engagement, "T2")
    (toggle,) = app("participants", engagement).main.get("toggle")
    toggle.set_value(False).run()
    assert shared(service, engagement) == [False]


def test_two_closed_rounds_are_told_apart(app: OpenApp, service: Service, group: MakeGroup) -> None:
    engagement = group({"S": 6}, {"S": 7}, closed=OPEN)
    for wave in service.waves(engagement):
        link = {"id": f"to-{wave.id}", "engagement_id": engagement, "wave_id": wave.id, "purpose": "answer"}
        made = {"token_hash": f"{wave.position:064x}", "created_at": wave.opened_at}
        SqliteStore(settings().database).add_links([Link.model_validate(link | made)])
        service.close_wave(engagement, wave.id)
    page = app("participants", engagement)
    labels = [toggle.label for toggle in page.main.get("toggle")]
    assert ["første måling" in labels[0], "måling etter tre måneder" in labels[1]] == [True, True]
    page.main.get("toggle")[1].set_value(True).run()
    assert shared(service, engagement) == [False, True]


def test_sharing_is_offered_only_for_a_closed_round_that_people_came_to_by_a_link(
    app: OpenApp, service: Service, group: MakeGroup, begun: NewGroup
) -> None:
    open_round, gathered = begun(), group({"S": 6})
    service.invite(open_round, Invitation(role="S"))
    nobody = begun()
    service.invite(nobody, Invitation(role="S"))
    service.close_wave(nobody, wave_of(service, nobody).id)
    for engagement in (open_round, gathered, nobody):
        assert app("participants", engagement).main.get("toggle") == []
