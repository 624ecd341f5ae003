"""What platforms export of a survey, as far as formats are known, made of the same answers."""

import csv
import io
import json

import numpy as np

from rds.survey.instrument import Instrument, Option, Question, Row

IGNORED = ("information",)


def cells(instrument: Instrument):
    """Yield every answer that a platform has a column for: question, row and option."""
    for question in instrument.questions:
        if question.kind in IGNORED:
            continue
        if question.rows:
            yield from ((question, row, None) for row in question.rows)
        elif question.kind == "several":
            yield from ((question, None, option) for option in question.options)
        else:
            yield (question, None, None)


def answers(instrument: Instrument, n: int, seed: int = 1) -> list[dict]:
    """Return answers of n people: a code, a tick, a number or a text by question, row, option."""
    rng = np.random.default_rng(seed)
    people = []
    for _ in range(n):
        person = {}
        for question, row, option in cells(instrument):
            key = (question.code, row.code if row else "", option.code if option else 0)
            if question.purpose == "consent":
                person[key] = 1
            elif question.kind == "several":
                person[key] = int(rng.integers(2))
            elif question.kind == "allocation":
                person[key] = 50
            elif question.kind == "number":
                person[key] = int(rng.integers(1, 40))
            elif question.kind == "text":
                person[key] = "some words"
            else:
                person[key] = int(rng.choice([o.code for o in question.options]))
        people.append(person)
    return people


def said(question: Question, row: Row | None, option: Option | None, person, *, labels) -> str:
    """Return the cell of a platform that shows codes or labels."""
    value = person[question.code, row.code if row else "", option.code if option else 0]
    if labels and question.kind in ("grid", "choice"):
        return next(o.words["en"] for o in question.options if o.code == value)
    return str(value)


