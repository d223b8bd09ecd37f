"""Quotations: whether words stand in quotation marks, and whose they are where no verb of saying stands beside them.

Missed: quotations within quotations. Turns of a conversation are told apart by `turns`.
"""

import re
from dataclasses import replace

from allegedly.records import AttributionKind, RawAttribution, Spans

_OPEN = "\"“„«‘'"
_CLOSE = "\"”»’'"
_QUOTED = re.compile(r"“[^”]{1,4000}(?:”|$)|\"[^\"]{1,4000}(?:\"|$)|«[^»]{1,4000}»|‘[^’]{2,4000}’(?!\w)")
_COMMENT = re.compile(r"[^\"“”.!?\n]{0,80}[,:]\s{1,2}(?=[\"“])")
_DASHES = "-–—―"
_AFTER = " \t\r\n.,:" + _CLOSE
BESIDE = 4  # characters from a cue to the content that stands beside it


def joined(text: str, raw: tuple[RawAttribution, ...]) -> list[RawAttribution]:
    """Attributions with the quotations that belong to them by where they stand."""
    return _resumed(text, _carried(text, _gathered(text, raw)))


def _gathered(text: str, raw: tuple[RawAttribution, ...]) -> list[RawAttribution]:
    """Cues that lack a content together with the contents that lack a cue right before or after them: a quotation signed with a
    name ("'They ...' — Ilse Varga"), or one that a colon announces.
    """
    bare = [a for a in raw if a.content and not a.cue and not a.source]
    first, last = {a.content[0][0]: a for a in bare}, {a.content[-1][1]: a for a in bare}
    out: list[RawAttribution] = []
    taken: set[RawAttribution] = set()
    for a in raw:
        if a.cue and not a.content:
            start, end = a.cue[0][0], a.cue[-1][1]
            signed = not text[start:end].strip(_DASHES)
            before = (last[at] for at in range(start, start - BESIDE, -1) if signed and at in last)
            after = (first[at] for at in range(end, end + BESIDE) if at in first)
            found = next((b for b in (*before, *after) if b not in taken), None)
            if found:
                taken.add(found)
                a = replace(a, content=found.content)
            elif text[end - 1] == ":":
                a = replace(a, content=_announced(text, end, raw))
        out.append(a)
    return [a for a in out if a not in taken]


def _carried(text: str, raw: list[RawAttribution]) -> list[RawAttribution]:
    """Quotations that nobody is marked for are the speaker's whose words or name stand right before ("They left, said Varga. “We ...”")."""
    out: list[RawAttribution] = []
    for a in raw:
        before = out[-1] if out else None
        bare = bool(a.content) and not a.source and not a.cue
        if bare and before and before.source and before.cue and text[slice(*before.cue[0])].strip(_DASHES):
            end, start = max(e for _, e in (*before.source, *before.cue, *before.content)), a.content[0][0]
            if end <= start and text[start] in _OPEN and not text[end:start].strip(_AFTER):
                out[-1] = replace(before, content=(*before.content, *a.content))
                continue
        out.append(a)
    return out


def _resumed(text: str, raw: list[RawAttribution]) -> list[RawAttribution]:
    """Quotations that go on after their speaker in the same sentence: '"They left," said Varga, a baker, "and we stayed."'"""
    out: list[RawAttribution] = []
    taken = [span for a in raw for span in (*a.source, *a.cue, *a.content)]
    for a in raw:
        end = a.content[-1][1] if a.content else 0
        if a.cue and a.source and end and set(text[end - 1 : end + 1]) & set(_CLOSE) and a.cue[0][0] >= end:
            between = _COMMENT.match(text, max(e for _, e in (*a.source, *a.cue)))
            quoted = _QUOTED.match(text, between.end()) if between else None
            if quoted and not any(s < quoted.end() and quoted.start() < e for s, e in taken):
                a = replace(a, content=(*a.content, quoted.span()))
        out.append(a)
    return out


def _announced(text: str, end: int, raw: tuple[RawAttribution, ...]) -> Spans:
    """The paragraph after one that ends in a cue with a colon ("The governor added:"), where nothing else is marked in it."""
    rest = text[end:]
    start = end + len(rest) - len(rest.lstrip())
    stop = text.find("\n", start) if start < len(text) else -1
    stop = stop if stop >= 0 else len(text)
    free = not any(s < stop and start < e for a in raw for s, e in (*a.source, *a.cue, *a.content))
    return ((start, stop),) if "\n" in text[end:start] and free and start < stop else ()


def kind_of(text: str, content: Spans) -> AttributionKind:
    """Direct: all in quotation marks; mixed: some words in them; indirect: none."""
    quoted = total = 0
    for s, e in content:
        words = text[s:e]
        inside = sum(len(m[0]) for m in _QUOTED.finditer(words))
        if not inside and s and text[s - 1] in _OPEN and e < len(text) and text[e] in _CLOSE:
            inside = e - s
        quoted += inside
        total += len(words.rstrip(" ,.;:"))
    if quoted <= 2:
        return "indirect"
    return "direct" if quoted >= 0.9 * total else "mixed"
