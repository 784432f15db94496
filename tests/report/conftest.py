"""Assessments to write documents of, each gathered once a module."""

from datetime import date

import pytest

from assessment.packs import LANGUAGES, Language
from assessment.report.dossier import Dossier, gather
from assessment.service import Service
from assessment.store import SqliteStore

WRITTEN_ON = date(2026, 11, 24)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """A database of the module's own."""
    return SqliteStore(tmp_path_factory.mktemp("report") / "report.db")


@pytest.fixture(scope="module")
def service(store: SqliteStore) -> Service:
    """The use cases on it."""
    return Service(store)


@pytest.fixture(scope="module")
def demo(service: Service) -> dict[Language, Dossier]:
    """The example in both languages."""
    engagement_id = service.open_demo()
    return {language: gather(service, engagement_id, language, written_on=WRITTEN_ON) for language in LANGUAGES}
