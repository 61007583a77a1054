"""The disk of one installation: what it loses in a power cut, when it fails, how full it is, and what the clock says.

The program runs with bad_disk.c and fake_clock.c before the C library. The first writes down how to undo what no sync
covers yet; `cut_power` undoes it. See bad_disk.c for the records.
"""
import dataclasses
import errno
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parents[1]
RECORD = struct.Struct("<IIQQQQ")
WRITTEN, RESIZED, SYNCED, NAME_MADE, NAME_GONE, RENAMED, DIRECTORY_SYNCED = range(1, 8)
FAULTS = struct.Struct("<4q4i4iiiq256s64s")
CLASSES = ("write", "sync", "name", "read")
SIZE = 640 << 20  # tables that lost their names are kept on it, too


def build_libraries(folder: pathlib.Path) -> str:
    """What LD_PRELOAD takes."""
    built = []
    for source in (HERE / "bad_disk.c", HERE.parent / "e2e" / "fake_clock.c"):
        built.append(str(folder / f"{source.stem}.so"))
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", built[-1], source, "-ldl", "-lpthread"], check=True)
    return ":".join(built)


@dataclasses.dataclass
class Operation:
    """What a record says of one operation; `text` are bytes that were there, or names."""
    number: int
    kind: int
    node: int
    first: int
    second: int
    old_size: int
    text: bytes
    place: int  # in the journal

    @property
    def names(self) -> list:
        return [os.fsdecode(name) for name in self.text.split(b"\0")[:-1]]


