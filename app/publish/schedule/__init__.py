"""Data sets that are published anew by themselves, at the times that their descriptions name.

timetable  times in the form of cron
records    what became of the last runs, for /status and the feed
scheduler  the task of the server that starts them
"""
