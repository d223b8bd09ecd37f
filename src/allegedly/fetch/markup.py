"""XML of strangers: what kind a document is, and whether it is safe to hand on. The only code that touches defusedxml."""

import codecs
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError  # only the types: parsing is defusedxml's

from allegedly.errors import InputError

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
MISC = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
FIRST = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
DECLARES = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
ANOTHER = "Give the address of an RSS or Atom feed, or of a sitemap"


def root_of(data: bytes) -> str | None:
    """The local name of a document's first element, as written but for "HTML"; None where it does not begin like XML or HTML."""
    text = text_of(data[:20_000])
    at = 0
    while misc := MISC.match(text, at):
        at = misc.end()
    first = FIRST.match(text, at)
    if first is None:
        return None
    return "html" if first[1].lower() in ("html", "head", "body") else first[1]


def text_of(data: bytes) -> str:
    """A document's characters, as far as telling its kind and finding declarations needs them; what is not UTF-16 counts as ASCII."""
    for bom, name in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    if data[:2] in (b"<\0", b"\0<"):
        return data.decode("utf-16-le" if data[0] == ord("<") else "utf-16-be", "replace")
    return data.decode("utf-8", "replace")


def elements(data: bytes, *, name: str) -> Iterator[Element]:
    """The elements of an XML document, each when it ends. Raises `InputError` for a document type, entities, and what is not XML.

    Take children out of what was used (`clear`), or all of the document stays in memory.
    """
    from io import BytesIO

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    try:
        for _, element in iterparse(BytesIO(data), forbid_dtd=True):
            yield element
    except DefusedXmlException:
        raise declared(name) from None
    except (ParseError, ValueError, LookupError) as error:
        if DECLARES.search(text_of(data)):
            raise declared(name) from None
        raise InputError(name, f"not well-formed XML ({' '.join(str(error).split())[:120]})", ANOTHER) from None


def declared(name: str) -> InputError:
    """The refusal of a document that declares a type or entities: they can make it grow without bound, or read other files."""
    reason = "it declares a document type or entities, which no feed or sitemap needs and which can be used for attacks"
    return InputError(name, reason, "Ask the site for a feed without them", "refused")
