"""Alerts: from the one list of thresholds to what watches them, and when each of them speaks."""
