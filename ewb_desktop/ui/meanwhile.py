"""What colleagues write into the fields of a form while it is open: told beside the field, in the foot, and at “Save”."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.questionnaire import Item
from ewb_desktop.storage.cards.conflicts import ConflictCard, questions_about, value_of, wire_value
from ewb_desktop.storage.cards.names import names_of
from ewb_desktop.storage.cards.seen import Seen, Spot, stands_in
from ewb_desktop.storage.changes import Changes
from ewb_desktop.ui.differing_words import Beside, Came, beside_words, gone_by, meanwhile_words
from ewb_desktop.ui.record_words import RecordWords, ids_in, says_nothing
from sync.protocol.entities import Policy
from sync.protocol.merge import policy_of

BOTH_WAIT = " A colleague answered otherwise meanwhile: both answers will wait for somebody to choose."
STAYS_BEHIND = " What a colleague wrote meanwhile stays in the history."
OVER = "What you wrote is saved, and both answers will wait for somebody to choose."
NOTHING: Mapping[str, Any] = MappingProxyType({})


class MeanwhileView(Protocol):
    """What is needed of the page."""

    def show_differing(self, told: Mapping[str, Beside]) -> None:
        """Say beside fields, by their names, what workers answered differently, or wrote meanwhile."""

    def tell_of(self, fields: Collection[str]) -> None:
        """Say that a colleague wrote into these fields just now: it may stand where nobody looks."""


class Meanwhile:
    """Remembers what stood in the fields of a form when its writer saw them, and tells what came into them since.

    A page with a form calls :meth:`begin` when the form is shown, :meth:`hear` when something :meth:`concerns` it, writes with
    :meth:`seen_at` inside :meth:`saving`, and says :meth:`met` with what it says of the save.

    """

    def __init__(self, desk: Desk, view: MeanwhileView) -> None:
        self._desk = desk
        self._view = view
        self._renews = True
        self._spots: Mapping[str, Spot] = {}
        self._places: Mapping[str, str] = {}
        self._then: Mapping[str, str] = {}
        self._item: Item | None = None
        self._seen: dict[str, Seen] = {}
        self._came: dict[str, Any] = {}
        self._over: dict[str, Any] = {}
        """What came into fields and was saved over, until both answers wait."""
        self._asked: frozenset[str] = frozenset()
        """Fields beside which a question stood when the page was looked at last."""
        self._own: set[str] = set()
        """Fields in which stands what the writer saved while the form was open."""
        self._is_saving = False
        self.questions: dict[str, ConflictCard] = {}
        """The questions with two answers that stand beside their fields."""

    def begin(
        self, spots: Mapping[str, Spot], *, renews: bool = True, typed: Mapping[str, Any] = NOTHING, kept: Any = None,
        places: Mapping[str, str] = NOTHING, then: Mapping[str, str] = NOTHING, is_open: bool = False, item: Item | None = None,
    ) -> None:  # fmt: skip
        """Begin with a form whose fields write into ``spots``, by their names; ``typed`` is what a draft holds of them.

        With ``renews`` the page shows what comes in fields in which nothing was typed; then it was seen. Without, its fields
        begin empty, and what comes is told beside each.

        ``kept`` is what the draft kept of :meth:`kept`. ``places`` names the field beside which something is said that has no
        field of its own, and ``then`` what "Save" makes of it where that is not for the field to say.
        ``is_open`` says that she writes already: what there is to tell is said in the foot too. ``item`` is the question of a
        questionnaire that the form asks.
        """
        self._spots, self._renews, self._places, self._then, self._item = spots, renews, places, then, item
        self._over, self._own = {}, set()
        self._seen = self._read()
        self._seen |= _older(kept, self._seen)
        self._came = {}
        if is_open:
            self.hear(typed)
        else:
            self._look(typed)

    def end(self) -> None:
        """The form is closed: nothing is told any more."""
        self.begin({})

    def concerns(self, changes: Changes) -> bool:
        """Say whether something in the form may have changed."""
        return bool(self._spots) and (
            changes.concerns("conflict") or any(changes.may_touch(spot.entity, spot.record) for spot in self._spots.values())
        )

    def hear(self, typed: Mapping[str, Any]) -> None:
        """Tell what came into the fields; ``typed`` is what the worker has typed, by the names of those fields alone."""
        before, asked = self._came, self._asked
        self._look(typed)
        new = {self._place(key) for key, value in self._came.items() if key not in before or before[key] != value}
        # of what the writer saved while the form was open a question can be the first that is heard
        new |= {self._place(key) for key in self._own & (self._asked - asked - before.keys())}
        if new and not self._is_saving:
            self._view.tell_of(new)

    def seen(self, key: str) -> Any:
        """Return what stood in a field, as JSON, when its writer saw it last."""
        return self._seen[key].value if key in self._seen else None

    def now(self) -> dict[str, Any]:
        """Return what stands in the fields now, as JSON, by their names."""
        return {key: seen.value for key, seen in self._read().items()}

    @contextmanager
    def saving(self) -> Iterator[None]:
        """What is saved is told of as what arrives is, and nobody else wrote it."""
        self._is_saving = True
        try:
            yield
        finally:
            self._is_saving = False

    def wrote(self, typed: Mapping[str, Any], keys: Collection[str]) -> None:
        """What stands in these fields now is the writer's own, though the form stays open; ``typed`` is what is not saved yet."""
        now = self._read()
        self._over |= {key: self._came[key] for key in keys if key in self._came}
        self._own |= set(keys)
        self._seen |= {key: Seen(now[key].value, self._seen[key].number) for key in keys if key in now and key in self._seen}
        self._look(typed)

    def held(self) -> set[str]:
        """Return the fields in which the writer's words stay, though another answer is on the screens: both wait for a choice."""
        self._read()
        return self._own & self.questions.keys()

    def seen_at(self, record: str, *others: str) -> dict[str, int]:
        """Return at which numbers the fields of a record were seen, as ``Writing.edit_as_seen`` takes it.

        ``others`` are fields of it that are saved with them and stand nowhere in the form.
        """
        seen = {
            spot.field: self._seen[key].number for key, spot in self._spots.items() if spot.record == record and key in self._seen
        }
        return dict.fromkeys(others, min(seen.values())) | seen if seen else {}

    def kept(self, names: Collection[str] | None = None) -> dict[str, Any]:
        """Return what a draft keeps of what its writer had seen, of all fields or of these."""
        return {key: list(seen) for key, seen in self._seen.items() if names is None or key in names}

    def met(self, keys: Collection[str]) -> str:
        """Return what becomes of what a colleague wrote into the fields that are saved: the notice may be where nobody looked."""
        policies = {self._policy(key) for key in (self._came.keys() & set(keys)) | self._over.keys()}
        if Policy.ASK in policies:
            return BOTH_WAIT
        return STAYS_BEHIND if policies - {Policy.UNION} else ""

    # -- looking

    def _look(self, typed: Mapping[str, Any]) -> None:
        now = self._read()
        if self._renews:
            # what has no field of its own can only be told
            self._seen |= {
                key: seen for key, seen in now.items() if not (key in typed or key in self._places or self._is_own(key, seen))
            }
        self._came = {
            key: seen.value
            for key, seen in now.items()
            if key not in self.questions
            and seen.value != self._seen.setdefault(key, seen).value
            # who wrote the same is not contradicted
            and (key in self._places or not _says_the_same(wire_value(typed.get(key)), seen.value))
        }
        self._over = {key: value for key, value in self._over.items() if key not in self.questions and key not in self._came}
        self._came |= self._over
        self._asked = frozenset(self.questions)
        self._view.show_differing(self._beside(typed))

    def _is_own(self, key: str, now: Seen) -> bool:
        """Say whether the writer's own words stand in a field, and nothing that came was shown there since."""
        if key in self._own and key not in self.questions and key in self._seen and now.value != self._seen[key].value:
            self._own.discard(key)
        return key in self._own

    def _read(self) -> dict[str, Seen]:
        """Return what stands in the fields, as every page goes by it, and note what workers answered differently there."""
        with self._desk.store.read() as connection:
            stands = stands_in(connection, self._spots.values())
            asked = {record: questions_about(connection, record) for record in {spot.record for spot in self._spots.values()}}
        self.questions = {
            key: asked[spot.record][spot.field] for key, spot in self._spots.items() if spot.field in asked[spot.record]
        }
        now = {key: stands[spot] for key, spot in self._spots.items() if spot in stands}
        careful = {key: wire_value(gone_by(card)) for key, card in self.questions.items() if key in now}
        return now | {key: Seen(value, now[key].number) for key, value in careful.items()}

    def _beside(self, typed: Mapping[str, Any]) -> dict[str, Beside]:
        library = self._desk.library
        said = [
            *((self._spots[key], value) for key, card in self.questions.items() for value in card.answers),
            *((self._spots[key], value) for key, value in self._came.items()),
        ]
        ids = [id_ for spot, value in said for id_ in ids_in(library, spot.entity, [(spot.field, value)])]
        with self._desk.store.read() as connection:
            words = RecordWords(library, names_of(connection, ids), self._item)
        me, today = self._desk.worker.id, self._desk.clock.today()
        told: dict[str, Beside] = {}
        for key, card in self.questions.items():
            told.setdefault(self._place(key), Beside(beside_words(card, words, me, today)))
        came: dict[str, list[Came]] = {}
        for key, value in self._came.items():
            spot = self._spots[key]
            came.setdefault(self._place(key), []).append(
                Came(
                    spot.entity,
                    spot.field,
                    value_of(spot.entity, spot.field, value),
                    is_named=key in self._places,
                    then=OVER if key in self._over else self._then.get(key, ""),
                )
            )
        for place, all_of_it in came.items():
            is_typed = place in typed
            told.setdefault(place, Beside(meanwhile_words(all_of_it, words, is_typed=is_typed), is_question=False))
        return told

    def _place(self, key: str) -> str:
        return self._places.get(key, key)

    def _policy(self, key: str) -> Policy:
        spot = self._spots[key]
        return policy_of(spot.entity, spot.field)


def _says_the_same(one: Any, other: Any) -> bool:
    """Say whether two values read the same; 0 and "No" are answers, an empty field is none."""
    return one == other or (says_nothing(one) and says_nothing(other))


def _older(kept: Any, now: Mapping[str, Seen]) -> dict[str, Seen]:
    """Return what a draft kept of what its writer had seen; a draft of an older program kept numbers alone."""
    if isinstance(kept, Mapping):
        return {key: Seen(*seen) for key, seen in kept.items() if key in now}
    numbers = kept if isinstance(kept, list) else [kept] if isinstance(kept, int) else []
    return {key: Seen(seen.value, min([seen.number, *numbers])) for key, seen in now.items()} if numbers else {}