class Disk:
    """Below `root` is what the program sees; `kept` stands beside it on the same file system, the journal elsewhere."""

    def __init__(self, libraries: str, parent: str = None, size: int = SIZE, lies: bool = False):
        self.lies = lies  # syncs are answered and cover nothing
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="headwater-torture-", dir=parent))
        # A small file system of our own can be full without harm to others.
        self.is_mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", self.home],
                                         stderr=subprocess.DEVNULL).returncode == 0 if os.geteuid() == 0 else False
        self.root, self.kept = self.home / "disk", self.home / "kept"
        # Beside it, because a full disk is not to end the journal.
        self.beside = pathlib.Path(tempfile.mkdtemp(prefix="headwater-torture-", dir=parent))
        self.journal = self.beside / "journal"
        self.root.mkdir(mode=0o700)
        self.kept.mkdir()
        self.pending, self.count = {}, 0  # inode -> [Operation] that no sync covers
        self.faults, self.clock = self.beside / "faults", self.beside / "clock"
        self.faults.write_bytes(bytes(FAULTS.size))
        self.clock.write_bytes(bytes(8))
        self.ballast = self.home / "ballast"
        self.env = {"LD_PRELOAD": libraries, "TORTURE_ROOT": str(self.root), "TORTURE_KEPT": str(self.kept),
                    "TORTURE_JOURNAL": str(self.journal), "TORTURE_FAULTS": str(self.faults), "TORTURE_SYNC_MICROSECONDS": "300",
                    "E2E_CLOCK_FILE": str(self.clock), "ASAN_OPTIONS": "verify_asan_link_order=0"}

    @property
    def data(self) -> pathlib.Path:
        return self.root / "data"

    def close(self, keep_in: pathlib.Path = None):
        """Takes everything away; with `keep_in` leaves a copy there first."""
        if keep_in:
            shutil.copytree(self.root, keep_in / "disk", symlinks=True)
        if self.is_mounted:
            subprocess.run(["umount", "-l", self.home], check=False)
        for folder in (self.home, self.beside):
            shutil.rmtree(folder, ignore_errors=True)

    # ---- power

    def read_journal(self):
        """Takes in what the program, which has ended, wrote since the last time."""
        data = self.journal.read_bytes() if self.journal.exists() else b""
        at = 0
        while at + RECORD.size <= len(data):
            kind, size, node, first, second, old_size = RECORD.unpack_from(data, at)
            if at + RECORD.size + size > len(data):
                break  # killed while it wrote this record, so before the operation
            text = data[at + RECORD.size:at + RECORD.size + size]
            if kind in (SYNCED, DIRECTORY_SYNCED):
                if not self.lies:
                    self.pending[node] = [each for each in self.pending.get(node, []) if each.place >= first]
            else:
                self.count += 1
                self.pending.setdefault(node, []).append(Operation(self.count, kind, node, first, second, old_size, text, at))
            at += RECORD.size + size
        for waiting in self.pending.values():
            for each in waiting:
                each.place = -1  # before everything in the next journal
        self.pending = {node: waiting for node, waiting in self.pending.items() if waiting}
        self.journal.unlink(missing_ok=True)
        needed = {each.first for waiting in self.pending.values() for each in waiting if each.kind in (NAME_GONE, RENAMED)} | set(self.pending)
        for second_name in self.kept.iterdir():
            if int(second_name.name) not in needed:
                second_name.unlink()

    def cut_power(self, chance: random.Random) -> str:
        """Undoes what no sync covers, all of it or from a random operation on, in names too or only in contents.

        Gives in a few words what happened.
        """
        self.read_journal()
        loses_names, loses_all, leaves_zeros = chance.random() < 0.6, chance.random() < 0.5, chance.random() < 0.3
        undone = []
        for node in sorted(self.pending):
            waiting = self.pending[node]
            contents = [each for each in waiting if each.kind in (WRITTEN, RESIZED)]
            names = [each for each in waiting if each.kind not in (WRITTEN, RESIZED)]
            undone += contents[0 if loses_all else chance.randint(0, len(contents)):]
            if loses_names:
                undone += names[0 if loses_all else chance.randint(0, len(names)):]
        torn, firsts = set(), {}
        for each in sorted(undone, key=lambda operation: -operation.number):
            firsts[each.node] = each.number
        for each in sorted(undone, key=lambda operation: -operation.number):
            if each.kind == WRITTEN and firsts[each.node] == each.number and not loses_all and chance.random() < 0.5:
                torn.add(each.number)
            self.undo(each, chance.randrange(each.second) if each.number in torn and each.second else 0, leaves_zeros)
        self.pending, bytes_lost = {}, sum(each.second for each in undone if each.kind == WRITTEN)
        for second_name in self.kept.iterdir():
            second_name.unlink()
        return (f"{len(undone)} operations undone, {bytes_lost} bytes, {len(torn)} torn" + (", names too" if loses_names else "") +
                (", zeros left" if leaves_zeros else ""))

    def undo(self, operation: Operation, stays: int, leaves_zeros: bool):
        """`stays`: of a write, how many bytes reached the disk all the same. `leaves_zeros`: a file keeps the size that it
        had grown to, as file systems do that note sizes before contents."""
        if operation.kind in (WRITTEN, RESIZED):
            path = self.kept / str(operation.node)
            if not path.exists():
                return
            with open(path, "r+b") as file:
                if operation.kind == WRITTEN:
                    end = min(operation.first + operation.second, file.seek(0, os.SEEK_END))
                    if end > operation.old_size:
                        keeps = max(operation.old_size, operation.first + stays)
                        if leaves_zeros:
                            file.seek(keeps)
                            file.write(bytes(max(0, end - keeps)))
                        elif end == file.seek(0, os.SEEK_END):
                            file.truncate(min(keeps, end))
                    file.seek(operation.first + stays)
                    file.write(operation.text[stays:])
                else:
                    file.truncate(operation.old_size)
                    file.seek(operation.first)
                    file.write(operation.text)
            return
        name, *others = operation.names
        if operation.kind == NAME_MADE:
            if os.path.isdir(name) and not os.path.islink(name):
                shutil.rmtree(name)
            elif os.path.lexists(name):
                os.unlink(name)
        elif operation.kind == NAME_GONE:
            self.bring_back(name, operation.first)
        elif os.path.lexists(others[0]) and os.lstat(others[0]).st_ino == operation.second:
            os.rename(others[0], name)
            self.bring_back(others[0], operation.first)

    def bring_back(self, name: str, node: int):
        if os.path.lexists(name) or not os.path.isdir(os.path.dirname(name)):
            return
        if node == 0:
            os.mkdir(name, 0o700)
        elif (self.kept / str(node)).exists():
            os.link(self.kept / str(node), name)

    # ---- faults

    def fail(self, of: str, nth: int, number: int = errno.EIO, stays: bool = False, torn: bool = False, only: str = "", delay: float = 0):
        """The nth operation of this class from now on fails; `stays`: and all after it; `only`: on files whose names end so;
        `delay`: after so many seconds."""
        which = CLASSES.index(of)
        at = [int(place == which) for place in range(4)]
        self._set(FAULTS.pack(*(nth * one for one in at), *(number * one for one in at), *(int(stays) * one for one in at), int(torn),
                              int(1000 * delay), 0, b"", os.fsencode(only)))

    def heal(self):
        self._set(bytes(FAULTS.size))

    def _set(self, content: bytes):
        counts = 4 * 8
        with open(self.faults, "r+b", buffering=0) as file:  # in place, because the program has mapped it
            file.write(bytes(counts))
            file.write(content[counts:])
            file.seek(0)
            file.write(content[:counts])

    @property
    def hit(self) -> str:
        """What failed, or nothing."""
        fields = FAULTS.unpack(self.faults.read_bytes())
        return os.fsdecode(fields[15].split(b"\0")[0]) if fields[14] else ""

    def fill(self):
        """Leaves next to nothing free, beside a program that writes."""
        piece = 1 << 20
        with open(self.ballast, "wb", buffering=0) as file:
            while piece >= 4096:
                try:
                    if file.write(bytes(piece)) < piece:
                        piece //= 4
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise
                    piece //= 4

    def drain(self):
        self.ballast.unlink(missing_ok=True)

    def set_clock(self, seconds: int):
        with open(self.clock, "r+b") as file:
            file.write(struct.pack("=q", seconds))
