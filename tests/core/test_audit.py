"""What `make audit` makes of an advisory report."""

from tests.audit import advisories


def test_a_package_nobody_could_look_up_is_not_a_clean_one() -> None:
    report = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]},
            {"name": "b", "skip_reason": "not found"},
            {"name": "c", "version": "2", "vulns": []},
        ]
    }
    assert advisories(report) == (["a 1: PYSEC-1"], 1)
    assert advisories({}) == ([], 1)
