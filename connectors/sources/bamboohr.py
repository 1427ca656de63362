"""BambooHR's list of employees. Written after the published API, not tried against BambooHR."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from connectors.contract import SET_ASIDE, Batch, Rejected, SourceError, message
from connectors.sources.answers import Page
from connectors.sources.attendance import listed
from connectors.sources.configuration import AttributeSettings, BambooSettings
from connectors.sources.delivery import Door, Memory, State
from connectors.sources.rows import Record, checked, pseudonyms_of
from connectors.sources.signing import Password
from connectors.sources.web import Limits, WebService

PAGE = "1000"
RESTRICTED = "_restrictedFields"
CODE_LENGTH = 80

Employee = Mapping[str, object]


@dataclass
class BambooSource:
    """A connector for the employees of one company.

    Attributes
    ----------
    memory : Memory
        ``values`` in its state holds, by pseudonym and attribute, since when which value holds:
        the service tells the present value only.
    """

    name: str
    settings: BambooSettings
    state: State
    door: Door
    memory: Memory = field(default_factory=Memory)

    def batches(self) -> Iterator[Batch]:
        """Yield attributes and their values, people, spells and who has which value since when."""
        employees, notes = self._fetch()
        keys = pseudonyms_of(
            self.door.pseudonyms, [_text(one.get(self.settings.person_key)) for one in employees]
        )
        people = [(key, one) for key, one in zip(keys, employees, strict=True) if key]
        missing = [_no_key(n) for n, key in enumerate(keys, start=1) if not key]
        now, attributes = self.door.now, self.settings.attributes
        yield checked("attribute_def", [_attribute(one) for one in attributes.values()], now)
        yield checked("attribute_value_def", list(_values(attributes, employees)), now)
        organisation = self.settings.organisation
        rows = [{"person_id": key, "home_org_id": organisation} for key, _ in people]
        yield checked("person", rows, now, missing, notes)
        yield checked("employment_spell", list(_spells(people)), now)
        yield checked("person_attribute", list(self._held(people)), now)

    def _fetch(self) -> tuple[list[Employee], list[str]]:
        wanted = ["workEmail", "hireDate", *self.settings.attributes]
        signature = Password(self.door.secret(self.settings.key_from), "x")
        limits = Limits(seconds=self.settings.time_limit_seconds)
        address = self.settings.address.rstrip("/") + "/api/v1/"
        asked = {"fields": ",".join(dict.fromkeys(wanted)), "page[limit]": PAGE}
        found: dict[str, Employee] = {}
        total = 0
        with WebService(self.name, address, signature, limits, pause=self.door.pause) as service:
            for page in service.pages("employees", _next, **asked):
                for one in self._listed(page):
                    # people who move while the pages are read come twice
                    found[_text(one.get("employeeId"))] = one
                total = max(total, _total(page))
        employees = list(found.values())
        self._refuse_unknown(employees)
        return employees, list(self._notes(employees, total))

    def _listed(self, page: Page) -> list[Employee]:
        found = listed(page.content, "data")
        if found is None:
            raise SourceError(
                f"{self.name}: the answer has no list of employees; expected the shape that "
                "BambooHR documents. It may have changed. Nothing was imported."
            )
        return found

    def _refuse_unknown(self, employees: Sequence[Employee]) -> None:
        # names that BambooHR does not know are ignored there without a word
        known = {name for one in employees for name in one}
        wrong = [name for name in self.settings.attributes if employees and name not in known]
        if wrong:
            raise SourceError(
                f"{self.name}: BambooHR does not know the field {', '.join(wrong)}. Correct "
                "attributes in the settings. Nothing was imported."
            )

    def _notes(self, employees: Sequence[Employee], total: int) -> Iterator[str]:
        if len(employees) < total:
            yield f"employees announced and not sent (run it again): {total - len(employees):,}"
        for name in self.settings.attributes:
            hidden = sum(_is_restricted(one, name) for one in employees)
            if hidden:
                yield f"people whose {name} may not be read (what was known stays): {hidden:,}"
        gone = sum(_text(one.get("status")).casefold() == "inactive" for one in employees)
        if gone:
            yield f"inactive people (BambooHR's list does not say since when): {gone:,}"

    def _held(self, people: Sequence[tuple[str, Employee]]) -> Iterator[Record]:
        before: Mapping[str, Mapping[str, list[str]]] = self.state.get("values", {})  # type: ignore[assignment]
        after = {key: dict(values) for key, values in before.items()}
        today = self.door.now.date()
        for key, one in people:
            held = after.setdefault(key, {})
            for name, attribute in self.settings.attributes.items():
                if _is_restricted(one, name):
                    continue
                value = code_of(_text(one.get(name)))
                since, old = held.get(attribute.code, ["", ""])
                begun = _text(one.get("hireDate")) or today.isoformat()
                if old and old != value:
                    if date.fromisoformat(since) >= today:
                        # a value holds for a day at least; the change is told tomorrow
                        value = old
                    else:
                        yield _row(key, attribute, since, old, today.isoformat())
                        since = ""
                        begun = today.isoformat()
                if value:
                    held[attribute.code] = [since or begun, value]
                    yield _row(key, attribute, since or begun, value)
                else:
                    held.pop(attribute.code, None)
        self.memory.state = {"values": after}


def code_of(label: str) -> str:
    """Return a short code for a label: lower case, words joined by underscores."""
    return re.sub(r"\W+", "_", label.casefold()).strip("_")[:CODE_LENGTH]


def _row(key: str, attribute: AttributeSettings, since: str, value: str, until: str = "") -> Record:
    return {
        "person_id": key,
        "attribute_code": attribute.code,
        "valid_from": since,
        "valid_to": until,
        "value_code": value,
    }


def _attribute(one: AttributeSettings) -> Record:
    return {"attribute_code": one.code, "label": one.label, "sensitivity": one.sensitivity}


def _values(
    attributes: Mapping[str, AttributeSettings], employees: Sequence[Employee]
) -> Iterator[Record]:
    for name, attribute in attributes.items():
        labels: dict[str, str] = {}
        for label in sorted({_text(one.get(name)) for one in employees} - {""}):
            labels.setdefault(code_of(label), label)
        for code, label in labels.items():
            yield {"attribute_code": attribute.code, "value_code": code, "label": label}


def _spells(people: Sequence[tuple[str, Employee]]) -> Iterator[Record]:
    for key, one in people:
        hired = _text(one.get("hireDate"))
        # without the day of leaving, a spell of somebody who has left would seem to last
        if hired and not hired.startswith("0000") and _text(one.get("status")) != "Inactive":
            yield {"person_id": key, "spell_no": "1", "hired_on": hired}


def _is_restricted(one: Employee, name: str) -> bool:
    hidden = one.get(RESTRICTED)
    return isinstance(hidden, Sequence) and name in hidden


def _next(page: Page) -> dict[str, str] | None:
    meta = page.content.get("meta") if isinstance(page.content, Mapping) else None
    inner = meta.get("page") if isinstance(meta, Mapping) else None
    mark = inner.get("nextCursor") if isinstance(inner, Mapping) else None
    return {"page[after]": str(mark)} if mark else None


def _total(page: Page) -> int:
    meta = page.content.get("meta") if isinstance(page.content, Mapping) else None
    total = meta.get("total") if isinstance(meta, Mapping) else 0
    return total if isinstance(total, int) else 0


def _text(found: object) -> str:
    return "" if found is None else str(found).strip()


def _no_key(number: int) -> Rejected:
    words = message(
        "an employee has no work mail or number to be known by",
        "one",
        "Fill it in at BambooHR, or set person_key to employeeId.",
        SET_ASIDE,
    )
    return Rejected("person", number, "person_id", "no_person_key", words)
