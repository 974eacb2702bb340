"""Vocabularies and code lists, and the scripts that make them from their sources."""
