"""The words and forms that come with the program: questionnaires, lists and the titles of leaflets.

A file that cannot be used is left out by name and told in :attr:`Library.problems`; all the others still load.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from ewb_desktop.domain.lists import BadList, CrisisContact, WordList, crisis_contacts, numbers, parse_list
from ewb_desktop.domain.questionnaire import BadQuestionnaire, Questionnaire, parse
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.roles import roles as duties_by_role

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
"""Where the files are, beside the program."""

T = TypeVar("T")


class BrokenFile(Exception):
    """A file of the library that cannot be used: which, what is wrong with it, and what to do. No record is affected."""

    def __init__(self, path: Path, what: str, todo: str) -> None:
        super().__init__(f"The file {path.name} cannot be used: {what} {todo} Nothing in anyone's record is affected.")
        self.path = path
        self.what = what
        self.todo = todo


@dataclass(frozen=True, slots=True)
class Library:
    """What was read, and what could not be.

    ``times`` holds numbers of days, weeks and minutes by key; ``roles`` what each role may do, empty when its file is broken.
    """

    questionnaires: Mapping[str, Questionnaire]
    lists: Mapping[str, WordList]
    crisis: tuple[CrisisContact, ...]
    times: Mapping[str, int]
    roles: Mapping[str, frozenset[Duty]]
    problems: tuple[BrokenFile, ...]
    leaflet_titles: Mapping[str, str]
    """The leaflets' own titles by topic, in English where there is one."""

    def leaflet_title(self, topic: str) -> str:
        """Return the title that stands on a leaflet, or the words of its topic when this laptop has not got it."""
        return self.leaflet_titles.get(topic) or topic.replace("-", " ").replace("_", " ").capitalize()

    def questionnaire(self, key: str) -> Questionnaire:
        """Return a questionnaire by its id. Raises :class:`BrokenFile` that says why it is not there."""
        if key in self.questionnaires:
            return self.questionnaires[key]
        raise self._missing(key)

    def list(self, name: str) -> WordList:
        """Return a list by the name of its file. Raises :class:`BrokenFile` that says why it is not there."""
        if name in self.lists:
            return self.lists[name]
        raise self._missing(name)

    def _missing(self, name: str) -> BrokenFile:
        for problem in self.problems:
            if problem.path.stem == name:
                return problem
        return BrokenFile(Path(name), "there is no such file.", "Install the program again, or ask whoever looks after it.")


def open_library(folder: Path | None = None) -> Library:
    """Read every questionnaire and list under ``folder`` (by default those that come with the program).

    Never raises for a broken file: it is told in :attr:`Library.problems`, and whoever asks for it is told why.
    """
    root = folder or RESOURCES
    problems: list[BrokenFile] = []
    questionnaires: dict[str, Questionnaire] = {}
    for path in sorted((root / "questionnaires").glob("*.json")):
        questionnaire = _read(path, problems, _questionnaire)
        if questionnaire is not None and questionnaire.id in questionnaires:
            problems.append(BrokenFile(path, f"another file already has the id '{questionnaire.id}'.", "Keep one."))
        elif questionnaire is not None:
            questionnaires[questionnaire.id] = questionnaire
    lists: dict[str, WordList] = {}
    for path in sorted((root / "lists").glob("*.toml")):
        words = _read(path, problems, _list)
        if words is not None:
            lists[words.name] = words
    crisis = _typed(root, "crisis", lists, problems, crisis_contacts)
    times = _typed(root, "times", lists, problems, numbers)
    roles = _typed(root, "roles", lists, problems, duties_by_role)
    roles_file = root / "lists" / "roles.toml"
    if not roles and all(problem.path != roles_file for problem in problems):
        problems.append(BrokenFile(roles_file, "it is not there, or names no role.", "Install the program again."))
    return Library(
        questionnaires=MappingProxyType(questionnaires),
        lists=MappingProxyType(lists),
        crisis=crisis or (),
        times=MappingProxyType(times or {}),
        roles=roles or MappingProxyType({}),
        problems=tuple(problems),
        leaflet_titles=MappingProxyType(_titles(root / "leaflets")),
    )


def _titles(folder: Path) -> dict[str, str]:
    """Read only the heads of the leaflets; one that cannot be read is told of where leaflets are printed."""
    titles: dict[str, str] = {}
    for path in sorted(folder.rglob("*.md")):
        try:
            head = tomllib.loads(path.read_text("utf-8").split("+++\n", 2)[1])
        except (OSError, UnicodeDecodeError, IndexError, tomllib.TOMLDecodeError):
            continue
        topic, title = head.get("id"), head.get("title")
        if isinstance(topic, str) and isinstance(title, str) and (head.get("lang") == "en" or topic not in titles):
            titles[topic] = title
    return titles


def _typed(
    root: Path, name: str, lists: Mapping[str, WordList], problems: list[BrokenFile], reader: Callable[[WordList], T]
) -> T | None:
    if name not in lists:
        return None
    return _read(root / "lists" / f"{name}.toml", problems, lambda _path: reader(lists[name]))


def _read(path: Path, problems: list[BrokenFile], reader: Callable[[Path], T]) -> T | None:
    try:
        return reader(path)
    except BrokenFile as problem:
        problems.append(problem)
    except (BadList, BadQuestionnaire) as error:
        problems.append(BrokenFile(path, f"{str(error).rstrip('.')}.", "Put back the file that came with the program."))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(BrokenFile(path, f"it cannot be read ({type(error).__name__}).", "Install the program again."))
    return None


def _questionnaire(path: Path) -> Questionnaire:
    try:
        document = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise BrokenFile(
            path, f"it is not JSON from line {error.lineno} on.", "Put back the file that came with the program."
        ) from error
    if not isinstance(document, dict):
        raise BrokenFile(path, "it is JSON, but no questionnaire.", "Put back the file that came with the program.")
    return parse(document)


def _list(path: Path) -> WordList:
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenFile(path, f"it is not TOML: {error}.", "Put back the file that came with the program.") from error
    return parse_list(path.stem, document)
