"""How long the server takes over pages that are read: `python -m benchmarks.pages LEDGER`.

LEDGER is a new file. The examples go into it, and one article of 2,000 words made of their paragraphs, with some 300 findings. Each page
is then asked for several times; printed are the words and findings, and per page the median and the slowest of wall time and of the
process's own time, in milliseconds, and the size. The first request of each, which fills caches, is not counted.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"
WORDS = 2000


def long_article() -> dict[str, str]:
    """An article of `WORDS` words: paragraphs of the examples, in their order."""
    paragraphs: list[str] = []
    for path in sorted(EXAMPLES.glob("*.jsonl")):
        for line in path.read_text("utf8").splitlines():
            paragraphs += json.loads(line)["text"].split("\n\n")
    kept: list[str] = []
    for paragraph in paragraphs:
        if sum(len(one.split()) for one in kept) < WORDS:
            kept.append(paragraph)
    return {"id": "long", "outlet": "Meridian Wire", "published": "2026-05-24", "title": "Two weeks at Osk", "text": "\n\n".join(kept)}


def main() -> None:
    """Make the ledger, ask, print."""
    from fastapi.testclient import TestClient
    from typer.main import get_command

    from allegedly.cli import app
    from allegedly.ledger import Ledger
    from allegedly.web import create

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("ledger", type=Path)
    options.add_argument("--times", type=int, default=20)
    given = options.parse_args()
    if not given.ledger.exists():
        article = given.ledger.with_suffix(".jsonl")
        article.write_text(json.dumps(long_article()) + "\n", "utf8")
        get_command(app)(["add", "--ledger", str(given.ledger), *map(str, sorted(EXAMPLES.iterdir())), str(article)], standalone_mode=False)
    with Ledger.open(given.ledger) as ledger:
        number = ledger.number("long") or 0
        reading = ledger.reading(number)
        story, matter = ledger.stories.of([number])[number], ledger.matters.list(limit=1).rows[0]["number"]
        entity = ledger.identities.list(limit=1).rows[0]["number"]
        copied = next((copy for copy in ledger.copies([number]).rows), None)
        other = ledger.articles([copied.earlier])[copied.earlier].id if copied else "long"
    found = (reading.statements, reading.attributions, reading.wording, reading.evaluations, reading.reasons)
    print(f"{len(reading.article.text.split())} words, {sum(map(len, found))} findings")  # without mentions
    with TestClient(create(given.ledger), base_url="http://127.0.0.1:8765") as client:
        pages = ["/article?id=long", "/api/article?id=long", f"/matters/{matter}", f"/entities/{entity}", f"/stories/{story}"]
        for address in [*pages, f"/copies/pair?one=long&other={other}"]:
            walls, own = [], []
            for _ in range(given.times + 1):
                start, used = time.perf_counter(), time.process_time()
                answer = client.get(address)
                walls.append((time.perf_counter() - start) * 1000)
                own.append((time.process_time() - used) * 1000)
            wall, cpu = (f"{statistics.median(times[1:]):6.0f} {max(times[1:]):6.0f}" for times in (walls, own))
            print(f"{address:34} {answer.status_code}  wall {wall}  own {cpu}  {len(answer.content):,} bytes")


if __name__ == "__main__":
    main()
