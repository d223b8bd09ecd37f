"""Requests made by the API's description and against it, on a ledger of a few articles."""

import shutil
from pathlib import Path

import pytest
from test_web import ledger

from allegedly.ingest.jobs import Jobs
from allegedly.web import create
from allegedly.web.security import Rules

__all__ = ["ledger"]


def complaints(ledger: Path, *, coverage: bool, examples: int) -> tuple[int, list[str]]:
    """How many requests schemathesis made by the description and against it, with all of its checks, and of what it complains.

    What is added only waits: reading and fetching are tested elsewhere.
    """
    import schemathesis
    from schemathesis.engine import events, from_schema

    application = create(ledger, rules=Rules(frozenset({"testserver"})))
    plan = {"seed": 1, "generation": {"max-examples": examples, "database": "none"}, "phases": {"coverage": {"enabled": coverage}}}
    described = schemathesis.openapi.from_asgi("/api/openapi.json", application, config=schemathesis.Config.from_dict(plan))
    made, wrong = 0, []
    for event in from_schema(described).execute():
        if isinstance(event, (events.NonFatalError, events.FatalError)):
            wrong.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            made += len(event.recorder.cases)
            checks = (check for found in event.recorder.checks.values() for check in found)
            wrong += [f"{check.name}: {check.failure_info.failure}" for check in checks if check.failure_info]
    return made, wrong


def test_schemathesis_finds_nothing(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "_work", lambda self: None)
    made, wrong = complaints(Path(shutil.copy(ledger, tmp_path)), coverage=False, examples=3)
    assert wrong == []
    assert made > 100


@pytest.mark.long
def test_schemathesis_finds_nothing_at_any_bound(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every parameter and field at and beyond what it may be."""
    monkeypatch.setattr(Jobs, "_work", lambda self: None)
    made, wrong = complaints(Path(shutil.copy(ledger, tmp_path)), coverage=True, examples=1)
    assert wrong == []
    assert made > 3_000
