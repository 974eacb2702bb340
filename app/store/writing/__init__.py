"""Writes of people we do not know: applied by a confined process to a clone of the release."""
