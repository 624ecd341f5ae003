"""What forms to fill in say beside the survey's own words, in the respondents' language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rds.survey.instrument import Instrument, Question
from rds.survey.wording import STANDARD_WORDING

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]+\n?")


@dataclass(frozen=True)
class Phrases:
    """The phrases of a language; words in braces are filled in."""

    one: str
    several: str
    each_line: str
    share: str
    statement: str
    points: str
    total: str
    stop: str
    either: str
    quoted: str
    version: str
    form: str
    page: str
    respondent: str
    how_on_paper: str
    how_in_file: str
    give_back: str
    send_back: str
    thanks: str
    your_answers: str
    choose_x: str
    from_list: str
    a_number: str
    up_to_100: str
    about: str
    about_this_form: str
    about_columns: str


_ENGLISH = Phrases(
    one="Choose one answer.",
    several="Choose all that apply.",
    each_line="Choose one answer in each line.",
    share="The points must add up to 100.",
    statement="Statement",
    points="Points",
    total="Total (must be 100)",
    stop="If you chose {answers}, please stop here. Thank you for your time.",
    either=" or ",
    quoted="“{}”",
    version="Version {number}",
    form="Form {letter}",
    page="Page {page} of {pages}",
    respondent="Respondent number, if you were given one",
    how_on_paper=(
        "Please use a dark pen and put a cross in the box of your answer. To change an answer, "
        "fill in the whole box and put a cross in another one."
    ),
    how_in_file=(
        "Answer in the yellow cells. Where a cell has a list, click on it and then on the arrow "
        "beside it. When you are done, save the file and send it back."
    ),
    give_back="Please give this form back to whoever gave it to you.",
    send_back="Please save this file and send it back to whoever sent it to you.",
    thanks="Thank you.",
    your_answers="Your answers",
    choose_x="Choose X if this applies; otherwise leave the cell empty.",
    from_list="Please choose an answer from the list.",
    a_number="Please type a number.",
    up_to_100="Please type a number from 0 to 100.",
    about="About this form",
    about_this_form="Study {study}, survey version {number}{form}, language {language}.",
    about_columns=(
        "Hidden columns on the right hold the codes of the questions and the answers of the "
        "lists; with them the form can be read when it comes back. The sheet is protected without "
        "a password, so that nothing is overwritten by mistake. Please do not add, remove or move "
        "lines."
    ),
)
_GERMAN = Phrases(
    one="Bitte eine Antwort wählen.",
    several="Bitte alles Zutreffende wählen.",
    each_line="Bitte in jeder Zeile eine Antwort wählen.",
    share="Die Punkte müssen zusammen 100 ergeben.",
    statement="Aussage",
    points="Punkte",
    total="Summe (muss 100 sein)",
    stop="Wenn Sie {answers} gewählt haben, hören Sie bitte hier auf. Vielen Dank für Ihre Zeit.",
    either=" oder ",
    quoted="„{}“",
    version="Version {number}",
    form="Form {letter}",
    page="Seite {page} von {pages}",
    respondent="Teilnehmernummer, falls Sie eine erhalten haben",
    how_on_paper=(
        "Bitte kreuzen Sie mit einem dunklen Stift das Kästchen Ihrer Antwort an. Um eine Antwort "
        "zu ändern, füllen Sie das Kästchen ganz aus und kreuzen ein anderes an."
    ),
    how_in_file=(
        "Antworten Sie in den gelben Zellen. Hat eine Zelle eine Liste, klicken Sie auf die Zelle "
        "und dann auf den Pfeil daneben. Speichern Sie zum Schluss die Datei und senden Sie sie "
        "zurück."
    ),
    give_back="Bitte geben Sie diesen Bogen dort zurück, wo Sie ihn erhalten haben.",
    send_back="Bitte speichern Sie diese Datei und senden Sie sie an den Absender zurück.",
    thanks="Vielen Dank.",
    your_answers="Ihre Antworten",
    choose_x="Wählen Sie X, wenn dies zutrifft; sonst lassen Sie die Zelle leer.",
    from_list="Bitte wählen Sie eine Antwort aus der Liste.",
    a_number="Bitte geben Sie eine Zahl ein.",
    up_to_100="Bitte geben Sie eine Zahl von 0 bis 100 ein.",
    about="Über diesen Bogen",
    about_this_form="Studie {study}, Version {number} der Umfrage{form}, Sprache {language}.",
    about_columns=(
        "Ausgeblendete Spalten rechts enthalten die Codes der Fragen und die Antworten der "
        "Listen; mit ihnen kann der Bogen gelesen werden, wenn er zurückkommt. Das Blatt ist ohne "
        "Kennwort geschützt, damit nichts versehentlich überschrieben wird. Bitte fügen Sie keine "
        "Zeilen ein, löschen und verschieben Sie keine."
    ),
)
_FRENCH = Phrases(
    one="Choisissez une réponse.",
    several="Choisissez toutes les réponses qui conviennent.",
    each_line="Choisissez une réponse par ligne.",
    share="Le total des points doit être égal à 100.",
    statement="Énoncé",
    points="Points",
    total="Total (doit être 100)",
    stop=(
        "Si vous avez choisi {answers}, veuillez vous arrêter ici. Merci de nous avoir accordé de "
        "votre temps."
    ),
    either=" ou ",
    quoted="«\u00a0{}\u00a0»",
    version="Version {number}",
    form="Formulaire {letter}",
    page="Page {page} sur {pages}",
    respondent="Numéro de participant, si vous en avez reçu un",
    how_on_paper=(
        "Utilisez un stylo foncé et cochez la case de votre réponse. Pour changer une réponse, "
        "noircissez toute la case et cochez-en une autre."
    ),
    how_in_file=(
        "Répondez dans les cellules jaunes. Si une cellule a une liste, cliquez sur la cellule, "
        "puis sur la flèche à côté. À la fin, enregistrez le fichier et renvoyez-le."
    ),
    give_back="Veuillez rendre ce questionnaire à la personne qui vous l’a remis.",
    send_back="Veuillez enregistrer ce fichier et le renvoyer à la personne qui vous l’a envoyé.",
    thanks="Merci.",
    your_answers="Vos réponses",
    choose_x="Choisissez X si cela convient\u00a0; sinon, laissez la cellule vide.",
    from_list="Veuillez choisir une réponse dans la liste.",
    a_number="Veuillez saisir un nombre.",
    up_to_100="Veuillez saisir un nombre de 0 à 100.",
    about="À propos de ce questionnaire",
    about_this_form="Étude {study}, version {number} de l’enquête{form}, langue {language}.",
    about_columns=(
        "Des colonnes masquées à droite contiennent les codes des questions et les réponses des "
        "listes\u00a0; elles permettent de lire le questionnaire à son retour. La feuille est "
        "protégée sans mot de passe, pour que rien ne soit écrasé par erreur. Veuillez ne pas "
        "ajouter, supprimer ni déplacer de lignes."
    ),
)
_SPANISH = Phrases(
    one="Elija una respuesta.",
    several="Elija todas las respuestas que correspondan.",
    each_line="Elija una respuesta en cada línea.",
    share="Los puntos deben sumar 100.",
    statement="Enunciado",
    points="Puntos",
    total="Total (debe ser 100)",
    stop="Si eligió {answers}, deténgase aquí, por favor. Gracias por su tiempo.",
    either=" o ",
    quoted="«{}»",
    version="Versión {number}",
    form="Formulario {letter}",
    page="Página {page} de {pages}",
    respondent="Número de participante, si recibió uno",
    how_on_paper=(
        "Use un bolígrafo oscuro y marque con una cruz la casilla de su respuesta. Para cambiar "
        "una respuesta, rellene toda la casilla y marque otra."
    ),
    how_in_file=(
        "Responda en las celdas amarillas. Si una celda tiene una lista, haga clic en la celda y "
        "luego en la flecha que está al lado. Al terminar, guarde el archivo y devuélvalo."
    ),
    give_back="Por favor, devuelva este cuestionario a quien se lo entregó.",
    send_back="Por favor, guarde este archivo y devuélvalo a quien se lo envió.",
    thanks="Gracias.",
    your_answers="Sus respuestas",
    choose_x="Elija X si corresponde; si no, deje la celda vacía.",
    from_list="Por favor, elija una respuesta de la lista.",
    a_number="Por favor, escriba un número.",
    up_to_100="Por favor, escriba un número de 0 a 100.",
    about="Acerca de este cuestionario",
    about_this_form="Estudio {study}, versión {number} de la encuesta{form}, idioma {language}.",
    about_columns=(
        "Unas columnas ocultas a la derecha contienen los códigos de las preguntas y las "
        "respuestas de las listas; con ellas se puede leer el cuestionario cuando vuelve. La hoja "
        "está protegida sin contraseña, para que nada se sobrescriba por error. Por favor, no "
        "agregue, elimine ni mueva líneas."
    ),
)
_LANGUAGES = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH}


def phrases(language: str) -> Phrases:
    """Return the phrases of a language; English ones where there are none.

    Examples
    --------
    >>> phrases("de-AT").total, phrases("xx").total
    ('Summe (muss 100 sein)', 'Total (must be 100)')
    """
    return _LANGUAGES.get(re.split("[-_]", language.casefold())[0], _ENGLISH)


def printable(text: str) -> str:
    r"""Return a text without the control characters that no document can hold.

    Examples
    --------
    >>> printable(" two\x0b\nlines ")
    'two\nlines'
    """
    return _CONTROLS.sub("\n", text).strip()


def stop_words(question: Question, language: str) -> str:
    """Return the sentence that lets those go who may not take part; empty if all may.

    Examples
    --------
    >>> from rds.survey.instrument import Option
    >>> options = (Option(1, {"en": "Yes"}), Option(2, {"en": "No"}))
    >>> asked = {"en": "Do you agree?"}
    >>> consent = Question("c", "choice", asked, "consent", options=options, eligible=(1,))
    >>> stop_words(consent, "en")
    'If you chose “No”, please stop here. Thank you for your time.'
    """
    said = phrases(language)
    out = [option for option in question.options if option.code not in question.eligible]
    if not question.eligible or not out:
        return ""
    answers = [said.quoted.format(printable(option.words[language])) for option in out]
    return said.stop.format(answers=said.either.join(answers))


def last_words(instrument: Instrument, language: str, return_it: str) -> Sequence[str]:
    """Return what stands at the end; answers on a form are not saved when it is filled in."""
    end = printable(instrument.end.get(language, ""))
    thanks = phrases(language).thanks
    return (thanks if end in ("", STANDARD_WORDING["survey end"]) else end, return_it)


def form_name(instrument: Instrument, language: str) -> str:
    """Return study, version and form in words, as a footer says them.

    Examples
    --------
    >>> form_name(Instrument("cps", 2, "A", ("en",), {"en": "Survey"}, ()), "en")
    'cps · Version 2 · Form A'
    """
    said = phrases(language)
    form = [said.form.format(letter=instrument.form)] if instrument.form else []
    version = said.version.format(number=instrument.version)
    return " · ".join([instrument.study_id, version, *form])
