"""Who may read what the program writes, and what it writes where others may have written before."""
import os
import pathlib
import shlex
import stat
import subprocess

from .program import Program, clean_environment, find_program, run_command
from .test_startup import Installation
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
        self.expect(self.own.client().post("/snapshots"), 202)
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
                    (2, "snapshot", "list", *data), (2, "snapshot", "prune", *data, "--keep", "1", "--dir", home / "copies"),
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
