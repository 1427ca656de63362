"""Tests of metrics.surveys."""
