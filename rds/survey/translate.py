"""The words of a survey in all its languages, with every missing one reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rds.errors import Problem, nearest
from rds.survey.instrument import Words
from rds.survey.wording import STANDARD_WORDING
from rds.values import read_text, split_list


@dataclass
class Translator:
    """Finds the words of a text in every language, and notes which are missing.

    Parameters
    ----------
    languages
        Language codes; the first is the base language.
    sections
        The study's own words for parts of the survey, by section of the Narrative.
    translations
        Words by what is translated and by language, both without capitals.
    """

    languages: tuple[str, ...]
    sections: Mapping[str, str]
    translations: Mapping[tuple[str, str], str]
    used: set[str] = field(default_factory=set)
    missing: dict[str, list[str]] = field(default_factory=dict)

    def words(self, key: str, text: str) -> Words:
        """Return a text of the study in every language; `text` is what the base language says."""
        words = {self.languages[0]: text}
        self.used.add(key.casefold())
        for language in self.languages[1:]:
            translated = self.translations.get((key.casefold(), language.casefold()), "")
            if not translated:
                self.missing.setdefault(language, []).append(key)
            words[language] = translated or text
        return words

    def section(self, name: str, **values: str) -> Words:
        """Return the study's own words for a part of the survey, or the standard ones."""
        own = self.sections.get(name, "")
        if not own and not self.languages[0].casefold().startswith("en"):
            self.missing.setdefault(self.languages[0], []).append(name)
        text = own or STANDARD_WORDING[name].format(**values)
        return self.words(name, text)

    def list_of(self, key: str, texts: Sequence[str]) -> tuple[Words, ...]:
        """Return texts that are translated as one list, separated by semicolons."""
        words = self.words(key, "; ".join(texts))
        lists = {language: split_list(words[language]) for language in self.languages[1:]}
        for language, parts in lists.items():
            if len(parts) != len(texts) and key not in self.missing.get(language, ()):
                self.missing.setdefault(language, []).append(f"{key} (one for each)")
        return tuple(
            {
                self.languages[0]: text,
                **{
                    language: parts[position] if len(parts) == len(texts) else text
                    for language, parts in lists.items()
                },
            }
            for position, text in enumerate(texts)
        )


def translation_problems(translator: Translator, file: str, named: Iterable[str]) -> list[Problem]:
    """Report words that a language lacks, and translations of nothing.

    Parameters
    ----------
    translator
        After every text of the survey was asked for.
    file
        The workbook, for messages.
    named
        What the Translations sheet says it translates.
    """
    problems = [
        Problem(
            file,
            f"Translations, {language}" if language != translator.languages[0] else "Narrative",
            f"no words for {_some(keys)}",
            f"the whole survey in “{language}”",
            "add them, or take the language out of survey.languages"
            if language != translator.languages[0]
            else "write sections of these names in your language",
        )
        for language, keys in translator.missing.items()
    ]
    for name in dict.fromkeys(read_text(name) for name in named):
        if name.casefold() not in translator.used:
            meant = nearest(name, translator.used)
            mend = f"write “{meant}”" if meant else "correct or remove the row"
            wanted = "something that the survey says"
            problems.append(
                Problem(file, "Translations", f"a translation of “{name}”", wanted, mend)
            )
    return problems


def _some(keys: Sequence[str]) -> str:
    """Name up to five keys, and how many more there are."""
    distinct = list(dict.fromkeys(keys))
    rest = f" and {len(distinct) - 5} more" if len(distinct) > 5 else ""
    return ", ".join(f"“{key}”" for key in distinct[:5]) + rest
