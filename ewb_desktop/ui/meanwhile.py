"""What colleagues write into the fields of a form while it is open: told beside the field, in the foot, and at “Save”."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.conflicts import ConflictCard, questions_about, value_of, wire_value
from ewb_desktop.storage.names import names_of
from ewb_desktop.storage.seen import Seen, Spot, stands_in
from ewb_desktop.ui.differing_words import Beside, Came, beside_words, gone_by, meanwhile_words
from ewb_desktop.ui.record_words import RecordWords, ids_in
from sync.protocol.entities import Policy
from sync.protocol.merge import policy_of

BOTH_WAIT = " A colleague answered otherwise meanwhile: both answers will wait for somebody to choose."
STAYS_BEHIND = " What a colleague wrote meanwhile stays in the history."
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
        self._seen: dict[str, Seen] = {}
        self._came: dict[str, Any] = {}
        self._is_saving = False
        self.questions: dict[str, ConflictCard] = {}
        """The questions with two answers that stand beside their fields."""

    def begin(
        self, spots: Mapping[str, Spot], *, renews: bool = True, typed: Mapping[str, Any] = NOTHING, kept: Any = None,
        places: Mapping[str, str] = NOTHING, then: Mapping[str, str] = NOTHING,
    ) -> None:  # fmt: skip
        """Begin with a form whose fields write into ``spots``, by their names; ``typed`` is what a draft holds of them.

        With ``renews`` the page shows what comes in fields in which nothing was typed; then it was seen. Without, its fields
        begin empty, and what comes is told beside each.

        ``kept`` is what the draft kept of :meth:`kept`. ``places`` names the field beside which something is said that has no
        field of its own, and ``then`` what "Save" makes of it where that is not for the field to say.
        """
        self._spots, self._renews, self._places, self._then = spots, renews, places, then
        self._seen = self._read()
        self._seen |= _older(kept, self._seen)
        self._look(typed)

    def end(self) -> None:
        """The form is closed: nothing is told any more."""
        self.begin({})

    def concerns(self, changes: Changes) -> bool:
        """Say whether something in the form may have changed."""
        return bool(self._spots) and (
            changes.concerns("conflict")
            or any(changes.touches(spot.record) or spot.entity in changes.wholesale for spot in self._spots.values())
        )

    def hear(self, typed: Mapping[str, Any]) -> None:
        """Tell what came into the fields; ``typed`` is what the worker has typed, by the names of those fields alone."""
        before = self._came
        self._look(typed)
        new = {self._place(key) for key, value in self._came.items() if key not in before or before[key] != value}
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

    def wrote(self, *keys: str) -> None:
        """What stands in these fields now is the writer's own."""
        now = self._read()
        self._seen |= {key: Seen(now[key].value, self._seen[key].number) for key in keys if key in now and key in self._seen}

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
        policies = {self._policy(key) for key in self._came.keys() & set(keys)}
        if Policy.ASK in policies:
            return BOTH_WAIT
        return STAYS_BEHIND if policies - {Policy.UNION} else ""

    # -- looking

    def _look(self, typed: Mapping[str, Any]) -> None:
        now = self._read()
        if self._renews:
            # what has no field of its own can only be told
            self._seen |= {key: seen for key, seen in now.items() if key not in typed and key not in self._places}
        self._came = {
            key: seen.value
            for key, seen in now.items()
            if key not in self.questions
            and seen.value != self._seen.setdefault(key, seen).value
            # who wrote the same is not contradicted
            and (key in self._places or wire_value(typed.get(key)) != seen.value)
        }
        self._view.show_differing(self._beside(typed))

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
            words = RecordWords(library, names_of(connection, ids))
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
                    then=self._then.get(key, ""),
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


def _older(kept: Any, now: Mapping[str, Seen]) -> dict[str, Seen]:
    """Return what a draft kept of what its writer had seen; a draft of an older program kept numbers alone."""
    if isinstance(kept, Mapping):
        return {key: Seen(*seen) for key, seen in kept.items() if key in now}
    numbers = kept if isinstance(kept, list) else [kept] if isinstance(kept, int) else []
    return {key: Seen(seen.value, min([seen.number, *numbers])) for key, seen in now.items()} if numbers else {}
