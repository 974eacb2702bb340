"""IMI item tables (項目定義書): the official notation of what each column of a table means."""

from app.mapping.languages.imi.reader import read_imi

__all__ = ["read_imi"]
