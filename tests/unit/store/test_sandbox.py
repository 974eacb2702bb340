"""The filter's program, run by hand for both architectures."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from app.store.workers import sandbox

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x80000000
OWN = 4711


def run(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the kernel would do: a small interpreter of classic BPF."""
    code = sandbox.program(machine, OWN)
    data = {0: number, 4: architecture or {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]}
    data |= {16 + 8 * i: value for i, value in enumerate(arguments)}
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, operand = code[at]
        at += 1
        if operation == 0x06:
            return operand
        if operation == 0x20:
            accumulator = data.get(operand, 0)
            continue
        holds = {
            0x15: accumulator == operand,
            0x35: accumulator >= operand,
            0x45: bool(accumulator & operand),
        }[operation]
        at += if_true if holds else if_false


@pytest.mark.parametrize(
    ("call", "x86_64", "aarch64", "arguments", "outcome"),
    [
        ("read", 0, 63, (), ALLOW),
        ("futex", 202, 98, (), ALLOW),
        ("sendto", 44, 206, (), ALLOW),
        ("socket inet", 41, 198, (2,), KILL),
        ("socket inet6", 41, 198, (10,), KILL),
        ("socket unix", 41, 198, (1,), EPERM),
        ("connect", 42, 203, (), EPERM),
        ("execve", 59, 221, (), EPERM),
        ("clone process", 56, 220, (17,), EPERM),
        ("clone thread", 56, 220, (0x3D0F00,), ALLOW),
        ("clone3", 435, 435, (), ENOSYS),
        ("openat to read", 257, 56, (0, 0, 0o2000000), ALLOW),
        ("openat to write", 257, 56, (0, 0, 0o1), EPERM),
        ("openat to create", 257, 56, (0, 0, 0o100), EPERM),
        ("openat2", 437, 437, (), ENOSYS),
        ("tgkill itself", 234, 131, (OWN,), ALLOW),
        ("tgkill another", 234, 131, (1,), EPERM),
        ("ptrace", 101, 117, (), EPERM),
        ("io_uring_setup", 425, 425, (), EPERM),
    ],
)
def test_what_is_allowed(
    call: str, x86_64: int, aarch64: int, arguments: tuple[int, ...], outcome: int
) -> None:
    assert run("x86_64", x86_64, *arguments) == outcome, call
    assert run("aarch64", aarch64, *arguments) == outcome, call


def test_other_system_call_tables_end_the_process() -> None:
    assert run("x86_64", 0, architecture=0x40000003) == KILL  # i386
    assert run("x86_64", 0x40000000 | 41, 2) == KILL  # x32
    assert run("aarch64", 63, architecture=0x40000028) == KILL  # 32-bit ARM


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(KeyError):
        sandbox.program("riscv64", OWN)


def test_the_numbers_are_those_of_this_machine() -> None:
    if platform.machine() != "x86_64":
        pytest.skip("the kernel's headers here are for another architecture")
    try:
        with Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h").open() as header:
            lines = [line.split() for line in header if line.startswith("#define __NR_")]
    except FileNotFoundError:
        pytest.skip("the kernel's headers are not installed")
    numbers = {words[1].removeprefix("__NR_"): int(words[2]) for words in lines}
    for name, (number, _) in (sandbox._REFUSED | sandbox._ABSENT).items():
        assert numbers.get(name, number) == number
