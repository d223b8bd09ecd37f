"""PDF and DOCX documents to text. The only code that touches pypdf and python-docx, which the extra `documents` brings.

Text is laid out as paragraphs with one blank line between them. A PDF has lines and no paragraphs: lines are joined, words that were
divided at a line's end are put together, and a paragraph is taken to end where a sentence ends on a short line. Columns, footnotes,
running heads and tables come as they stand in the file. Text in pictures is not read.
"""

import re
import time
import zipfile
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO

from allegedly.article.facts import AS_TEXT, Facts, Found, Source

MEDIA_TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
INSTALL = "Install what it needs: pip install 'allegedly[documents]'"
MAX_PAGES = 500
MAX_PART = 10_000_000
"""Bytes of one unpacked part of a document: a page's content, or a DOCX file's text."""
MAX_SECONDS = 60.0
LIMITS = tuple(f"{what}_maximum_output_length" for what in ("array_based_stream", "jbig2", "lzw", "run_length", "zlib", "brotli"))
SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*$")


def _needs(module: str, source: Source) -> None:
    if find_spec(module) is None:
        kind = "PDF" if module == "pypdf" else "DOCX"
        raise source.error(f"{kind} documents are read with an extra that is not installed", INSTALL)


# --- PDF ---------------------------------------------------------------------------------------------------------------


def extract_pdf(data: bytes, source: Source) -> Found:
    """A PDF document's text, and its title, authors and dates as far as it states them. Raises `InputError`."""
    _needs("pypdf", source)
    import logging

    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # it would print its warnings where nobody listens
    pages: list[str] = []
    warnings: list[str] = []
    try:
        with apply_configuration(None, **dict.fromkeys(LIMITS, MAX_PART)):
            reader = PdfReader(BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise source.error("the document is locked with a password", "Unlock it and give it again", "refused")
            until = time.monotonic() + MAX_SECONDS
            for page in reader.pages[:MAX_PAGES]:
                if time.monotonic() > until:
                    raise source.error(f"the document takes longer than {MAX_SECONDS:g} seconds to read", AS_TEXT, "refused")
                pages.append(page.extract_text())
            if len(reader.pages) > MAX_PAGES:
                warnings.append(f"{source.name}: only the first {MAX_PAGES} of its {len(reader.pages)} pages were read")
            facts = _pdf_facts(reader, source)
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        # What a library built for well-formed documents may stumble over in a hostile one.
        raise source.error(f"the document could not be taken apart ({type(error).__name__})", AS_TEXT) from None
    text = re.sub("[\ud800-\udfff]", "\ufffd", _paragraphs(pages))
    if not re.search(r"\w", text):
        raise source.error(
            "the document holds no text", "If its pages are pictures, have them recognised (OCR) and give the text", "refused"
        )
    return text, facts, tuple(warnings)


def _pdf_facts(reader: object, source: Source) -> Facts:
    stated = getattr(reader, "metadata", None)
    if stated is None:
        return Facts(url=source.url)
    names = re.split(r"[;,]| and ", str(stated.author or ""))
    return Facts(
        url=source.url,
        title=_clean(stated.title),
        authors=tuple(name for part in names if (name := _clean(part))),
        published=_moment(stated.creation_date),
        modified=_moment(stated.modification_date),
    )


def _paragraphs(pages: list[str]) -> str:
    """Paragraphs out of lines."""
    lines = [" ".join(line.split()) for page in pages for line in page.splitlines()]
    widest = sorted(map(len, lines))[len(lines) * 9 // 10] if lines else 0
    blocks: list[str] = []
    text = ""
    for line in lines:
        divided = re.search(r"[a-z]-$", text) and re.match(r"[a-z]", line)
        text = text[:-1] + line if divided else f"{text} {line}".strip()
        if text and (not line or (SENTENCE_END.search(line) and len(line) < widest * 0.8)):
            blocks.append(text)
            text = ""
    return "\n\n".join([*blocks, text] if text else blocks)


# --- DOCX --------------------------------------------------------------------------------------------------------------


def extract_docx(data: bytes, source: Source) -> Found:
    """A DOCX document's text, and its title, author and dates as far as it states them. Raises `InputError`.

    Tables come row by row, cells set apart by " | ". Comments, footnotes, headers and footers are left out; changes that are still to be
    accepted are read as python-docx shows them.
    """
    _needs("docx", source)
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import LxmlError

    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            large = [part.filename for part in parts.infolist() if part.file_size > MAX_PART and part.filename.endswith((".xml", ".rels"))]
            total = sum(part.file_size for part in parts.infolist())
        if large or total > 5 * MAX_PART:
            raise source.error(f"the document unpacks to {total:,} bytes, more than is read", AS_TEXT, "refused")
        document = Document(BytesIO(data))
        blocks = [
            "\n".join(" | ".join(cell.text for cell in row.cells) for row in block.rows) if isinstance(block, Table) else block.text
            for block in document.iter_inner_content()
        ]
        stated = document.core_properties
        names = re.split(r"[;,]| and ", stated.author or "")
        facts = Facts(
            url=source.url,
            title=_clean(stated.title),
            authors=tuple(name for part in names if (name := _clean(part)) and name != "python-docx"),
            published=_moment(stated.created),
            modified=_moment(stated.modified),
        )
    except (
        OpcError,
        zipfile.BadZipFile,
        LxmlError,
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        ValueError,
    ) as error:
        raise source.error(f"the document could not be taken apart ({type(error).__name__})", AS_TEXT) from None
    text = "\n\n".join(filter(None, (re.sub(r"[ \t\u00a0]+", " ", block).strip() for block in blocks)))
    if not re.search(r"\w", text):
        raise source.error("the document holds no text", AS_TEXT, "refused")
    return text, facts, ()


def _clean(words: object) -> str | None:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", str(words or "")).split())[:300] or None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else None
