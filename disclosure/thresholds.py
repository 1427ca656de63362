"""The numbers that the gate works with, and the floors below which none of them may go."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.definition import Sensitivity

FLOORS = {
    "people": 5, "effective": 3, "operational": 5, "side": 5, "distinct_pairs": 10, "mean": 50,
}  # fmt: skip
LARGEST_SHARE_CEILING = 0.5
RECOMMENDED_PEOPLE = 10
RECOMMENDED_EFFECTIVE = 5
MEAN_PEOPLE = 50


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """What must hold before a value is published.

    Attributes
    ----------
    people : int
        Fewest people behind a value that an answer or a personal attribute touches.
    effective : int
        Smallest effective group size that everything published together may leave anybody.
    operational : int
        Fewest people behind an operational value without a personal attribute.
    side : int
        Fewest people on each side of a group by group cell; twice as many within one group.
    distinct_pairs : int
        Fewest distinct pairs of people in a group by group cell.
    largest_share : float
        Largest share of a cell's pairings that one person may take part in.
    mean : int
        Fewest people behind a mean of answers on a scale.
    merge_below : int
        Groups of fewer people are merged into a named union; never less than ``people``.

    Raises
    ------
    ValueError
        Where a number lies below its floor: thresholds can be raised, not removed.
    """

    people: int = RECOMMENDED_PEOPLE
    effective: int = RECOMMENDED_EFFECTIVE
    operational: int = 5
    side: int = 5
    distinct_pairs: int = 10
    largest_share: float = LARGEST_SHARE_CEILING
    mean: int = MEAN_PEOPLE
    merge_below: int = 0

    def __post_init__(self) -> None:
        for name, floor in FLOORS.items():
            if getattr(self, name) < floor:
                raise ValueError(f"{name} is {getattr(self, name)}; the lowest is {floor}")
        if not 0 < self.largest_share <= LARGEST_SHARE_CEILING:
            raise ValueError(
                f"largest_share is {self.largest_share}; it lies above 0 and "
                f"is at most {LARGEST_SHARE_CEILING}"
            )

    @property
    def smallest_group(self) -> int:
        """Return the number of people below which a group joins a union."""
        return max(self.merge_below, self.people)

    @property
    def lowered(self) -> bool:
        """Tell whether a deployment went below the recommendation, which every page must say."""
        return self.people < RECOMMENDED_PEOPLE or self.effective < RECOMMENDED_EFFECTIVE

    def least(self, sensitivity: Sensitivity) -> int:
        """Return the fewest people that a value of this sensitivity needs."""
        return self.operational if sensitivity is Sensitivity.OPERATIONAL else self.people
