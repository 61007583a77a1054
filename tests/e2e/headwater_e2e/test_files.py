"""Who may read what the program writes, and what it writes where others may have written before."""
import os
import pathlib
import resource
import shlex
import stat
import subprocess
import sys
import time
import unittest

from .program import ROOT, clean_environment, find_program, run_command
from .test_startup import Installation, contents
from .world import Account


def mode_of(path: pathlib.Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def open_to_others(below: pathlib.Path) -> dict:
    """Files and directories with their modes that others than the owner may use."""
    return {str(path): oct(mode_of(path)) for path in (below, *below.rglob("*")) if mode_of(path) & 0o077}


class Modes(Installation):
    def setUp(self):
        super().setUp()
        self.addCleanup(os.umask, os.umask(0o022))

    def test_whatever_is_written_is_for_its_owner_alone(self):
        self.own.start()
        account = Account(self.own)
        account.passthrough("kept.example")
        self.expect(self.own.client().post("/snapshots"), 201)
        token = self.own.home / "token"
        token.write_text(self.own.admin_token)
        rules = self.own.home / "rules.csv"
        done = run_command("rules", "export", rules, "--url", self.own.url, "--token-file", token,
                           "--account", account.id, "--kind", "passthrough-referrers")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.own.stop(), 0)
        export, copies, back = (self.own.home / name for name in ("all.ndjson", "copies", "back"))
        for command in (("log", "export", "--data", self.own.data, "--all", "-o", export),
                        ("snapshot", "create", "--data", self.own.data, "--to", copies),
                        ("snapshot", "restore", "--from", None, "--data", back)):
            if None in command:
                command = [next(copies.iterdir()) if word is None else word for word in command]
            done = run_command(*command)
            self.assertEqual(done.returncode, 0, done.stderr)
        for made in (self.own.data, copies, back, export, rules):
            self.assertEqual(open_to_others(made), {})


