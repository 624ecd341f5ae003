"""An Apps Script that makes the survey in Google Forms, one form a language."""

from __future__ import annotations

import json
from typing import Any

from rds.survey.instrument import Instrument, Question
from rds.survey.platforms.words import one_line

_HEAD = """\
// Makes the survey in Google Forms, one form for each language.
// 1. Open script.google.com, signed in to the account that is to own the forms.
// 2. Make a new project and paste all of this in place of what stands there.
// 3. Choose the function makeForms and run it; allow it to make forms.
// 4. The forms lie in Google Drive; their addresses stand in the execution log.
// Change no word here: answers are found again by the words of question and row.

var FORMS = """

_CODE = """;

function makeForms() {
  FORMS.forEach(function (plan) {
    var form = makeForm(plan);
    Logger.log(plan.name + ": " + form.getEditUrl());
  });
}

function makeForm(plan) {
  var form = FormApp.create(plan.name);
  form.setTitle(plan.title);
  form.setCollectEmail(false);
  form.setProgressBar(true);
  form.setShowLinkToRespondAgain(false);
  if (plan.end) {
    form.setConfirmationMessage(plan.end);
  }
  plan.pages.forEach(function (page, at) {
    var top = at === 0 ? form.addSectionHeaderItem() : form.addPageBreakItem();
    top.setTitle(page.title);
    page.questions.forEach(function (question) {
      addQuestion(form, question);
    });
  });
  return form;
}

function addQuestion(form, question) {
  if (question.kind === "information") {
    form.addSectionHeaderItem().setTitle(question.title);
  } else if (question.kind === "grid") {
    form.addGridItem().setTitle(question.title).setRows(question.rows)
      .setColumns(question.answers.map(function (answer) { return answer.text; }))
      .setRequired(question.required);
  } else if (question.kind === "choice") {
    addChoice(form.addMultipleChoiceItem(), question);
  } else if (question.kind === "several") {
    form.addCheckboxItem().setTitle(question.title)
      .setChoiceValues(question.answers.map(function (answer) { return answer.text; }))
      .setRequired(question.required);
  } else if (question.kind === "text") {
    form.addParagraphTextItem().setTitle(question.title).setRequired(question.required);
  } else if (question.kind === "number") {
    addNumber(form, question.title, question, FormApp.createTextValidation().requireNumber());
  } else if (question.kind === "allocation") {
    question.rows.forEach(function (row) {
      addNumber(form, question.title + " [" + row + "]", question,
        FormApp.createTextValidation().requireNumberBetween(0, 100));
    });
  }
}

function addNumber(form, title, question, validation) {
  form.addTextItem().setTitle(title).setValidation(validation.build())
    .setRequired(question.required);
}

function addChoice(item, question) {
  var ends = question.answers.some(function (answer) { return answer.ends; });
  item.setTitle(question.title).setRequired(question.required);
  item.setChoices(question.answers.map(function (answer) {
    if (!ends) {
      return item.createChoice(answer.text);
    }
    return item.createChoice(answer.text, answer.ends
      ? FormApp.PageNavigationType.SUBMIT : FormApp.PageNavigationType.CONTINUE);
  }));
}
"""


def script(instrument: Instrument) -> str:
    r"""Return the script: it asks every question in every language, one form a language.

    Respondents who may not take part are sent to the end after the page of that question.

    Parameters
    ----------
    instrument
        The survey.

    Returns
    -------
    str
        JavaScript in ASCII.

    Examples
    --------
    >>> survey = Instrument("cps", 1, "", ("en",), {"en": "Survey “A”"}, ())
    >>> "\\u201cA\\u201d" in script(survey)
    True
    """
    forms = [_form(instrument, language) for language in instrument.languages]
    return f"{_HEAD}{json.dumps(forms, indent=1)}{_CODE}"


def _form(instrument: Instrument, language: str) -> dict[str, Any]:
    """Return the plan of a form."""
    several = len(instrument.languages) > 1
    return {
        "name": f"{instrument.name}-{language}" if several else instrument.name,
        "title": one_line(instrument.title[language]),
        "end": instrument.end.get(language, ""),
        "pages": [
            {
                "title": one_line(page.words[language]),
                "questions": [_question(question, language) for question in page.questions],
            }
            for page in instrument.pages
        ],
    }


def _question(question: Question, language: str) -> dict[str, Any]:
    """Return the plan of a question."""
    eligible = question.eligible or tuple(option.code for option in question.options)
    title = question.words[language].strip()
    return {
        "kind": question.kind,
        "title": one_line(title) if question.rows else title,
        "rows": [one_line(row.words[language]) for row in question.rows],
        "answers": [
            {"text": one_line(option.words[language]), "ends": option.code not in eligible}
            for option in question.options
        ],
        "required": question.required,
    }
