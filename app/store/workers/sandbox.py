"""What a worker may not do, enforced by the kernel before the first foreign query is read.

A seccomp filter (a small program that the kernel runs at each system call), resource limits,
and death with the parent. The filter is written out here by hand: a table of system calls and
the two or three that depend on an argument.

A process that writes a new release may change files too, but those of one directory only
(Landlock).

Sources: Linux `Documentation/userspace-api/landlock.rst`,
`Documentation/userspace-api/seccomp_filter.rst`, `include/uapi/linux/filter.h`,
`arch/x86/entry/syscalls/syscall_64.tbl`, `include/uapi/asm-generic/unistd.h` (aarch64).
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from typing import Final

_AF_INET, _AF_INET6 = 2, 10
_CLONE_THREAD: Final = 0x00010000
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Name: number on x86-64, number on aarch64 (None: the architecture does not have it).
_Calls = dict[str, tuple[int | None, int | None]]
_REFUSED: Final[_Calls] = {
    # Ways to talk to anyone but the parent. `socket` is among the conditional ones.
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "mq_open": (240, 180),
    # Another way to issue system calls, which this filter would not see.
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # New programs and processes (threads are needed: see `clone`).
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    # Other processes.
    "kill": (62, 129),
    "tkill": (200, 130),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    # Files by other ways than their names.
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # The system.
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "memfd_create": (319, 279),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "setns": (308, 268),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "personality": (135, 92),
}
_FILE_CHANGES: Final[_Calls] = {
    # `open` and `openat` are among the conditional ones.
    "creat": (85, None),
    "truncate": (76, 45),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
}
"""What a process that only reads may not do to files."""

_ABSENT: Final[_Calls] = {
    # Their flags are in memory, which a filter cannot read: told to be unknown, so that the C
    # library falls back to `clone` and `openat`.
    "clone3": (435, 435),
    "openat2": (437, 437),
}
_SOCKET: Final = (41, 198)
_CLONE: Final = (56, 220)
_OPEN: Final = (2, None)
_OPENAT: Final = (257, 56)
_TGKILL: Final = (234, 131)

_EPERM, _ENOSYS = 1, 38
_ALLOW: Final = 0x7FFF0000
_KILL_PROCESS: Final = 0x80000000
_ERRNO: Final = 0x00050000

# Instructions of classic BPF and offsets into `struct seccomp_data`.
_LOAD, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_X32_BIT: Final = 0x40000000

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER: Final = 2

# The same numbers on both architectures.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_VERSION, _LANDLOCK_PATH_BENEATH = 1, 1
# Bit of each right to change files: the version of Landlock that knows it. Writing, removing
# directories and files, making all kinds, moving between directories, cutting off.
_LANDLOCK_WRITES: Final = {1: 1, **dict.fromkeys(range(4, 13), 1), 13: 2, 14: 3}

Instruction = tuple[int, int, int, int]
"""Operation, jump if true, jump if false, operand."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the kernel holds a process to. `parent` is the process it must not outlive.
    `writable` is the one directory in which it may change files, none of them longer than
    `file_bytes`; without it nothing may be written at all."""

    memory_bytes: int
    parent: int
    writable: str | None = None
    file_bytes: int = 0


def enter(limits: Limits) -> bool:
    """Apply everything to this process, for good. Gives whether the filter is in place: False
    on a kernel or an architecture that has no filter here, and then SERVICE must be refused by
    other means. Call it before any other thread starts: threads inherit the filter."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(os, "pidfd_open"):  # any Linux
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != limits.parent:
            os._exit(0)  # it died before the line above
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    # RLIMIT_NPROC counts all processes of the user, ours or not: the filter does that part.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 4096 if most == resource.RLIM_INFINITY else min(4096, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    confined = limits.writable is None or confine_writes(libc, limits.writable)
    return _install_filter(libc, writing=limits.writable is not None) and confined


def lower(thread: int) -> None:
    """Let a thread run in the background: only when no other wants a processor. Without more
    rights than a server has, that cannot be taken back. Does nothing where there is no such
    thing, or no such thread."""
    if hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):
            os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))


