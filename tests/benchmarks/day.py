"""One day's work without a line: 120 records changed and 80 made, in the proportions in which the rivals were measured."""

from __future__ import annotations

import random
from datetime import date, timedelta

from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Assessment, Contact, FollowUp, Person, Signpost
from tests.benchmarks.workload import AREA, NOTE, START, Record, prose

CHANGED, MADE = 120, 80
CHANGES = CHANGED + MADE


def work_a_day(store: Store, records: list[Record], day: int) -> None:
    """Change and make records of the ``day`` (0 is the first); no two days and no two of a day change the same record."""
    chance = random.Random(1_000 + day)
    each = CHANGED // 3
    chosen = {
        kind: [id_ for entity, id_, _ in records if entity == kind][day * each : (day + 1) * each]
        for kind in ("person", "signpost", "follow_up")
    }
    with store.write() as writing:
        for id_ in chosen["person"]:
            writing.edit(Person, id_, telephone=f"07700 900{chance.randrange(1000):03d}", where_to_find=prose(chance, 40))
        for number, id_ in enumerate(chosen["signpost"]):
            writing.edit(Signpost, id_, arrived=f"2026-11-{1 + number % 28:02d}", outcome_note=prose(chance, 100))
        for number, id_ in enumerate(chosen["follow_up"]):
            writing.edit(FollowUp, id_, answer=f"still going, {day}", due_on=date(2027, 1, 1) + timedelta(days=number))
        members = [id_ for entity, id_, _ in records if entity == "person"]
        for number in range(MADE):
            person, now = chance.choice(members), START + timedelta(days=day, minutes=number)
            if number % 8 == 0:
                writing.add(
                    Assessment(
                        area=AREA, person=person, questionnaire="phq-9", version="1", started_at=now, completed_at=now,
                        total=float(chance.randrange(28)), answered=9, questions=9, prorated=False,
                    )
                )  # fmt: skip
            else:
                note = prose(chance, NOTE)
                writing.add(Contact(area=AREA, person=person, at=now, how="phone", reached="spoke", note=note))
