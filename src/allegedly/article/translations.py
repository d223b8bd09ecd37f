"""Whether an article is a translation, as far as its page, its address or its own words say so. The words are in `translations.toml`.

Nothing is guessed from style: a translation that nobody declares stays unknown. "und" (BCP 47) stands for a language that is not named.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from allegedly.article.notes import SENTENCE_END, read_toml
from allegedly.records import Translation

UNKNOWN = "und"
By = Literal["outlet", "human", "machine"]
FROM_TAG = re.compile(r"-(?:x-mtfrom|t)-([a-z]{2,3})\b")


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `translations.toml`."""

    by: By
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole of `translations.toml`."""

    rules: tuple[Rule, ...]
    languages: dict[str, str]
    head: int
    tail: int
    longest: int


@cache
def rules() -> Rules:
    """The rules and the names of languages, read once."""
    data = read_toml("translations.toml")
    codes = {name.lower(): code for code, names in data["languages"].items() for name in names.split("|")}
    name = f"(?P<language>{'|'.join(codes)})"
    found = tuple(Rule(row["by"], re.compile(row["pattern"].replace("{language}", name), re.IGNORECASE)) for row in data["rule"])
    return Rules(found, codes, data["head"], data["tail"], data["longest"])


def find_translation(text: str, url: str | None) -> Translation | None:
    """What the address says (a translating proxy), else what a sentence in the text's first or last lines says."""
    if proxied := _proxied(url):
        return proxied
    known = rules()
    lines = [line for line in text.splitlines() if line.strip()]
    near = lines if len(lines) <= known.head + known.tail else lines[: known.head] + lines[-known.tail :]
    for line in near:
        for sentence in SENTENCE_END.sub("\n", line[-2000:] if len(line) > 2000 else line).split("\n"):
            if len(sentence) <= known.longest and (found := _said(sentence.strip())):
                return found
    return None


def _said(sentence: str) -> Translation | None:
    for rule in rules().rules:
        if found := rule.pattern.fullmatch(sentence):
            named = found.groupdict()
            return Translation(rules().languages.get((named.get("language") or "").lower(), UNKNOWN), rule.by, named.get("who"))
    return None


def _proxied(url: str | None) -> Translation | None:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    return Translation(UNKNOWN, "machine", "Google Translate") if host.endswith(".translate.goog") else None


def declared(language: str, classes: str, linked: dict[str, Any]) -> Translation | None:
    """What a page says in its markup: the `lang` and `class` of its root element (browsers and proxies that translate leave marks there;
    BCP 47's extension T, RFC 6497), and schema.org's `translator` and `translationOfWork`.
    """
    tag = language.lower().replace("_", "-")
    origin = FROM_TAG.search(tag)
    if "-x-mtfrom-" in tag or "-m0-" in tag or re.search(r"\btranslated-(?:ltr|rtl)\b", classes):
        return Translation(origin[1] if origin else UNKNOWN, "machine", None)
    work, translator = linked.get("translationOfWork"), linked.get("translator")
    work = work[0] if isinstance(work, list) and work else work
    translator = translator[0] if isinstance(translator, list) and translator else translator
    if not work and not translator and origin is None:
        return None
    spoken = work.get("inLanguage") if isinstance(work, dict) else None
    spoken = spoken.get("alternateName") if isinstance(spoken, dict) else spoken
    code = re.match(r"[a-z]{2,3}(?![a-z])", str(spoken or "").lower())
    name = translator.get("name") if isinstance(translator, dict) else translator
    kind = str(translator.get("@type")) if isinstance(translator, dict) else ""
    by: By = "machine" if "SoftwareApplication" in kind else "human" if translator else "outlet"
    who = " ".join(name.split())[:100] or None if isinstance(name, str) else None
    return Translation(code[0] if code else origin[1] if origin else UNKNOWN, by, who)


def stated(value: Any) -> Translation | None:
    """The `translation` of a JSON Lines object ({"from", "by", "tool"}); None where it is not one."""
    if not isinstance(value, dict) or value.get("by") not in ("outlet", "human", "machine"):
        return None
    origin, tool = value.get("from") or UNKNOWN, value.get("tool")
    if not isinstance(origin, str) or not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", origin) or not isinstance(tool, str | None):
        return None
    return Translation(origin, cast(By, value["by"]), tool)
