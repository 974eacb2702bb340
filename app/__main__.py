"""`python -m app` is the command `tsunagu`."""

from app.cli import main

main()
