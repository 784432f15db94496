"""A server under a fault, and a phone that answers to it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assessment.packs import Language
from assessment.respondents import course, response_of
from tests.respond.invited import Survey
from tests.serving import Server

DISK_MIB = 6
SORRY = {"nb": "Vi kom ikke til akkurat nå", "en": "We could not get through just now"}


class Phone:
    """Somebody who has begun to answer, and what the server has confirmed to them."""

    def __init__(self, server: Server, survey: Survey) -> None:
        self.root = f"/s/{survey.link()}"
        self.client = httpx.Client(base_url=server.address, timeout=40)
        self.client.get(self.root)
        assert self.client.post(self.root, data={"role": "S"}).status_code == 303
        self.confirmed: dict[str, str] = {}
        self._items = [item.id for items in course(survey.pack.id, "S").pages for item in items]
        self._sent = 0

    def save(self) -> httpx.Response:
        """Choose the next answer; past the last one, change the first."""
        item, value = self._items[self._sent % len(self._items)], str(self._sent % 5 + 1)
        reply = self.client.post(f"{self.root}/save", json={"item": item, "value": value})
        if reply.status_code == 200:
            self.confirmed[item] = value
            self._sent += 1
        return reply

    def kept(self, survey: Survey) -> dict[str, str]:
        """The answers that are on disk."""
        key = next(cookie.value for cookie in self.client.cookies.jar if cookie.name.startswith("sf_r_"))
        found = next(r for r in survey.store.responses(survey.wave) if r.id == response_of(str(key)))
        return {item: str(answer.value) for item, answer in found.answers.items()}


def is_sorry(phone: Phone, language: Language) -> None:
    """Check that a respondent's page says so, with the status on which the script keeps the answer and tries again."""
    page = phone.client.get(f"{phone.root}/1", params={"lang": language})
    assert page.status_code == 503
    assert page.headers["retry-after"] == "15"
    assert SORRY[language] in page.text


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of DISK_MIB. Skips where mounting one is not permitted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
    try:
        made = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if made.returncode:
        pytest.skip("mounting a file system takes root on Linux")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
