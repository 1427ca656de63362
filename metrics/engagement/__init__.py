"""Who keeps taking part: cycles, alarms on cohorts, steps and survival."""
