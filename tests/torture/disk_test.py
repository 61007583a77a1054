#!/usr/bin/env python3
"""What disk.py takes away in a power cut and what bad_disk.c makes fail, seen by a small program instead of the real one."""
import errno
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
sys.dont_write_bytecode = True

from headwater_torture.disk import Disk, build_libraries  # noqa: E402

BEGIN = "import os, sys\ndef put(name, text, at=None, sync=True):\n    file = os.open(name, os.O_WRONLY | os.O_CREAT, 0o600)\n" \
        "    os.pwrite(file, text, os.fstat(file).st_size if at is None else at)\n    sync and os.fsync(file)\n    os.close(file)\n" \
        "def sync_names():\n    file = os.open('.', os.O_RDONLY)\n    os.fsync(file)\n    os.close(file)\n"


class Chance(random.Random):
    """Answers what the test wants to be asked: names are lost or not, everything is, no zeros are left."""

    def __init__(self, loses_names: bool, loses_all: bool = True, leaves_zeros: bool = False):
        super().__init__(1)
        self.answers = [0.0 if each else 1.0 for each in (loses_names, loses_all, leaves_zeros)]

    def random(self):
        return self.answers.pop(0) if self.answers else super().random()


class DiskTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.libraries = build_libraries(pathlib.Path(cls.folder.name))

    def setUp(self):
        self.disk = Disk(self.libraries)
        self.addCleanup(self.disk.close)

    def run_on_it(self, text: str, status: int = -9) -> str:
        """Runs this, then SIGKILL, in the root of the disk."""
        done = subprocess.run([sys.executable, "-c", BEGIN + text + "\nos.kill(os.getpid(), 9)"], cwd=self.disk.root, env=self.disk.env,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout

    def content(self) -> dict:
        return {str(path.relative_to(self.disk.root)): path.read_bytes() for path in self.disk.root.rglob("*") if path.is_file()}

    def test_contents_that_no_sync_covers_are_lost(self):
        self.run_on_it("put('a', b'synced'); sync_names(); put('a', b', not synced', sync=False); put('a', b'S', 0, False)")
        self.assertEqual(self.content(), {"a": b"Synced, not synced"})
        self.disk.cut_power(Chance(loses_names=False))
        self.assertEqual(self.content(), {"a": b"synced"})

    def test_what_a_killed_process_left_is_lost_by_a_power_cut_after_the_next_one(self):
        self.run_on_it("put('a', b'one', sync=False); sync_names()")
        self.disk.read_journal()
        self.run_on_it("put('b', b'two'); sync_names()")
        self.disk.cut_power(Chance(loses_names=False))
        self.assertEqual(self.content(), {"a": b"", "b": b"two"})

    def test_a_later_sync_covers_what_a_killed_process_left(self):
        self.run_on_it("put('a', b'one', sync=False); sync_names()")
        self.disk.read_journal()
        self.run_on_it("put('a', b' two')")
        self.disk.cut_power(Chance(loses_names=True))
        self.assertEqual(self.content(), {"a": b"one two"})

    def test_names_that_no_sync_of_their_directory_covers_are_lost(self):
        self.run_on_it("put('old', b'old'); put('gone', b'gone'); sync_names()\n"
                       "put('new', b'new'); os.rename('new', 'old'); os.unlink('gone'); os.mkdir('folder'); put('folder/x', b'x')")
        self.assertEqual(self.content(), {"old": b"new", "folder/x": b"x"})
        self.disk.cut_power(Chance(loses_names=True))
        self.assertEqual(self.content(), {"old": b"old", "gone": b"gone"})

    def test_names_stay_in_a_cut_that_takes_contents_alone(self):
        self.run_on_it("put('a', b'a', sync=False); os.rename('a', 'b')")
        self.disk.cut_power(Chance(loses_names=False))
        self.assertEqual(self.content(), {"b": b""})

    def test_truncation_is_undone(self):
        self.run_on_it("put('a', b'content'); sync_names(); os.truncate('a', 7)\nfile = os.open('a', os.O_RDWR | os.O_TRUNC); os.ftruncate(file, 2)")
        self.disk.cut_power(Chance(loses_names=False))
        self.assertEqual(self.content(), {"a": b"content"})

    def test_zeros_are_left_where_a_file_had_grown(self):
        self.run_on_it("put('a', b'synced'); sync_names(); put('a', b'lost', sync=False)")
        self.disk.cut_power(Chance(loses_names=False, leaves_zeros=True))
        self.assertEqual(self.content(), {"a": b"synced" + bytes(4)})

    def test_a_random_part_is_a_beginning_of_what_was_written(self):
        seen = set()
        for seed in range(40):
            self.run_on_it("put('a%d', b'.'); sync_names(); [put('a%d', b'0123456789', sync=False) for _ in range(3)]" % (seed, seed))
            chance = Chance(loses_names=False, loses_all=False)
            chance.seed(seed)
            self.disk.cut_power(chance)
            left = self.content()[f"a{seed}"]
            self.assertEqual((b"." + b"0123456789" * 3)[:len(left)], left)
            self.assertGreaterEqual(len(left), 1)
            seen.add(len(left))
        self.assertGreater(len(seen), 5)

    def test_the_nth_operation_fails_and_is_named(self):
        for of, words in (("write", "put('w', b'x', sync=False)"), ("sync", "put('s', b'x')"), ("name", "os.mkdir('n'), os.rmdir('n')"),
                          ("read", "open('r', 'rb').read()")):
            with self.subTest(of=of):
                (self.disk.root / "r").write_bytes(b"r")
                self.disk.fail(of, 2, errno.ENOSPC)
                told = self.run_on_it("for _ in range(4):\n  try:\n    " + words + "\n    print('fine', end=' ', flush=True)\n"
                                      "  except OSError as fault:\n    print(fault.errno, end=' ', flush=True)")
                self.assertIn(str(errno.ENOSPC), told)
                self.assertEqual(told.count(str(errno.ENOSPC)), 1)
                self.assertIn(str(self.disk.root), self.disk.hit)
                self.disk.heal()
                self.assertEqual(self.disk.hit, "")

    def test_all_after_it_fail_if_asked_to(self):
        self.disk.fail("sync", 2, errno.EIO, stays=True)
        told = self.run_on_it("for n in range(4):\n  try:\n    put('s', b'x'); print('fine', flush=True)\n  except OSError:\n    print('bad', flush=True)")
        self.assertEqual(told.split(), ["fine", "bad", "bad", "bad"])

    def test_a_torn_write_leaves_half_of_it(self):
        self.disk.fail("write", 1, errno.EIO, torn=True)
        self.run_on_it("try:\n  put('t', b'0123456789')\nexcept OSError:\n  pass")
        self.assertEqual(self.content(), {"t": b"01234"})

    def test_a_full_disk_is_full_and_empty_again(self):
        if not self.disk.is_mounted:
            self.skipTest("no file system of its own: needs root")
        words = "try:\n  put('a', bytes(100000), sync=False); print('fine', flush=True)\nexcept OSError as fault:\n  print(fault.errno, flush=True)"
        self.disk.fill()
        self.assertNotIn("fine", self.run_on_it(words))
        self.disk.drain()
        self.assertIn("fine", self.run_on_it(words))


if __name__ == "__main__":
    unittest.main()