class CpuAllowance:
    """How much processor time this process may use before SIGXCPU ends it: the guard for a
    query whose server is stuck and keeps no deadline."""

    def __init__(self) -> None:
        _, self._hard = resource.getrlimit(resource.RLIMIT_CPU)
        self._soft = 0

    def allow(self, seconds: float) -> None:
        """Allow the next query at least so many seconds, and at most twice as many and two."""
        used = time.process_time()
        if self._soft - used < seconds + 1:
            self._soft = ceil(used + 2 * seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (self._soft, self._hard))
        elif self._soft - used > 2 * seconds + 2:  # a longer one came before
            self._soft = ceil(used + seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (self._soft, self._hard))


def program(machine: str, process: int, *, writing: bool = False) -> list[Instruction]:
    """The filter for an architecture, as instructions; one for `writing` lets files be changed.
    Raises KeyError for an unknown one.

    Opening an Internet socket ends the process with SIGSYS: an error number would be swallowed
    by SERVICE SILENT and give an answer that is silently not complete.
    """
    here = 0 if machine == "x86_64" else 1
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JEQ, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        code += [(_JGE, 0, 1, _X32_BIT), (_RETURN, 0, 0, _KILL_PROCESS)]

    def when(numbers: tuple[int | None, int | None], then: list[Instruction]) -> None:
        number = numbers[here]
        if number is not None:
            code.append((_JEQ, 0, len(then), number))
            code.extend(then)

    def argument(index: int) -> Instruction:
        return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)  # the low half: little-endian machines

    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | _EPERM)
    when(
        _SOCKET,
        [
            argument(0),
            (_JEQ, 1, 0, _AF_INET),
            (_JEQ, 0, 1, _AF_INET6),
            (_RETURN, 0, 0, _KILL_PROCESS),
            refuse,
        ],
    )
    when(_CLONE, [argument(0), (_JSET, 1, 0, _CLONE_THREAD), refuse, allow])
    if not writing:
        when(_OPEN, [argument(1), (_JSET, 0, 1, _WRITING), refuse, allow])
        when(_OPENAT, [argument(2), (_JSET, 0, 1, _WRITING), refuse, allow])
        for numbers in _FILE_CHANGES.values():
            when(numbers, [refuse])
    when(_TGKILL, [argument(0), (_JEQ, 1, 0, process), refuse, allow])  # abort() uses it
    for numbers in _REFUSED.values():
        when(numbers, [refuse])
    for numbers in _ABSENT.values():
        when(numbers, [(_RETURN, 0, 0, _ERRNO | _ENOSYS)])
    code.append(allow)
    return code


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def confine_writes(libc: ctypes.CDLL, directory: str) -> bool:
    """Let this process and its threads change files below one directory only (Landlock, Linux
    5.13). Gives whether the kernel does so. Reading is not restricted."""
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)
    if version < 1:
        return False
    rights = sum(1 << bit for bit, since in _LANDLOCK_WRITES.items() if version >= since)
    attribute = struct.pack("=Q", rights)
    rules = libc.syscall(_LANDLOCK_CREATE_RULESET, attribute, len(attribute), 0)
    if rules < 0:
        return False
    folder = os.open(directory, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, folder)
        return bool(
            libc.syscall(_LANDLOCK_ADD_RULE, rules, _LANDLOCK_PATH_BENEATH, rule, 0) == 0
            and libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            and libc.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0) == 0
        )
    finally:
        os.close(folder)
        os.close(rules)


def _install_filter(libc: ctypes.CDLL, *, writing: bool) -> bool:
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in _AUDIT_ARCH or struct.calcsize("P") != 8:
        return False
    code = program(machine, os.getpid(), writing=writing)
    packed = b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
    buffer = ctypes.create_string_buffer(packed)
    loaded = _Program(len(code), ctypes.cast(buffer, ctypes.c_void_p))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(loaded), 0, 0) == 0)
