"""Benchmarks: each compares in one run, on tables made here."""
