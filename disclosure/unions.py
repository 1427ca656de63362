"""Small groups of one attribute, merged once per release into a union that names its members."""

from __future__ import annotations

from collections.abc import Mapping

from disclosure.printing import listed
from disclosure.thresholds import Thresholds

OTHER = "other_groups"
LEFT_OUT = ""
"""Published group of groups that no value of this attribute covers."""
NEARLY_SMALL = 3


def merge_small_groups(people: Mapping[str, int], thresholds: Thresholds) -> dict[str, str]:
    """Return the published group of every group.

    Groups under ``thresholds.smallest_group`` form one union; while the union is still under it,
    the next smallest group joins, as long as that one is itself less than `NEARLY_SMALL` times as
    large. A large group never joins: "Other: women and non-binary people" would be a name for
    women, and hide what it is meant to show. A union that stays too small is left out. A group
    that is itself called `OTHER` always joins.

    Parameters
    ----------
    people : mapping of str to int
        Distinct people per group, over everything that the release covers.
    thresholds : Thresholds
        Gives the smallest group that stands alone.

    Returns
    -------
    dict of str to str
        Every code of ``people`` -> itself, `OTHER`, or `LEFT_OUT`.
    """
    by_size = sorted(people, key=lambda code: (people[code], code))
    least = thresholds.smallest_group
    union = {code for code in by_size if people[code] < least or code == OTHER}
    for code in by_size:
        enough = sum(people[member] for member in union) >= least
        if not union or enough or people[code] >= NEARLY_SMALL * least:
            break
        union.add(code)
    large_enough = sum(people[member] for member in union) >= least
    published = OTHER if large_enough else LEFT_OUT
    return {code: published if code in union else code for code in people}


def is_publishable(merged: Mapping[str, str]) -> bool:
    """Tell whether at least two groups are left, so that a breakdown says anything."""
    return len(set(merged.values()) - {LEFT_OUT}) >= 2


def union_label(merged: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """Return the name of the union, which names its members: ``Other: A, B and C``."""
    names = sorted(labels[code] for code, group in merged.items() if group == OTHER)
    return f"Other: {listed(tuple(names))}" if names else ""
