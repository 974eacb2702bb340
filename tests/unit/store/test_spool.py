"""Bytes come out in the order in which they went in, wherever they lay."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.store.workers import spool
from app.store.workers.spool import Spool, SpoolSpace


@given(
    st.lists(st.one_of(st.just(None), st.integers(1, 400_000)), max_size=40),
    st.integers(0, 2_000_000),
)
def test_order_is_kept_and_space_given_back(steps: list[int | None], limit: int) -> None:
    space = SpoolSpace(Path("/tmp"), limit)
    spooled = Spool(space)
    put, taken = b"", b""
    for number, step in enumerate(steps):
        if step is None:
            taken += spooled.take() or b""
        else:
            data = bytes([number]) * step
            put += data
            spooled.put(data)
        assert 0 <= space.free <= limit
    while (rest := spooled.take()) is not None:
        taken += rest
    assert taken == put
    assert space.free == limit
    assert not spooled.full


def test_without_space_the_writer_has_to_wait(tmp_path: Path) -> None:
    spooled = Spool(SpoolSpace(tmp_path, 10))
    spooled.put(b"x" * spool.MEMORY_BYTES)
    assert not spooled.full
    spooled.put(b"y" * 11)
    assert spooled.full
    spooled.take()
    assert spooled.take() == b"y" * 11
    assert not spooled.full


def test_a_forgotten_spool_gives_its_space_back(tmp_path: Path) -> None:
    space = SpoolSpace(tmp_path, 1 << 22)
    spooled = Spool(space)
    for _ in range(3):
        spooled.put(b"x" * spool.MEMORY_BYTES)
    assert space.free < 1 << 22
    del spooled
    assert space.free == 1 << 22


def test_a_directory_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    spooled = Spool(SpoolSpace(tmp_path / "absent", 1 << 30))
    for _ in range(3):
        spooled.put(b"x" * spool.MEMORY_BYTES)
    assert spooled.full
    assert sum(len(spooled.take() or b"") for _ in range(4)) == 3 * spool.MEMORY_BYTES
