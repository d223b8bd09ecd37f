"""Who reads a ledger keeps its writers waiting, whatever else his process looks at."""

import subprocess
import sys

import pytest

from allegedly.ledger import Entry, Ledger
from allegedly.records import Reading


def test_whoever_asks_for_the_stamp_keeps_his_locks(empty_ledger: str, reading: Reading) -> None:
    """A file that is closed takes all locks of its process along: then others write over what is being read."""
    write = (
        "import sqlite3, sys\n"
        "raw = sqlite3.connect(sys.argv[1], timeout=0.1, isolation_level=None)\n"
        "raw.execute('BEGIN IMMEDIATE')\n"
        "raw.execute('UPDATE counters SET number = number + 1')\n"
        "raw.execute('COMMIT')\n"
    )
    with Ledger.open(empty_ledger) as ledger:
        ledger.add([Entry(reading)])
        before = ledger.stamp()
        if ledger._store.say("PRAGMA journal_mode")[0][0] != "delete":
            pytest.skip("in WAL mode, writing does not wait for reading")
        with ledger.looking():
            assert ledger.size() == 1
            assert ledger.stamp() == before
            done = subprocess.run([sys.executable, "-c", write, empty_ledger], capture_output=True, text=True, check=False)
            assert "locked" in done.stderr
        subprocess.run([sys.executable, "-c", write, empty_ledger], check=True)
        assert ledger.stamp() != before
