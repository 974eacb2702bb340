"""`python -m app` is the command `tsunagu`."""

from app.cli import main

if __name__ == "__main__":  # processes of our own import this module as well
    main()
