"""The quick part of benchmarks/hostile.py, as tests."""

import sys
from pathlib import Path

import pytest

from allegedly.fetch import addresses
from benchmarks import bombs, hostile


def test_the_canary_is_never_reached() -> None:
    lines = hostile.network()
    assert [line for line in lines if not line.passed] == []
    assert len(hostile.SPELLINGS) >= 60
    assert len(hostile.chains(1, 2)) == 10


def test_the_table_fails_where_an_address_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "check_host", lambda _: None)
    monkeypatch.setattr(addresses, "special", lambda _: None)
    monkeypatch.setattr(hostile, "SPELLINGS", ["127.0.0.1"])
    assert next(line.what for line in hostile.network() if not line.passed) == "address spellings"


@pytest.mark.parametrize("packed", [False, True])
def test_damage_costs_the_damaged(packed: bool) -> None:
    assert hostile.damage(100, packed=packed).passed


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")
def test_a_bomb_is_not_held(tmp_path: Path) -> None:
    bomb = tmp_path / "http.br"
    bomb.write_bytes(bombs.BOMBS["http.br"](bombs.SIZE))
    outcome, growth = bombs.measured(bomb)
    assert outcome == ["larger than 10,000,000 bytes"]
    assert growth < hostile.MOST_GROWTH
