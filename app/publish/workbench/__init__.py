"""What stands behind the steward's pages: sessions, uploads in work, files with their history,
publishing in a process of its own, and a log of who did what."""
