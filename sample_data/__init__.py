"""An invented organisation with planted, documented effects."""

from sample_data.generator import generate

__all__ = ["generate"]
