"""A server on the loopback interface that answers as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What is answered; `slow_s` is waited for between the parts of the body."""

    parts: tuple[bytes, ...] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: threading.Event | None = None


Handler = Callable[[str, Mapping[str, str]], Answer]


@dataclass
class Loopback:
    """The server: its address, what was asked for, and what answers."""

    port: int
    answer: Handler
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The address of its root."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """As it stands on an allow-list."""
        return f"127.0.0.1:{self.port}"


@contextmanager
def serving(answer: Handler) -> Iterator[Loopback]:
    """A server while the context lasts."""
    here = Loopback(0, answer)

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.asked.append((self.path, headers))
            answered = here.answer(self.path, headers)
            self.send_response(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            self.send_header("connection", "close")
            self.end_headers()
            for part in answered.parts:
                try:
                    self.wfile.write(part)
                except OSError:
                    return
                if answered.wait is not None:
                    answered.wait.wait(5)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
