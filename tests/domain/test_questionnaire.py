"""Questionnaire files: what is read, and what is refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ewb_desktop.domain.questionnaire import BadQuestionnaire, ItemType, UnsupportedItem, parse

FOLDER = Path(__file__).parents[2] / "resources" / "questionnaires"
FILES = sorted(FOLDER.glob("*.json"))
PHQ_9 = json.loads((FOLDER / "phq-9.json").read_text("utf-8"))


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document: dict[str, Any] = deepcopy(PHQ_9)
    change(document)
    return document


def test_five_questionnaires_are_shipped() -> None:
    assert {file.stem for file in FILES} == {"first-conversation", "gad-7", "loneliness", "ons4", "phq-9"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_file_says_who_allows_its_use_and_where_its_words_come_from(file: Path) -> None:
    questionnaire = parse(json.loads(file.read_text("utf-8")))
    assert questionnaire.id == file.stem
    assert questionnaire.licence
    assert questionnaire.copyright
    assert questionnaire.source
    assert questionnaire.questions


def test_phq_9_keeps_the_published_order_and_its_loinc_codes() -> None:
    questionnaire = parse(PHQ_9)
    assert [item.link_id for item in questionnaire.questions] == [
        *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"),
        "69722-7",
    ]
    assert questionnaire.item("44252-5").text.startswith("Trouble concentrating")


@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
def test_the_lowest_answer_is_not_at_all(name: str) -> None:
    questionnaire = parse(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))
    first = questionnaire.questions[0]
    assert [(option.value, option.display) for option in first.options] == [
        (0, "Not at all"),
        (1, "Several days"),
        (2, "More than half the days"),
        (3, "Nearly every day"),
    ]


def test_the_difficulty_question_is_not_scored() -> None:
    rules = parse(PHQ_9).rules
    assert rules is not None
    assert "69722-7" not in rules.items
    assert len(rules.items) == 9


def test_ons4_is_four_numbers_from_nought_to_ten_with_words_at_both_ends() -> None:
    questionnaire = parse(json.loads((FOLDER / "ons4.json").read_text("utf-8")))
    assert [(item.type, item.minimum, item.maximum) for item in questionnaire.questions] == [(ItemType.INTEGER, 0, 10)] * 4
    assert questionnaire.item("satisfied").low_words == "not at all satisfied"
    assert questionnaire.item("anxious").high_words == "completely anxious"


def test_a_type_that_cannot_be_asked_is_refused_by_name() -> None:
    document = changed(lambda d: d["item"][0]["item"][6].update(type="attachment"))
    with pytest.raises(
        UnsupportedItem, match=r"question 7 \('44252-5'\) has the type 'attachment', which this program cannot ask"
    ):
        parse(document)


@pytest.mark.parametrize(
    ("addition", "words"),
    [
        ({"required": True}, "must be answered"),
        ({"repeats": True}, "several answers"),
        ({"answerValueSet": "http://example.org"}, "'answerValueSet'"),
        ({"initial": [{"valueInteger": 1}]}, "'initial'"),
        ({"item": [{"linkId": "inner", "type": "text", "text": "?"}]}, "only a group may"),
        ({"enableWhen": [{"question": "44250-9", "operator": "exists", "answerBoolean": True}]}, "'exists'"),
        ({"answerOption": [{"valueString": "often"}]}, "valueCoding"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(addition: dict[str, Any], words: str) -> None:
    with pytest.raises(UnsupportedItem, match=words) as caught:
        parse(changed(lambda d: d["item"][0]["item"][2].update(addition)))
    assert "question 3 ('44259-0')" in str(caught.value)


@pytest.mark.parametrize("name", ["version", "copyright", "title", "id", "url"])
def test_a_file_without_what_it_must_say_is_refused(name: str) -> None:
    with pytest.raises(BadQuestionnaire, match=f"no {name}"):
        parse(changed(lambda d: d.pop(name)))


def test_a_file_without_a_licence_is_refused() -> None:
    document = changed(lambda d: d.update(extension=[each for each in d["extension"] if not each["url"].endswith("licence")]))
    with pytest.raises(BadQuestionnaire, match="no licence"):
        parse(document)


def test_two_items_with_one_link_id_are_refused() -> None:
    with pytest.raises(BadQuestionnaire, match="two items have the linkId '44250-9'"):
        parse(changed(lambda d: d["item"][0]["item"][1].update(linkId="44250-9")))


def test_a_score_over_a_question_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadQuestionnaire, match="scoring rules name '44250-9'"):
        parse(changed(lambda d: d["item"][0]["item"][0].update(linkId="other")))


def test_another_kind_of_document_is_refused() -> None:
    with pytest.raises(BadQuestionnaire, match="not a FHIR Questionnaire"):
        parse({"resourceType": "Patient"})


def test_an_answer_without_a_number_is_refused() -> None:
    def strip(document: dict[str, Any]) -> None:
        document["item"][0]["item"][0]["answerOption"][0]["valueCoding"].pop("extension")

    with pytest.raises(BadQuestionnaire, match=r"question 1 .* ordinalValue"):
        parse(changed(strip))


def test_a_scoring_rule_that_is_not_known_is_refused_not_ignored() -> None:
    def add(document: dict[str, Any]) -> None:
        document["extension"][-1]["extension"].append({"url": "weight", "valueInteger": 2})

    with pytest.raises(BadQuestionnaire, match="'weight'"):
        parse(changed(add))


@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
def test_every_loinc_code_has_the_right_check_digit(name: str) -> None:
    questionnaire = parse(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))
    for item in questionnaire.questions:
        digits = [int(digit) for digit in item.link_id.replace("-", "")]
        doubled = [digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(reversed(digits))]
        assert sum(doubled) % 10 == 0, item.link_id
