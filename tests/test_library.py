"""The library of resources: all that is shipped is whole, and a broken file is named."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from ewb_desktop.actions.conversations import IN_PERSON
from ewb_desktop.domain.lists import format_words
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.safety import SafetyPlan
from ewb_desktop.library import RESOURCES, BrokenFile, Library, open_library
from ewb_desktop.storage.cards.contacts import COULD_NOT_REACH, SPOKE
from ewb_desktop.storage.cards.follow_ups import KINDS
from sync.protocol.entities import ENTITIES
from sync.protocol.roles import OPENS
from sync.server.records.scope import ROLES

REFUSAL = re.compile(
    r"\b(reject\w*|refus\w*|discharg\w*|dna|declin\w*|did not attend|patients?|cases?|clients?|high risk|low risk|medium risk)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("questionnaires", "lists"):
        shutil.copytree(RESOURCES / name, tmp_path / name)
    return tmp_path


def test_every_file_that_comes_with_the_program_can_be_used(library: Library) -> None:
    assert library.problems == ()
    assert len(library.questionnaires) == len(list((RESOURCES / "questionnaires").glob("*.json")))
    assert len(library.lists) == len(list((RESOURCES / "lists").glob("*.toml")))


def test_every_list_has_a_version_and_a_source(library: Library) -> None:
    assert all(words.version and words.source for words in library.lists.values())


def test_no_list_holds_a_word_that_refuses_anyone(library: Library) -> None:
    for words in library.lists.values():
        for entry in words.entries:
            text = f"{entry.key.replace('_', ' ')} {entry.words} {entry.note} {entry.group}"
            assert not REFUSAL.search(text), f"{words.name}: {text}"


def test_no_questionnaire_of_our_own_holds_a_word_that_refuses_anyone(library: Library) -> None:
    for item in library.questionnaire("first-conversation").walk():
        assert not REFUSAL.search(f"{item.text} {item.hint} {' '.join(option.display for option in item.options)}")


def test_the_needs_list_has_thirty_four_needs_and_ends_with_ones_own_words(library: Library) -> None:
    needs = library.list("needs")
    assert len(needs.entries) == 34
    assert needs.entries[-1].key == "something_else_own_words"


def test_the_first_crisis_contacts_are_999_and_111(library: Library) -> None:
    assert [contact.number for contact in library.crisis][:3] == ["999", "111", "116 123"]
    assert all(contact.source and contact.how for contact in library.crisis)


def test_every_crisis_number_that_comes_first_has_the_day_on_which_it_was_checked(library: Library) -> None:
    assert [contact.key for contact in library.crisis if contact.first and contact.checked_on is None] == []


def test_a_crisis_number_that_nobody_checked_has_no_day(library: Library) -> None:
    unchecked = {contact.key for contact in library.crisis if "check before release" in contact.source}
    assert unchecked
    assert {contact.checked_on for contact in library.crisis if contact.key in unchecked} == {None}


def test_follow_ups_are_at_four_and_twelve_weeks(library: Library) -> None:
    assert library.times["signpost_first_follow_up_days"] == 4 * 7
    assert library.times["signpost_second_follow_up_days"] == 12 * 7


def test_a_source_of_turned_away_elsewhere_asks_by_whom_and_why(library: Library) -> None:
    entry = library.list("sources").entry("turned_away_elsewhere")
    assert entry is not None
    assert entry.more["asks"] == ["by_whom", "why"]


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("questionnaires/gad-7.json", "{ half", "not JSON from line 1"),
        ("questionnaires/gad-7.json", "[]", "no questionnaire"),
        ("questionnaires/gad-7.json", '{"resourceType": "Questionnaire", "item": []}', "no questions"),
        ("lists/needs.toml", "version = ", "not TOML"),
        ("lists/needs.toml", 'version = "1"', "no entries"),
        ("lists/needs.toml", 'title="t"\nversion="1"\n[[entry]]\nkey="a"\nwords="A"', "no source"),
        ("lists/needs.toml", '[[entry]]\nkey="a"\nwords="A"\n[[entry]]\nkey="a"\nwords="B"', "comes twice"),
    ],
)
def test_a_broken_file_is_named_with_what_to_do_and_all_others_load(copy: Path, name: str, text: str, what: str) -> None:
    (copy / name).write_text(text, "utf-8")
    library = open_library(copy)
    assert len(library.problems) == 1
    problem = str(library.problems[0])
    assert (copy / name).name in problem
    assert what in problem
    assert "Nothing in anyone's record is affected" in problem
    whole = len(open_library().questionnaires) + len(open_library().lists)
    assert len(library.questionnaires) + len(library.lists) == whole - 1


def test_bytes_that_are_no_text_are_a_broken_file(copy: Path) -> None:
    (copy / "lists" / "needs.toml").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in str(open_library(copy).problems[0])


def test_asking_for_a_broken_file_says_why_it_is_not_there(copy: Path) -> None:
    (copy / "questionnaires" / "phq-9.json").write_text("{", "utf-8")
    with pytest.raises(BrokenFile, match=r"phq-9\.json cannot be used: it is not JSON"):
        open_library(copy).questionnaire("phq-9")


def test_asking_for_a_list_that_never_was_is_told(library: Library) -> None:
    with pytest.raises(BrokenFile, match="no such file"):
        library.list("colours")


def test_two_files_with_one_id_keep_the_first_and_name_the_second(copy: Path) -> None:
    shutil.copy(copy / "questionnaires" / "phq-9.json", copy / "questionnaires" / "phq-9b.json")
    library = open_library(copy)
    assert [problem.path.name for problem in library.problems] == ["phq-9b.json"]
    assert "phq-9" in library.questionnaires


def test_a_crisis_contact_without_a_number_is_told(copy: Path) -> None:
    path = copy / "lists" / "crisis.toml"
    path.write_text(path.read_text("utf-8").replace('number = "111"', 'number = ""'), "utf-8")
    library = open_library(copy)
    assert library.crisis == ()
    assert "'nhs_111' has no number" in str(library.problems[0])


def test_a_key_from_a_newer_list_is_shown_and_not_lost(library: Library) -> None:
    assert library.list("needs").words("pet_care") == "pet care"


def test_what_the_program_means_by_a_key_stands_in_its_list(library: Library) -> None:
    assert {SPOKE, COULD_NOT_REACH} <= set(library.list("contact_results").keys)
    assert set(library.list("follow_up_kinds").keys) == set(KINDS)
    assert set(library.list("safety_plans").keys) == {plan.value for plan in SafetyPlan}
    assert set(library.list("roles").keys) == set(ROLES)
    assert {role for role, duties in library.roles.items() if Duty.OPEN in duties} == OPENS
    assert IN_PERSON in library.list("conversation_modes").keys


def test_a_way_of_contact_names_the_answer_about_its_safety_as_a_person_s_record_does(library: Library) -> None:
    asked = {str(way.more["safe"]) for way in library.list("contact_ways").entries if "safe" in way.more}
    assert asked == {"safe_to_call", "safe_to_message", "safe_to_post"}
    assert asked <= set(ENTITIES["person"].fields)
    assert all(way.more["not_safe"] for way in library.list("contact_ways").entries if "safe" in way.more)


def test_every_style_of_a_leaflet_can_be_read_as_a_format(library: Library) -> None:
    formats = library.list("leaflet_formats")
    styles = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (RESOURCES / "styles").glob("*.toml")}
    assert {form.more["style"] for form in formats.entries if "style" in form.more} == set(styles)
    assert all(format_words(formats, id) == style["name"] for id, style in styles.items())
    assert (format_words(formats, "braille"), format_words(formats, "")) == ("Braille", "")


def test_only_the_questionnaire_itself_says_that_nobody_answers_for_the_person(library: Library) -> None:
    assert {key for key, form in library.questionnaires.items() if form.person_only} == {"ons4"}


def test_a_leaflet_s_title_is_the_english_one_and_a_broken_head_takes_none_of_the_others_away(tmp_path: Path) -> None:
    heads = {"en/sleep": ("en", "Sleeping better"), "pl/sleep": ("pl", "Lepszy sen"), "pl/dom": ("pl", "Dom")}
    for name, (lang, title) in heads.items():
        path = tmp_path / "leaflets" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'+++\nid = "{path.stem}"\nlang = "{lang}"\ntitle = "{title}"\n+++\n\n# {title}\n', "utf-8")
    (tmp_path / "leaflets" / "en" / "broken.md").write_text("no head", "utf-8")
    titles = open_library(tmp_path).leaflet_titles
    assert titles == {"sleep": "Sleeping better", "dom": "Dom"}