class OpenToOthers(Installation):
    def test_start_refuses_a_data_directory_that_others_may_look_into(self):
        self.own.start()
        self.assertEqual(self.own.stop(), 0)
        for mode in (0o755, 0o750, 0o701):
            self.own.data.chmod(mode)
            line = self.refused(self.own, str(self.own.data), f"mode {mode:04o}", "--allow-readable-data")
        mend = line.rpartition("run: ")[2]
        self.assertEqual(mend, f"chmod 700 {self.own.data}")
        subprocess.run(shlex.split(mend), check=True)
        self.own.start()

    def test_it_can_be_taken_as_it_is(self):
        self.own.data.mkdir()
        self.own.data.chmod(0o755)
        self.refused(self.own, "chmod 700")
        self.assertEqual(list(self.own.data.iterdir()), [])
        self.own.flags = ["--allow-readable-data"]
        self.own.start()
        self.assertEqual(self.own.stop(), 0)
        self.own.flags, self.own.env["HEADWATER_ALLOW_READABLE_DATA"] = [], "true"
        self.own.start()
        self.assertEqual(self.own.stop(), 0)
        del self.own.env["HEADWATER_ALLOW_READABLE_DATA"]
        config = self.own.home / "settings.toml"
        config.write_text("allow-readable-data = true\n")
        self.own.flags = ["--config", str(config)]
        self.own.start()
        self.assertEqual(mode_of(self.own.data), 0o755)

    def test_what_is_made_then_the_group_may_read_and_others_not(self):
        self.own.data.mkdir()
        self.own.data.chmod(0o750)
        self.own.flags = ["--allow-readable-data", "--checkpoint-events", "1"]
        self.own.start()
        Account(self.own).passthrough("kept.example")
        self.expect(self.own.client().post("/snapshots"), 201)
        self.assertEqual(self.own.stop(), 0)
        copies, back = self.own.home / "copies", self.own.home / "back"
        for command in (("snapshot", "create", "--data", self.own.data, "--to", copies),
                        ("snapshot", "restore", "--from", None, "--data", back)):
            command = [next(copies.iterdir()) if word is None else word for word in command]
            done = run_command(*command, "--allow-readable-data")
            self.assertEqual(done.returncode, 0, done.stderr)
        modes = {path: mode_of(path) for top in (self.own.data, copies) for path in top.rglob("*") if path.name not in ("LOG", "LOG.old")}
        secret = modes.pop(self.own.data / "signing_key")
        self.assertEqual(secret, 0o600)
        for path, mode in modes.items():
            self.assertEqual(mode, 0o750 if path.is_dir() else 0o640, path)
        self.assertEqual(mode_of(back), 0o700)  # directories of data are made for the owner alone

    def test_every_command_that_opens_it_refuses_it_too(self):
        self.own.start()
        account = Account(self.own)
        account.passthrough("kept.example")
        self.assertEqual(self.own.stop(), 0)
        home, data = self.own.home, ("--data", self.own.data)
        (home / "empty").mkdir(mode=0o755)
        snapshot = run_command("snapshot", "create", *data, "--to", home / "copies")
        self.assertEqual(snapshot.returncode, 0, snapshot.stderr)
        copy = next((home / "copies").iterdir())
        commands = [(2, "log", "verify", *data), (2, "log", "show", *data, "--limit", "1"), (2, "log", "replay", *data),
                    (2, "log", "diff", *data, "--account", account.id, "--from", "1"), (2, "log", "rebuild", *data),
                    (2, "log", "export", *data, "--all", "-o", home / "export"),
                    (1, "token", "create", *data), (2, "snapshot", "create", *data, "--to", home / "copies"),
                    (2, "snapshot", "list", *data), (2, "snapshot", "prune", *data, "--keep", "9", "--dir", home / "copies"),
                    (2, "snapshot", "restore", "--from", copy, "--data", home / "empty")]
        self.own.data.chmod(0o755)
        (home / "empty").chmod(0o755)
        for status, *command in commands:
            with self.subTest(command=command[:2]):
                done = run_command(*command)
                self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
                self.assertIn("run: chmod 700 ", done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                done = run_command(*command, "--allow-readable-data")
                self.assertEqual(done.returncode, 0, done.stderr)


class Owners(Installation):
    @unittest.skipUnless(os.geteuid() == 0, "only root can give files to another user")
    def test_commands_that_write_refuse_the_data_of_another_user(self):
        self.own.start()
        Account(self.own).passthrough("kept.example")
        self.assertEqual(self.own.stop(), 0)
        home, data = self.own.home, ("--data", self.own.data)
        for path in (self.own.data, *self.own.data.rglob("*")):
            os.chown(path, 54321, 54321)
        before = contents(self.own.data)
        for status, *command in ((1, "serve", *data, "--listen", "127.0.0.1:0"), (1, "token", "create", *data),
                                 (2, "log", "rebuild", *data), (2, "snapshot", "create", *data, "--to", home / "copies")):
            with self.subTest(command=command[:2]):
                done = run_command(*command)
                self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
                self.assertIn("run: sudo -u '#54321' headwater ...", done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for command in (("log", "verify", *data), ("log", "export", *data, "--all", "-o", home / "export")):
            done = run_command(*command)  # these only read
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(contents(self.own.data), before)
        self.assertEqual({path.stat().st_uid for path in self.own.data.rglob("*")}, {54321})


class InTheWay(Installation):
    """Files that are there already where a command writes."""

    def setUp(self):
        super().setUp()
        self.own.flags = ["--checkpoint-events", "1"]
        self.own.start()
        self.account = Account(self.own)
        self.account.passthrough("kept.example")
        deadline = time.time() + 20
        while self.own.client().get("/checkpoints/latest").status != 200 and time.time() < deadline:
            time.sleep(0.05)
        self.token = self.own.home / "token"
        self.token.write_text(self.own.admin_token)
        self.victim = self.own.home / "victim"
        self.victim.write_text("precious")
        self.file = self.own.home / "export"
        self.partial = self.own.home / "export.partial"

    def commands(self):
        yield "log", "export", "--data", self.own.data, "--all", "-o", self.file
        yield ("rules", "export", self.file, "--url", self.own.url, "--token-file", self.token,
               "--account", self.account.id, "--kind", "passthrough-referrers")

    def test_a_link_at_partial_is_not_followed(self):
        for command in self.commands():
            with self.subTest(command=command[:2]):
                self.partial.symlink_to(self.victim)
                done = run_command(*command)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertIn(f"cannot write {self.partial}: it is there already and is a link; remove it", done.stderr)
                self.assertEqual(self.victim.read_text(), "precious")
                self.assertFalse(self.file.exists())
                self.partial.unlink()
                self.assertEqual(run_command(*command).returncode, 0)
                self.file.unlink()

    def test_what_a_killed_command_left_does_not_block(self):
        for command in self.commands():
            with self.subTest(command=command[:2]):
                self.partial.write_text("half an export" * 10_000)
                done = run_command(*command)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertFalse(self.partial.exists())
                self.assertNotIn("half an export", self.file.read_text())
                self.file.unlink()

    def test_a_failed_write_leaves_nothing(self):
        for command in self.commands():
            with self.subTest(command=command[:2]):
                self.file.write_text("old")
                done = subprocess.run([find_program(), *map(str, command)], capture_output=True, text=True, env=clean_environment(),
                                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16)))
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn(f"cannot write {self.partial}: File too large", done.stderr)
                self.assertEqual(self.file.read_text(), "old")
                self.assertFalse(self.partial.exists())


