"""Tests of the frozen release."""