def table(rows, separator=",") -> bytes:
    """Return rows as a text file."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def limesurvey(instrument, people, *, style="code", labels=False):
    """LimeSurvey: identifiers, full words or both; Y, Yes and N/A for ticks."""
    heads = ["id", "submitdate", "lastpage", "startlanguage", "startdate", "datestamp"]
    full = {
        "id": "Response ID",
        "submitdate": "Date submitted",
        "lastpage": "Last page",
        "startlanguage": "Start language",
        "startdate": "Date started",
        "datestamp": "Date last action",
    }
    about = {
        "code": heads,
        "full": list(full.values()),
        "codetext": [f"{head}. {words}" for head, words in full.items()],
    }
    rows = [about[style]]
    for question, row, option in cells(instrument):
        own = row.code if row else str(option.code) if option else ""
        code = f"{question.code}[{own}]" if own else question.code
        word = row.words["en"] if row else option.words["en"] if option else ""
        words = f"{question.words['en']} [{word}]" if word else question.words["en"]
        both = {"code": code, "full": words, "codetext": f"{code}. {words}"}
        rows[0] = [*rows[0], both[style].replace("&", "&amp;") if style == "full" else both[style]]
    for number, person in enumerate(people, 1):
        line = [str(number), "2026-05-04 10:20:00", "4", "en", *["2026-05-04 10:00:00"] * 2]
        for question, row, option in cells(instrument):
            cell = said(question, row, option, person, labels=labels)
            if option:
                tick = cell == "1"
                cell = ("Yes" if tick else "N/A") if labels else ("Y" if tick else "")
            line.append(cell)
        rows.append(line)
    text = io.StringIO()
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def qualtrics(instrument, people, *, labels=False):
    """Qualtrics: three header rows, columns of grids by position, the tag as name."""
    meta = [
        ("StartDate", "Start Date", "startDate"),
        ("EndDate", "End Date", "endDate"),
        ("Status", "Response Type", "status"),
        ("IPAddress", "IP Address", "ipAddress"),
        ("Progress", "Progress", "progress"),
        ("Duration (in seconds)", "Duration (in seconds)", "duration"),
        ("Finished", "Finished", "finished"),
        ("RecordedDate", "Recorded Date", "recordedDate"),
        ("ResponseId", "Response ID", "_recordId"),
    ]
    names, words, ids = [list(column) for column in zip(*meta, strict=True)]
    number_of = {question.code: n for n, question in enumerate(instrument.questions, 1)}
    for question, row, option in cells(instrument):
        qid = f"QID{number_of[question.code]}"
        if row:
            position = question.rows.index(row) + 1
            names.append(f"{question.code}_{position}")
            words.append(f"{question.words['en']} - {row.words['en']}")
            ids.append(f"{qid}_{position}")
        elif option:
            names.append(f"{question.code}_{option.code}")
            words.append(f"{question.words['en']} - Selected Choice - {option.words['en']}")
            ids.append(f"{qid}_{option.code}")
        else:
            names.append(question.code)
            words.append(question.words["en"])
            ids.append(f"{qid}_TEXT" if question.kind in ("text", "number") else qid)
    rows = [names, words, [json.dumps({"ImportId": one}, separators=(",", ":")) for one in ids]]
    for number, person in enumerate(people, 1):
        status = "IP Address" if labels else "0"
        done = "True" if labels else "1"
        line = ["2026-05-04 10:00:00", "2026-05-04 10:10:00", status, "192.0.2.1", "100", "600"]
        line += [done, "2026-05-04 10:10:01", f"R_{number:015d}"]
        for question, row, option in cells(instrument):
            cell = said(question, row, option, person, labels=labels)
            if option:
                cell = (option.words["en"] if labels else "1") if cell == "1" else ""
            line.append(cell)
        rows.append(line)
    return table(rows)


def redcap(instrument, people, **_):
    """REDCap, raw: variables in small letters, ticks as 0 and 1."""
    heads = ["record_id", "redcap_survey_identifier", "survey_timestamp"]
    for question, row, option in cells(instrument):
        code = question.code.lower()
        heads.append(
            f"{code}_{row.code.lower()}" if row else f"{code}___{option.code}" if option else code
        )
    rows = [[*heads, "survey_complete"]]
    for number, person in enumerate(people, 1):
        line = [str(number), "", "2026-05-04 10:10:00"]
        line += [said(*cell, person, labels=False) for cell in cells(instrument)]
        rows.append([*line, "2"])
    return table(rows)


def odk(instrument, people, **_):
    """ODK Central: group paths joined by hyphens, ticked answers in one cell."""
    heads = ["SubmissionDate"]
    asked = [(q, r) for q, r, o in cells(instrument) if o is None or o == q.options[0]]
    groups = {q.code: page.code for page in instrument.pages for q in page.questions}
    for question, row in asked:
        path = f"{groups[question.code]}-"
        heads.append(
            f"{path}{question.code}-{question.code}_{row.code}" if row else path + question.code
        )
    heads += ["meta-instanceID", "KEY", "SubmitterID", "SubmitterName", "Status"]
    rows = [heads]
    for number, person in enumerate(people, 1):
        line = ["2026-05-04T10:10:00.000Z"]
        for question, row in asked:
            if question.kind == "several":
                ticked = [o for o in question.options if person[question.code, "", o.code]]
                line.append(" ".join(str(option.code) for option in ticked))
            else:
                line.append(said(question, row, None, person, labels=False))
        rows.append([*line, f"uuid:{number}", f"uuid:{number}", "1", "web", ""])
    return table(rows)


def kobo(instrument, people, **_):
    """Kobo: group paths joined by slashes, ticked answers in one cell and in a column each."""
    heads = ["start", "end"]
    asked = list(cells(instrument))
    groups = {q.code: page.code for page in instrument.pages for q in page.questions}
    for question, row, option in asked:
        path = f"{groups[question.code]}/"
        if option:
            if option == question.options[0]:
                heads.append(path + question.code)
            heads.append(f"{path}{question.code}/{option.code}")
        else:
            heads.append(
                f"{path}{question.code}/{question.code}_{row.code}" if row else path + question.code
            )
    rows = [[*heads, "_id", "_uuid", "_submission_time"]]
    for number, person in enumerate(people, 1):
        line = ["2026-05-04T10:00:00.000+02:00", "2026-05-04T10:10:00.000+02:00"]
        for question, row, option in asked:
            if option and option == question.options[0]:
                ticked = [o for o in question.options if person[question.code, "", o.code]]
                line.append(" ".join(str(one.code) for one in ticked))
            line.append(said(question, row, option, person, labels=False))
        rows.append([*line, str(number), f"uuid-{number}", "2026-05-04T08:10:00"])
    return table(rows, ";")


def surveymonkey(instrument, people, **_):
    """SurveyMonkey: two header rows, the question named once, labels."""
    heads = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address"]
    heads += ["Email Address", "First Name", "Last Name", "Custom Data 1"]
    below = [""] * len(heads)
    before = None
    for question, row, option in cells(instrument):
        heads.append("" if question is before else question.words["en"])
        single = "Response" if question.kind == "choice" else "Open-Ended Response"
        below.append(row.words["en"] if row else option.words["en"] if option else single)
        before = question
    rows = [heads, below]
    for number, person in enumerate(people, 1):
        line = [str(118052219000 + number), "446111201", "05/30/2026 10:00:00 AM"]
        line += ["05/30/2026 10:10:00 AM", "192.0.2.1", "", "", "", ""]
        for question, row, option in cells(instrument):
            cell = said(question, row, option, person, labels=True)
            line.append((option.words["en"] if cell == "1" else "") if option else cell)
        rows.append(line)
    return table(rows)


def google_forms(instrument, people, **_):
    """Google Forms: a column a row of a grid, ticked labels in one cell."""
    asked = [(q, r) for q, r, o in cells(instrument) if o is None or o == q.options[0]]
    heads = [f"{q.words['en']} [{r.words['en']}]" if r else q.words["en"] for q, r in asked]
    rows = [["Timestamp", *heads]]
    for number, person in enumerate(people):
        line = [f"2026/05/{1 + number % 28:02d} {10 + number // 28}:20:31 AM GMT+1"]
        for question, row in asked:
            if question.kind == "several":
                ticked = [o for o in question.options if person[question.code, "", o.code]]
                line.append(", ".join(option.words["en"] for option in ticked))
            else:
                line.append(said(question, row, None, person, labels=True))
        rows.append(line)
    return table(rows)


def alchemer(instrument, people, **_):
    """Alchemer: row and question joined by a colon."""
    heads = ["Response ID", "Time Started", "Date Submitted", "Status", "Language", "IP Address"]
    for question, row, option in cells(instrument):
        words = question.words["en"]
        lead = row.words["en"] if row else option.words["en"] if option else ""
        heads.append(f"{lead}:{words}" if lead else words)
    rows = [heads]
    for number, person in enumerate(people, 1):
        line = [str(number), "2026-05-04 10:00:00", "2026-05-04 10:10:00", "Complete", "English"]
        line.append("192.0.2.1")
        for question, row, option in cells(instrument):
            cell = said(question, row, option, person, labels=True)
            line.append((option.words["en"] if cell == "1" else "") if option else cell)
        rows.append(line)
    return table(rows)