class AdminTokenOfToolsStart(Installation):
    def said(self) -> str:
        """What tools/start prints until it serves."""
        env = clean_environment({"HEADWATER_PROGRAM": find_program()})
        out = []
        with subprocess.Popen([ROOT / "tools" / "start", "--data", self.own.data, "--listen", "127.0.0.1:0"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env) as started:
            try:
                for line in started.stdout:
                    out.append(line)
                    if line.startswith("Ctrl-C"):
                        break
            finally:
                started.terminate()
                started.communicate(timeout=20)
        return "".join(out)

    def test_it_is_shown_once_and_later_only_where_it_is_kept(self):
        kept = pathlib.Path(f"{self.own.data}.admin-token")
        first = self.said()
        token = kept.read_text().strip()
        self.assertIn(token, first)
        later = self.said()
        self.assertNotIn(token, later)
        self.assertIn(f"admin token kept in {kept}\n", later)
        line = next(line for line in later.splitlines() if line.startswith("ADMIN="))
        done = subprocess.run(["bash", "-c", f'{line}\nprintf %s "$ADMIN"'], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, token)

    def test_nothing_behind_a_link_is_written_to(self):
        victim, link = self.own.home / "victim", pathlib.Path(f"{self.own.data}.admin-token")
        link.symlink_to(victim)  # which is not there: it would be made
        env = clean_environment({"HEADWATER_PROGRAM": find_program()})
        with subprocess.Popen([ROOT / "tools" / "start", "--data", self.own.data, "--listen", "127.0.0.1:0"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env) as started:
            try:
                for line in started.stdout:
                    if line.startswith("Ctrl-C"):
                        break
            finally:
                started.terminate()
                started.communicate(timeout=20)
        self.assertFalse(victim.exists())
        self.assertFalse(link.is_symlink())
        self.assertEqual(mode_of(link), 0o600)
        self.assertRegex(link.read_text(), r"^hw_\w{43}\n$")


# A program's most memory counts from before its exec, so a small process starts it.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, done.stderr)
"""


def measured(*command) -> tuple:
    """Runs a subcommand; its exit status, the most memory it had, in bytes, and what it said on stderr."""
    done = subprocess.run([sys.executable, "-c", MEASURE, find_program(), *map(str, command)], capture_output=True, text=True,
                          env=clean_environment(), check=True, timeout=60)
    status, most, said = done.stdout.split(" ", 2)
    return int(status), int(most), said


class OnTerminals(Installation):
    def test_what_turns_letters_around_is_escaped_for_people_and_kept_for_programs(self):
        self.own.start()
        account = Account(self.own)
        account.passthrough("kept.example", utm_campaign="user\u202egnp.exe\u200b")
        self.assertEqual(self.own.stop(), 0)
        show = ("log", "show", "--data", self.own.data, "--account", account.id)
        people, programs = run_command(*show, "--human"), run_command(*show, "--json")
        self.assertIn(r'"user\u202egnp.exe\u200b"', people.stdout)
        self.assertFalse({"\u202e", "\u200b"} & set(people.stdout))
        self.assertIn('"user\u202egnp.exe\u200b"', programs.stdout)


class FromOutside(Installation):
    """Files that somebody else may have written."""

    def test_hostile_manifest_takes_little_memory(self):
        self.own.start()
        self.assertEqual(self.own.stop(), 0)
        done = run_command("snapshot", "create", "--data", self.own.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        path = self.own.data / "snapshots" / done.stdout.split()[0]
        _, usual, _ = measured("snapshot", "verify", path)
        entry = '{"name":"","sha256":"%s","size":0}' % ("0" * 64)
        for size in (60 << 20, 15 << 20):
            for one in ("0", "[]", '""', entry):
                with self.subTest(size=size, one=one):
                    (path / "MANIFEST.json").write_text('{"files":[%s],"version":2}' % ",".join([one] * (size // (len(one) + 1))))
                    for command in (("verify", path), ("restore", "--from", path, "--data", self.own.home / "new")):
                        status, most, said = measured("snapshot", *command)
                        self.assertEqual(status, 1, said)
                        self.assertIn("MANIFEST.json is damaged", said)
                        self.assertLess(most - usual, 200 << 20)

    def test_config_file_of_something_else_is_not_quoted(self):
        config = self.own.home / "shadow"
        config.write_text("# accounts\nroot:$6$secret:19000:0:99999:7:::\n")
        line = run_command("serve", "--data", self.own.data, "--config", config)
        self.assertEqual(line.returncode, 2, line.stderr)
        self.assertIn("--config: line 2 is no setting", line.stderr)
        self.assertNotIn("secret", line.stderr + line.stdout)
        self.assertFalse(self.own.data.exists())

    def test_files_without_an_end_are_refused(self):
        for command in (("serve", "--data", self.own.data, "--config", "/dev/zero"),
                        ("snapshot", "list", "--url", "http://127.0.0.1:1", "--token-file", "/dev/zero"),
                        ("log", "verify-export", "/dev/zero", "--key", "/dev/zero")):
            with self.subTest(command=command[:2]):
                status, most, said = measured(*command)
                self.assertEqual(status, 2, said)
                self.assertIn("longer than", said)
                self.assertLess(most, 200 << 20)
