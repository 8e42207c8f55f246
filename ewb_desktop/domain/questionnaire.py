"""What a questionnaire is, and how one is read from a FHIR R4 Questionnaire: a stated subset, the rest refused by name.

Supported: items of type group, display, string, text, choice, integer, boolean and date; ``answerOption`` with a
``valueCoding`` and an ``ordinalValue``; ``minValue``, ``maxValue`` and ``maxLength``; ``enableWhen`` with ``=`` and ``>``.
Nothing may be required: a person may skip every question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ewb_desktop.domain.scoring_rules import BadRules, ScoringRules, parse_rules

ORDINAL_VALUE = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
MIN_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/maxValue"
OWN = "urn:ewb-desktop:"
"""Our own extensions: licence, source, person-only, scoring on the file; hint, ends, safety-above on an item."""


class ItemType(StrEnum):
    """The kinds of item that this program can show or ask."""

    GROUP = "group"
    DISPLAY = "display"
    STRING = "string"
    TEXT = "text"
    CHOICE = "choice"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from: what is stored (``value``), its code, and what is read."""

    value: int
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Condition:
    """An item is asked when the answer to ``link_id`` is equal to (``=``) or above (``>``) ``value``."""

    link_id: str
    operator: str
    value: int | bool | str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the page: a group, a paragraph, or a question.

    ``safety_above``: any answer above this number opens the safety conversation, whatever the total.
    ``low_words`` and ``high_words`` stand at the two ends of a scale of numbers.
    """

    link_id: str
    text: str
    type: ItemType
    prefix: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    low_words: str = ""
    high_words: str = ""
    max_length: int | None = None
    conditions: tuple[Condition, ...] = ()
    enable_any: bool = False
    safety_above: int | None = None

    @property
    def is_question(self) -> bool:
        """Whether an answer can be given to this item."""
        return self.type not in (ItemType.GROUP, ItemType.DISPLAY)

    def walk(self) -> Iterator[Item]:
        """Yield this item and everything inside it, in reading order."""
        yield self
        for inner in self.items:
            yield from inner.walk()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A set of questions with who allows its use (``licence``, ``copyright``) and where its words come from.

    ``person_only``: nobody else answers for the person.
    """

    url: str
    id: str
    version: str
    title: str
    description: str
    licence: str
    copyright: str
    source: str
    items: tuple[Item, ...]
    rules: ScoringRules | None = None
    person_only: bool = False

    def walk(self) -> Iterator[Item]:
        """Yield every item in reading order, groups and paragraphs included."""
        for item in self.items:
            yield from item.walk()

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that can be answered, in reading order."""
        return tuple(item for item in self.walk() if item.is_question)

    @property
    def counted(self) -> tuple[Item, ...]:
        """The questions that the total is worked out from, as the rules name them; all of them when nothing is added up."""
        named = self.rules.items if self.rules is not None else ()
        return tuple(item for item in self.questions if item.link_id in named) or self.questions

    def item(self, link_id: str) -> Item:
        """Return the item called ``link_id``. Raises ``KeyError`` when there is none."""
        for item in self.walk():
            if item.link_id == link_id:
                return item
        raise KeyError(link_id)


class BadQuestionnaire(ValueError):
    """A questionnaire file that cannot be used; the text says what is wrong and what to do."""


class UnsupportedItem(BadQuestionnaire):
    """A questionnaire file that asks something in a way this program cannot; the text names the question."""


def parse(document: Mapping[str, object]) -> Questionnaire:
    """Read a FHIR R4 Questionnaire. Raises :class:`BadQuestionnaire` or :class:`UnsupportedItem`, never half a form."""
    if document.get("resourceType") != "Questionnaire":
        raise BadQuestionnaire("this is not a FHIR Questionnaire: its resourceType says something else. Use another file.")
    own = read_extensions(document)
    items = _Reader().items(document.get("item"))
    questionnaire = Questionnaire(
        url=_required(document, "url"),
        id=_required(document, "id"),
        version=_required(document, "version"),
        title=_required(document, "title"),
        description=str(document.get("description", "")),
        licence=_required(own, OWN + "licence", shown="licence"),
        copyright=_required(document, "copyright"),
        source=_required(own, OWN + "source", shown="source"),
        items=items,
        rules=_rules(own),
        person_only=own.get(OWN + "person-only") is True,
    )
    _check_whole(questionnaire)
    return questionnaire


def read_extensions(block: Mapping[str, object]) -> dict[str, object]:
    """Return the FHIR extensions of ``block`` by url: a value, a nested dict, or a list where one url comes again."""
    found: dict[str, object] = {}
    extensions = block.get("extension", [])
    for each in extensions if isinstance(extensions, list) else []:
        url = str(each.get("url", ""))
        values = [value for name, value in each.items() if name.startswith("value")]
        value = values[0] if values else read_extensions(each)
        if url not in found:
            found[url] = value
        elif isinstance(found[url], list):
            found[url].append(value)  # type: ignore[attr-defined]
        else:
            found[url] = [found[url], value]
    return found


class _Reader:
    """Reads items in order, counting questions so that a refusal can say which one it means."""

    def __init__(self) -> None:
        self._number = 0
        self._options: dict[str, tuple[Option, ...]] = {}

    def items(self, blocks: object) -> tuple[Item, ...]:
        if not isinstance(blocks, list) or not blocks:
            raise BadQuestionnaire("it holds no questions. Ask whoever made the file for a complete one.")
        return tuple(self._item(block) for block in blocks)

    def _item(self, block: object) -> Item:
        if not isinstance(block, Mapping) or not str(block.get("linkId", "")).strip():
            raise BadQuestionnaire(f"the item after question {self._number} has no linkId. Give every item its own.")
        link_id = str(block["linkId"])
        kind = str(block.get("type", ""))
        if kind not in ("group", "display"):
            self._number += 1
        where = f"question {self._number} ('{link_id}')" if kind not in ("group", "display") else f"the {kind} '{link_id}'"
        if kind not in set(ItemType):
            raise UnsupportedItem(
                f"{where} has the type '{kind}', which this program cannot ask. It can ask "
                f"{', '.join(ItemType)}. Change the type, or leave the question out."
            )
        self._refuse_unsupported(block, where)
        own = read_extensions(block)
        ends = own.get(OWN + "ends", {})
        ends = ends if isinstance(ends, Mapping) else {}
        options = self._choices(block, where) if kind == ItemType.CHOICE else ()
        self._options[link_id] = options
        inner = block.get("item")
        if inner and kind != ItemType.GROUP:
            raise UnsupportedItem(f"{where} holds further items; only a group may. Move them beside it.")
        return Item(
            link_id=link_id,
            text=str(block.get("text", "")),
            type=ItemType(kind),
            prefix=str(block.get("prefix", "")),
            hint=str(own.get(OWN + "hint", "")),
            options=options,
            items=self.items(inner) if kind == ItemType.GROUP else (),
            minimum=_whole(own.get(MIN_VALUE), where, "minValue"),
            maximum=_whole(own.get(MAX_VALUE), where, "maxValue"),
            low_words=str(ends.get("low", "")),
            high_words=str(ends.get("high", "")),
            max_length=_whole(block.get("maxLength"), where, "maxLength"),
            conditions=self._conditions(block, where),
            enable_any=block.get("enableBehavior") == "any",
            safety_above=_whole(own.get(OWN + "safety-above"), where, "safety-above"),
        )

    def _refuse_unsupported(self, block: Mapping[str, object], where: str) -> None:
        if block.get("required"):
            raise UnsupportedItem(f"{where} must be answered; here a person may skip anything. Remove 'required'.")
        if block.get("repeats"):
            raise UnsupportedItem(f"{where} takes several answers ('repeats'), which this program cannot ask. Remove it.")
        for name in ("answerValueSet", "initial", "modifierExtension"):
            if name in block:
                raise UnsupportedItem(f"{where} uses '{name}', which this program does not read. Remove it.")

    def _choices(self, block: Mapping[str, object], where: str) -> tuple[Option, ...]:
        options = []
        blocks = block.get("answerOption")
        for each in blocks if isinstance(blocks, list) else []:
            coding = each.get("valueCoding") if isinstance(each, Mapping) else None
            if not isinstance(coding, Mapping):
                raise UnsupportedItem(f"{where} has an answer that is not a valueCoding. Write each answer as one.")
            ordinal = read_extensions(coding).get(ORDINAL_VALUE, read_extensions(each).get(ORDINAL_VALUE))
            value = _whole(ordinal, where, "ordinalValue")
            display = str(coding.get("display", ""))
            if value is None or not display or not coding.get("code"):
                raise BadQuestionnaire(f"{where} has an answer without a code, a display or an ordinalValue. Add it.")
            options.append(Option(value=value, code=str(coding["code"]), display=display))
        if len({option.value for option in options}) != len(options) or len(options) < 2:
            raise BadQuestionnaire(f"{where} needs two or more answers, each with an ordinalValue of its own.")
        return tuple(options)

    def _conditions(self, block: Mapping[str, object], where: str) -> tuple[Condition, ...]:
        found = []
        blocks = block.get("enableWhen")
        for each in blocks if isinstance(blocks, list) else []:
            link_id, operator = str(each.get("question", "")), str(each.get("operator", ""))
            if operator not in ("=", ">"):
                raise UnsupportedItem(f"{where} depends on another by '{operator}'; only '=' and '>' can be used.")
            if link_id not in self._options:
                raise BadQuestionnaire(f"{where} depends on '{link_id}', which does not come before it. Put it first.")
            value = next((value for name, value in each.items() if name.startswith("answer")), None)
            if isinstance(value, Mapping):
                codes = {option.code: option.value for option in self._options[link_id]}
                value = codes.get(str(value.get("code")))
            if not isinstance(value, int | str):
                raise BadQuestionnaire(f"{where} depends on an answer to '{link_id}' that it does not have.")
            found.append(Condition(link_id=link_id, operator=operator, value=value))
        return tuple(found)


def _rules(own: Mapping[str, object]) -> ScoringRules | None:
    block = own.get(OWN + "scoring")
    if block is None:
        return None
    if not isinstance(block, Mapping):
        raise BadQuestionnaire("its scoring rules are not a block of extensions. Ask whoever made the file.")
    try:
        return parse_rules(block)
    except BadRules as error:
        raise BadQuestionnaire(f"{error}. Ask whoever made the file for a corrected one.") from error


def _check_whole(questionnaire: Questionnaire) -> None:
    seen: set[str] = set()
    for item in questionnaire.walk():
        if item.link_id in seen:
            raise BadQuestionnaire(f"two items have the linkId '{item.link_id}'. Give each its own.")
        seen.add(item.link_id)
    if questionnaire.rules is None:
        return
    named = questionnaire.rules.items + tuple(measure.link_id for measure in questionnaire.rules.measures)
    for link_id in named:
        if link_id not in seen or questionnaire.item(link_id).type not in (ItemType.CHOICE, ItemType.INTEGER):
            raise BadQuestionnaire(f"its scoring rules name '{link_id}', which is no choice or number in it. Correct it.")


def _required(block: Mapping[str, object], name: str, *, shown: str = "") -> str:
    value = block.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadQuestionnaire(f"it has no {shown or name}. Ask whoever made the file to add it; until then it is not used.")
    return value


def _whole(value: object, where: str, name: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadQuestionnaire(f"{where} has a {name} that is not a whole number. Correct it.")
    return value
