"""The client of a soak test who means no harm, in a process of its own: what it measures is the
server, not the threads of those who do harm beside it.

    python -m benchmarks.second_client PORT SECRET SUBJECTS

Asks in turn for an entity page and a point query that no cache has, on a connection each, until
its standard input ends. Writes a line for each request: when it ended (monotonic clock), what
was asked, the seconds it took, and the status or the name of the failure.
"""

from __future__ import annotations

import http.client
import select
import sys
import time
from urllib.parse import urlencode

from benchmarks import endpoint

PAUSE_S = 0.02
KINDS = ("entity", "point")


def ask(port: int, target: str, headers: dict[str, str]) -> str:
    """The status of one request on a connection of its own, its body read."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        response.read()
        return str(response.status)
    except (http.client.HTTPException, OSError) as error:
        return type(error).__name__
    finally:
        connection.close()


def main(port: int, secret: str, subjects: int) -> None:
    """Ask until nobody wants to know any more."""
    headers = {"authorization": f"Bearer {secret}", "accept": "application/json"}
    number = 0
    while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
        number += 1
        subject = number * 37 % subjects
        query = f"{endpoint.query(subject)} # {number}"
        targets = (f"/doc/{subject}.ttl", f"/sparql?{urlencode({'query': query})}")
        for kind, target in zip(KINDS, targets, strict=True):
            started = time.monotonic()
            status = ask(port, target, headers)
            ended = time.monotonic()
            print(ended, kind, ended - started, status, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
