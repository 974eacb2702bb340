"""Tsunagu (つなぐ): publish the CSV files a public body already has as Linked Open Data."""

__version__ = "0.1.0"
