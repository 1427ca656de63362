"""Ask what the columns of a file mean, and return the answers as a mapping."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from ui.matching_details import ask_details, code_of, still_needed
from ui.words import capital, listed, safe, safe_label

Told = Mapping[str, Any]
IGNORE = "ignore"
SURE = ("certain", "known")
"""What may be chosen in advance; anything less is only suggested."""
SENSITIVITIES = {
    "plain": "not personal, such as department",
    "personal": "personal, such as gender",
    "special": "special: ethnicity, health, religion, orientation",
}
SCALE = (1.0, 5.0)
KEPT = ("name", "layout", "missing", "decimal")


def ask_mapping(recognised: Told, kinds: Told) -> dict[str, Any] | None:
    """Show the questions; return the mapping, or None while a column is left open."""
    proposed = recognised["mapping"]
    holds = proposed["holds"]
    kind = kinds["kinds"][holds]
    st.markdown("**What does each column mean?** What is ignored is forgotten at the door.")
    with st.grid(2, min_column_width=300):
        chosen = {
            column["name"]: _ask_column(column, proposed, kind, kinds["repeated"])
            for column in recognised["columns"]
        }
    details = ask_details(proposed, recognised, any(map(_is_special, chosen.values())))
    still_open = [name for name, target in chosen.items() if target is None]
    if still_open:
        named = ", ".join(safe(name) for name in still_open)
        st.markdown(f"**Choose a meaning for every column, or ignore it.** Open: {named}.")
        _offer_to_settle(recognised, holds, still_open)
        return None
    if not details.get("as_of") and _needs_day(holds, chosen.values()):
        st.markdown("**Give the day on which the file was true.** No column says so.")
        return None
    needed = still_needed(kind, recognised, chosen.values(), details)
    if needed:
        st.markdown(f"**Still needed:** {listed(needed)}. No column says so.")
        return None
    columns = {name: target for name, target in chosen.items() if target}
    return {
        **{key: proposed[key] for key in KEPT if key in proposed},
        "holds": holds,
        "columns": columns,
        "drop": [name for name, target in chosen.items() if not target],
        "constants": _constants(proposed, columns),
        "on_unknown_value": "add",
        "unknown_people": "add",
        **details,
    }


def _needs_day(holds: str, targets: Collection[dict[str, Any] | None]) -> bool:
    """Tell whether properties or managers are given, and no column says since when they hold."""
    given = {target["to"] for target in targets if target}
    dated = given & {"attribute", "manager"}
    return holds == "people" and bool(dated) and "valid_from" not in given


def _is_special(target: dict[str, Any] | None) -> bool:
    return bool(target) and target.get("sensitivity") == "special"


def ask_kind(proposed: Told, kinds: Told) -> str:
    """Ask what one row of the file is about."""
    names = list(kinds)
    return st.selectbox(
        "What one file like this holds",
        names,
        index=names.index(proposed["holds"]) if proposed.get("holds") in names else 0,
        format_func=lambda name: capital(kinds[name]["words"]),
        key="data_holds",
    )


def _ask_column(
    column: Told, proposed: Told, kind: Told, repeated: Sequence[str]
) -> dict[str, Any] | None:
    """Ask for one column; an empty answer is to ignore it, None is no answer yet."""
    name, guess, fields = column["name"], column.get("to") or IGNORE, kind["fields"]
    options = [IGNORE, *fields]
    sure = guess == IGNORE or column.get("certainty") in SURE
    with st.container():
        target = st.selectbox(
            safe_label(name) or "(a column without a name)",
            options,
            index=options.index(guess) if sure and guess in options else None,
            placeholder="Choose",
            format_func=lambda field: capital(fields.get(field, "ignore it")),
            key=_key(proposed["holds"], name),
        )
        st.caption(_why(column, fields))
        if target is None or target == IGNORE:
            return None if target is None else {}
        was = _proposed_target(column, proposed)
        found = {**(was if was.get("to") == target else {}), "to": target}
        if target in repeated:
            found |= _ask_repeated(target, name, found)
        words = kind.get("words_of", {}).get(target)
        return found | _ask_words(column, words, found) if words else found


def _quoted(name: str) -> str:
    """Return a column's name as it stands inside a label."""
    return f"“{safe_label(name)}”" if safe_label(name) else "the column without a name"


