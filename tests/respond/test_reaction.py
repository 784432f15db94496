"""Right after a training: one page of questions, and nobody's maturity at the end."""

from pathlib import Path

import pytest

from assessment.engagement import Answer
from assessment.packs import builtin
from assessment.texts import texts
from tests.respond.conftest import Phone, surface_of
from tests.respond.invited import CLOSED, Survey

KB = 1000


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_way_of_somebody_trained(tmp_path: Path, lang: str) -> None:
    survey = Survey(tmp_path / "t1.db", pack="reaction", label="T1")
    phone, token, say = Phone(surface_of(survey)), survey.link(), texts(lang)

    start = phone.get(f"/s/{token}?lang={lang}")
    assert say("respond.trained.title", organisation="Fjordvind AS") in start.text
    assert say("respond.start.details_group") not in start.text
    phone.post(f"/s/{token}", data={"role": "S"})
    questions = phone.get(f"/s/{token}/1")
    assert questions.text.count("<fieldset>") == 9
    assert say("respond.trained.finish") in questions.text
    assert int(questions.headers["content-length"]) < 20 * KB
    reply = phone.post(f"/s/{token}/1", data={"R1": "4", "R9": "2"})
    thanks = phone.get(reply.headers["location"]).text

    assert say("respond.trained.thanks") in thanks
    assert 'class="own' not in thanks
    assert say("respond.thanks.lead") not in thanks
    (response,) = survey.store.responses(survey.wave)
    assert response.answers == {"R1": Answer(value=4), "R9": Answer(value=2)}


def test_when_it_is_closed_there_is_no_picture_to_see(tmp_path: Path) -> None:
    survey = Survey(tmp_path / "t1.db", pack="reaction", label="T1")
    phone, token = Phone(surface_of(survey)), survey.link()
    phone.get(f"/s/{token}")
    phone.post(f"/s/{token}", data={"role": "S"})
    phone.post(f"/s/{token}/1", data={i.id: "3" for i in builtin("reaction").items})
    survey.store.close_wave(survey.wave, CLOSED)
    survey.store.share(survey.wave, {"reaction": 3.0})

    closed = Phone(surface_of(survey))
    closed.cookies.update(phone.cookies)
    page = closed.get(f"/s/{token}").text

    assert texts("nb")("respond.closed.title") in page
    assert "/thanks" not in page
    assert 'class="own' not in closed.get(f"/s/{token}/thanks").text
