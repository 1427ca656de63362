"""Tests of the gate: what is shown, hidden, rounded, judged and worded."""