def _key(holds: str, name: str) -> str:
    return f"data_column_{holds}_{name}"


def _offer_to_settle(recognised: Told, holds: str, still_open: Collection[str]) -> None:
    """Offer to take every suggestion at once, or none."""
    suggested = {column["name"]: column.get("to") or IGNORE for column in recognised["columns"]}
    with st.container(horizontal=True):
        for words, key, meanings in (
            ("Take what is suggested", "data_suggested", {n: suggested[n] for n in still_open}),
            ("Ignore what is open", "data_ignore", dict.fromkeys(still_open, IGNORE)),
        ):
            st.button(words, key=key, on_click=_settle, args=(holds, meanings))


def _settle(holds: str, meanings: Mapping[str, str]) -> None:
    for name, meaning in meanings.items():
        st.session_state[_key(holds, name)] = meaning


def _why(column: Told, fields: Told) -> str:
    reason = safe(column.get("reason") or "")
    cells = ", ".join(safe(cell) for cell in column.get("samples") or ())
    such_as = f" · {cells}" if cells else ""
    if column.get("certainty") in SURE or column.get("to") not in fields:
        return f"{capital(reason)}{such_as}"
    return f"Perhaps {safe(fields[column['to']])}: {reason}{such_as}"


def _proposed_target(column: Told, proposed: Told) -> dict[str, Any]:
    target = proposed.get("columns", {}).get(column["name"]) or column.get("target") or {}
    return dict(target[0] if isinstance(target, list) else target)


def _ask_words(column: Told, allowed: Sequence[str], found: Told) -> dict[str, Any]:
    """Ask what the words of a column stand for, where they are not known."""
    means = dict(found.get("means", {}))
    known = {word.strip().casefold() for word in (*means, *allowed)}
    for value, _ in column.get("values", ()):
        if value.strip().casefold() not in known:
            means[value] = st.selectbox(
                f"“{safe(value)}” in {_quoted(column['name'])} stands for",
                allowed,
                index=None,
                placeholder="Choose; rows with it are set aside otherwise",
                key=f"data_value_{column['name']}_{value}",
            )
    chosen = {value: word for value, word in means.items() if word}
    return {"means": chosen} if chosen else {}


def _ask_repeated(target: str, name: str, kept: Told) -> dict[str, Any]:
    found: dict[str, Any] = {"code": kept.get("code") or code_of(name)}
    # each label names its column, so that no two fields of the page are called the same
    shown = _quoted(name)
    if target in ("attribute", "rating"):
        label = st.text_input(
            f"Name of {shown} on screen",
            value=kept.get("label") or name.replace("_", " "),
            key=f"data_label_{name}",
        )
        found["label"] = label.strip() or name
    if target == "attribute":
        options = list(SENSITIVITIES)
        found["sensitivity"] = st.selectbox(
            f"How sensitive {shown} is",
            options,
            index=options.index(kept.get("sensitivity") or "personal"),
            format_func=lambda each: SENSITIVITIES[each],
            key=f"data_sensitivity_{name}",
        )
    if target in ("answer", "rating"):
        low, high = kept.get("scale") or SCALE
        found["scale"] = [
            st.number_input(
                f"{end} answer of {shown}", value=float(limit), key=f"data_{key}_{name}"
            )
            for end, limit, key in (("Lowest", low, "low"), ("Highest", high, "high"))
        ]
    return found


def _constants(proposed: Told, columns: Told) -> dict[str, str]:
    given = {target["to"] for target in columns.values()}
    constants = dict(proposed.get("constants", {}))
    if proposed["holds"] == "enrolments":
        constants.setdefault("status", "active")
    return {name: value for name, value in constants.items() if name not in given}
