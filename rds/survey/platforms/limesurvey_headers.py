"""The headers of LimeSurvey exports, in every style, as codes and texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rds.survey.export import ColumnRole
from rds.survey.platforms.limesurvey_book import Book, BookQuestion
from rds.survey.platforms.words import comparable, plain_text

ROLES: Mapping[str, ColumnRole] = {
    "id": "respondent",
    "submitdate": "submitted",
    "lastpage": "technical",
    "startlanguage": "language",
    "seed": "personal",
    "startdate": "started",
    "datestamp": "technical",
    "quota_exit": "technical",
    "token": "contact",
    "ipaddr": "personal",
    "refurl": "personal",
    "firstname": "personal",
    "lastname": "personal",
    "email": "personal",
    "participant_id": "personal",
    "interviewtime": "seconds",
}
"""What the columns about the respondent mean, by LimeSurvey's code."""

_SAID = {
    "id": "Response ID|Antwort ID|Antwort-ID|ID de la réponse|ID de respuesta|ID risposta"
    "|Antwoord ID|ID da resposta",
    "submitdate": "Date submitted|Datum Abgeschickt|Date de soumission|Fecha de envío"
    "|Data invio|Datum ingestuurd|Data de envio",
    "lastpage": "Last page|Letzte Seite|Dernière page|Última página|Ultima pagina|Laatste pagina",
    "startlanguage": "Start language|Start-Sprache|Langue de départ|Lenguaje inicial"
    "|Idioma inicial|Lingua iniziale|Starttaal",
    "seed": "Seed|Zufallsstartwert|Zufallsgeneratorstartwert|Tête de série|Semilla",
    "startdate": "Date started|Datum gestartet|Date de lancement|Fecha de inicio"
    "|Data di inizio|Datum gestart|Data de início",
    "datestamp": "Date last action|Datum letzte Aktivität|Date de la dernière action"
    "|Fecha de la última acción|Data dell'ultima azione|Datum laatste actie",
    "token": "Access code|Token|Zugangscode|Zugangsschlüssel|Code d'accès|Código de acceso"
    "|Código de acesso|Codice di accesso|Toegangscode",
    "ipaddr": "IP address|IP-Adresse|Adresse IP|Dirección IP|Indirizzo IP|IP-adres|Endereço IP",
    "refurl": "Referrer URL|Weiterleitungs-URL|URL de référence|URL de referencia|Verwijzende URL",
    "firstname": "First name|Vorname|Prénom|Nombre|Nome|Voornaam",
    "lastname": "Last name|Nachname|Nom|Nom de famille|Apellido|Apellidos|Cognome|Achternaam",
    "email": "Email address|Email|E-mail address|E-Mail-Adresse|E-Mail|Adresse de courriel"
    "|Adresse e-mail|Dirección de correo electrónico|Indirizzo email|E-mailadres",
    "interviewtime": "Total time|Gesamtzeit|Temps total|Tiempo total|Tempo totale|Totale tijd",
}
_CODE_SAID = {word: code for code, said in _SAID.items() for word in said.split("|")}

_ATTRIBUTE = re.compile(r"attribute_\d+(\.|$)")
_TIME = re.compile(
    r"(group|question)time\w*$|\d+X\d+(X\d+)?time$"
    r"|(group|question|gruppen|fragen)[- ]?(time|zeit)\b ?:",
    re.IGNORECASE,
)
_BY_CODE = re.compile(r"([A-Za-z][A-Za-z0-9]*)((?:\[[^\[\]]*\])*)")
_BY_NUMBER = re.compile(r"(\d+X\d+X)(\d+)(.*?)(?:#([01]))?")
_CUT = re.compile(r"(?<!\.)\.\. ?$")
_SCALE = re.compile(r"\D{1,20}([12])")
OTHERS = frozenset(
    ("Other", "Sonstiges", "Andere", "Autre", "Otro", "Otra", "Altro", "Anders", "Outro", "Outros")
)
"""What LimeSurvey calls the text that was typed for “other”."""


class Header(NamedTuple):
    """What a header says: codes, or texts, or both.

    `scale` is 1 or 2 for the two scales of a dual-scale array, else 0; `known` is LimeSurvey's
    code of a column that is no answer. Columns of one question share their `block`.
    """

    question: str = ""
    row: str = ""
    scale: int = 0
    question_text: str = ""
    row_text: str = ""
    known: str = ""
    block: str = ""


def known_code(header: str) -> str:
    """Return LimeSurvey's code of a column about the respondent, from its code or its words.

    Examples
    --------
    >>> known_code("submitdate"), known_code("Datum_Abgeschickt"), known_code("D1freq[T01]")
    ('submitdate', 'submitdate', '')
    """
    name = header.strip()
    if _is_known(name):
        return name
    return _CODE_SAID.get(name, _CODE_SAID.get(name.replace("_", " "), ""))


