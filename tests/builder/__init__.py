"""Tests of the run from store to release."""
