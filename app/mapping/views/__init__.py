"""Logical views (RML-LV): tables whose rows are derived from those of other sources.

Source: https://kg-construct.github.io/rml-lv/spec/docs/ .
"""

from app.mapping.views.table import ViewTable

__all__ = ["ViewTable"]