def _is_known(name: str) -> bool:
    """Tell whether a code is that of a column that is no answer."""
    return name in ROLES or bool(
        _ATTRIBUTE.match(name) or _TIME.match(name) or name.endswith(("[filecount]", "_filecount"))
    )


def role_of(known: str) -> ColumnRole:
    """Return what a column that is no answer means."""
    if _ATTRIBUTE.match(known):
        return "personal"
    return ROLES.get(known, "technical")


def looks_like_limesurvey(headers: Sequence[str]) -> bool:
    """Tell whether headers are those of a LimeSurvey export, in any style.

    Examples
    --------
    >>> looks_like_limesurvey(["id", "submitdate", "lastpage", "D1freq[T01]"])
    True
    >>> looks_like_limesurvey(["id", "T01_importance"])
    False
    """
    names = [header.strip() for header in headers]
    separator = code_text_separator(names)
    if separator:
        names = [name.split(separator)[0] for name in names]
    known = {known_code(name) for name in names} - {""}
    rows = any(re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(\[\w+\]){1,2}", name) for name in names)
    return "id" in known and bool(known & {"submitdate", "lastpage", "startlanguage"} or rows)


def code_text_separator(headers: Sequence[str]) -> str:
    """Return what stands between code and text when headers hold both; else nothing.

    Examples
    --------
    >>> code_text_separator(["id. Response ID", "submitdate. Date submitted", "Q1. Setting"])
    '. '
    >>> code_text_separator(["id", "submitdate", "Q1"])
    ''
    """
    rests: dict[str, str] = {}
    for header in headers:
        code = re.match("[a-z]+", header)
        if code and code[0] in ROLES and header != code[0]:
            rests[code[0]] = header[code.end() :]
    parts = {re.split(r"\w", rest)[0] for rest in rests.values()} if "id" in rests else set()
    return parts.pop() if len(parts) == 1 else ""


def read_headers(headers: Sequence[str], texts: Sequence[str], book: Book | None) -> list[Header]:
    """Return what each header says.

    Parameters
    ----------
    headers
        The row of headers; of two, that with the codes.
    texts
        The row of texts above it; empty without.
    book
        The structure of the survey.
    """
    separator = code_text_separator(headers)
    if separator:
        pairs = [header.partition(separator)[::2] for header in headers]
        read = [_with_texts(_by_code(code, book), text) for code, text in pairs]
    elif "id" in (header.strip() for header in headers):
        read = [_by_code(header.strip(), book) for header in headers]
    else:
        filled = any("_" in header and known_code(header) for header in headers)
        read = [_by_text(header.replace("_", " ") if filled else header) for header in headers]
    if texts:
        pairs_of = zip(read, texts, strict=True)
        read = [header._replace(question_text=plain_text(text)) for header, text in pairs_of]
    blocks = [header.question or header.question_text or header.known for header in read]
    read = [header._replace(block=block) for header, block in zip(read, blocks, strict=True)]
    if book and not any(header.question for header in read):
        read = _coded(read, book)
    return [_with_book(header, book) for header in _dual_by_expression(read, book)]


def _by_code(name: str, book: Book | None) -> Header:
    """Return the codes in a header."""
    bracketed, numbered = _BY_CODE.fullmatch(name), _BY_NUMBER.fullmatch(name)
    if _is_known(name):
        return Header(known=name)
    if bracketed:
        row, scale = [*re.findall(r"\[(.*?)\]", bracketed[2]), "", ""][:2]
        return Header(bracketed[1], row, int(scale) if scale in ("1", "2") else 0)
    if numbered:
        question, row = _numbered(numbered[1], numbered[2], numbered[3], book)
        return Header(question, row, int(numbered[4]) + 1 if numbered[4] else 0)
    question, _, row = name.partition("_")
    return Header(question, row)


def _numbered(start: str, number: str, row: str, book: Book | None) -> tuple[str, str]:
    """Return question and row code of LimeSurvey's own names, such as ``145153X3X13T01``."""
    whole = number + row
    for question in book.questions.values() if book else ():
        rest = whole.removeprefix(question.identifier)
        mine = question.identifier and whole.startswith(question.identifier)
        if mine and rest in {"", "other", "comment", *question.rows}:
            return question.code, rest
    return start + number, row


def _by_text(header: str) -> Header:
    """Return the texts in a header."""
    known = known_code(header)
    return Header(known=known) if known else _with_texts(Header(), header)


def _with_texts(codes: Header, text: str) -> Header:
    """Add question text, row text and scale of a header such as ``How often? [Assess risk]``."""
    question, row = _last_bracket(text.rstrip() if text.rstrip().endswith("]") else text)
    scale = _SCALE.fullmatch(row)
    if scale and question.endswith("]"):
        question, row = _last_bracket(question)
        codes = codes._replace(scale=int(scale[1]))
    return codes._replace(question_text=_said(question), row_text=_said(row))


def _last_bracket(header: str) -> tuple[str, str]:
    """Return what stands before the last pair of brackets, and inside it."""
    depth = 0
    for place in range(len(header) - 1, -1, -1) if header.endswith("]") else ():
        depth += {"]": 1, "[": -1}.get(header[place], 0)
        if depth == 0:
            return header[:place].removesuffix(" "), header[place + 1 : -1]
    return header, ""


def _said(text: str) -> str:
    """Return a text plain; where LimeSurvey cut it off, that is said and it fits no other text."""
    cut = _CUT.search(text)
    return f"{plain_text(text[: cut.start()])} (cut off)" if cut else plain_text(text)


def _coded(read: Sequence[Header], book: Book) -> list[Header]:
    """Give headers of texts the codes of the structure.

    Where several questions have the same text (a repeated statement), as many headers have to, and
    all columns have to stand in the order of the survey, as LimeSurvey exports them.
    """
    codes: dict[tuple[str, int], list[Header]] = {}
    order: dict[Header, int] = {}
    for header, texts in _book_texts(book):
        order.setdefault(header, len(order))
        for text in texts:
            fitting = codes.setdefault((comparable(plain_text(text)), header.scale), [])
            fitting += [] if header in fitting else [header]
    keys = [_text_key(header) for header in read]
    once = [codes[key][0] for key in keys if len(codes.get(key, ())) == keys.count(key) == 1]
    in_order = once == sorted(once, key=order.__getitem__)
    found = []
    for place, (key, header) in enumerate(zip(keys, read, strict=True)):
        fitting = codes.get(key, [])
        is_sure = len(fitting) == keys.count(key) and (in_order or len(fitting) == 1)
        mine = fitting[keys[:place].count(key)] if is_sure else Header()
        found.append(header._replace(question=mine.question, row=mine.row))
    return found


def _text_key(header: Header) -> tuple[str, int]:
    """Return a header of texts as two of them are compared."""
    text = f"{header.question_text} [{header.row_text}]".removesuffix(" []")
    return comparable(text), header.scale


def _book_texts(book: Book) -> Iterable[tuple[Header, list[str]]]:
    """Yield the codes of every column with its header in all languages, in order."""
    for question in book.questions.values():
        scales = (1, 2) if question.kind == "1" else (0,)
        asked = question.words.items()
        yield Header(question.code), [] if question.rows else [text for _, text in asked]
        for code, words in question.rows.items():
            texts = [f"{text} [{words.get(language, '')}]" for language, text in asked]
            yield from ((Header(question.code, code, scale), texts) for scale in scales)
        if question.has_other:
            others = [f"{text} [{word}]" for _, text in asked for word in OTHERS]
            yield Header(question.code, "other"), others


def _dual_by_expression(read: list[Header], book: Book | None) -> list[Header]:
    """Tell the scales of dual-scale arrays in ExpressionScript codes: ``D1dual_T01_0``."""
    rows: dict[str, list[str]] = {}
    for header in read:
        if header.row and not header.scale:
            rows.setdefault(header.question, []).append(header.row)

    def is_dual(code: str) -> bool:
        if book and code in book.questions:
            return book.questions[code].kind == "1"
        pairs = Counter(row[:-2] for row in rows[code] if row[-2:] in ("_0", "_1"))
        return 2 * len(pairs) == len(rows[code]) and set(pairs.values()) == {2}

    dual = {code for code in rows if code and is_dual(code)}
    return [
        header._replace(row=header.row[:-2], scale=int(header.row[-1]) + 1)
        if header.question in dual and header.row[-2:] in ("_0", "_1") and not header.scale
        else header
        for header in read
    ]


def _with_book(header: Header, book: Book | None) -> Header:
    """Add the texts that the structure has in its base language, where the header has none."""
    question = book.questions.get(header.question) if book else None
    if book is None or question is None:
        return header
    row_text = plain_text(_row_text(book, question, header.row))
    return header._replace(
        question_text=header.question_text or plain_text(book.said(question.words)),
        row_text=header.row_text or row_text,
    )


def _row_text(book: Book, question: BookQuestion, code: str) -> str:
    """Return the words of a row; of a cell in an array, those of its row and its column."""
    row, _, across = code.partition("_")
    if code not in question.rows and row in question.rows and across in question.across:
        return f"{book.said(question.rows[row])} – {book.said(question.across[across])}"
    return book.said(question.rows.get(code, {}))
