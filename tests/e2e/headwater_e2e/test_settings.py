"""Settings by flag, by environment and by a TOML file, and the help that explains them."""
import re
import subprocess
import time

from .program import ROOT, Program, StartFailed, run_command
from .test_startup import Installation
from .world import Account

ROW = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/"}


class Settings(Installation):
    def most_events(self, *flags, env=None) -> int:
        """How many events a push may have, found out by trying."""
        own = Program(*flags, env=env)
        try:
            own.start()
            account = Account(own)
            path = account.events(account.connection())
            return max(n for n in range(1, 6) if account.editor.post(path, [ROW] * n).status == 200)
        finally:
            own.close()

    def config(self, text: str) -> str:
        path = self.own.home / "headwater.toml"
        path.write_text(text)
        return str(path)

    def test_flag(self):
        self.assertEqual(self.most_events("--max-events", "2"), 2)

    def test_environment(self):
        self.assertEqual(self.most_events(env={"HEADWATER_MAX_EVENTS": "3"}), 3)

    def test_toml_file(self):
        self.assertEqual(self.most_events("--config", self.config("# limits\nmax-events = 4\nlog-level = \"warn\"\n")), 4)

    def test_flag_wins_over_environment_and_environment_over_file(self):
        config = self.config("max-events = 4\n")
        self.assertEqual(self.most_events("--config", config, env={"HEADWATER_MAX_EVENTS": "3"}), 3)
        self.assertEqual(self.most_events("--config", config, "--max-events", "2", env={"HEADWATER_MAX_EVENTS": "3"}), 2)

    def test_data_and_listen_can_come_from_the_environment(self):
        self.own.listen = False
        self.own.env |= {"HEADWATER_DATA": str(self.own.data), "HEADWATER_LISTEN": "127.0.0.1:0"}
        self.own.start()
        self.assertTrue(any(self.own.data.iterdir()))

    def test_help_exits_0_and_names_every_setting(self):
        for arguments in (["--help"], ["serve", "--help"], ["token", "create", "--help"]):
            with self.subTest(arguments=arguments):
                done = run_command(*arguments)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(done.stdout.strip())
        text = run_command("serve", "--help").stdout
        self.assertIn("8080", text)
        settings = set(re.findall(r"(?m)^ +(--[a-z-]+)", text)) - {"--help"}
        self.assertGreater(len(settings), 40)
        # What is no setting of the table, and has no variable of its own.
        unnamed = {flag for flag in settings if "HEADWATER_" + flag[2:].upper().replace("-", "_") not in text} - {"--config"}
        self.assertEqual(unnamed, set())
        table = (ROOT / "docs" / "operations.md").read_text()
        self.assertEqual(settings - {"--config"}, set(re.findall(r"(?m)^\| `(--[a-z-]+)` \| `HEADWATER_", table)))

    def test_program_without_arguments_says_what_it_can_do(self):
        done = run_command()
        self.assertIn("serve", done.stdout + done.stderr)

    def test_bad_settings_are_refused_with_one_line(self):
        for flags in (["--no-such-flag"], ["--max-events", "many"], ["--max-events", "-1"], ["--log-level", "shouting"],
                      ["--header-timeout", "soon"], ["--config", "/nonexistent.toml"]):
            with self.subTest(flags=flags):
                own = Program(*flags)
                try:
                    with self.assertRaises(StartFailed) as caught:
                        own.start()
                    self.assertGreater(caught.exception.code, 0, caught.exception)
                    self.assertTrue(caught.exception.stderr.strip(), caught.exception)
                    self.assertFalse(own.data.exists() and any(own.data.iterdir()))
                finally:
                    own.close(quiet=True)

    def test_bad_listen_address_is_refused(self):
        for address in ("nonsense", "127.0.0.1", "127.0.0.1:99999", "256.1.1.1:80", ":"):
            with self.subTest(address=address):
                self.own.listen = False
                self.own.flags = ["--data", str(self.own.data), "--listen", address]
                self.own.env.pop("HEADWATER_ADMIN_TOKEN", None)  # so that a start would print one
                with self.assertRaises(StartFailed) as caught:
                    self.own.start()
                self.assertEqual(caught.exception.code, 2)
                self.assertEqual(caught.exception.stdout, "")
                self.assertIn("--listen", caught.exception.stderr)
                self.assertIn(f"not an address like 127.0.0.1:8080 or [::1]:8080: {address}", caught.exception.stderr)
                self.assertFalse(self.own.data.exists())

    def test_serve_needs_to_know_where_its_data_is(self):
        try:
            done = run_command("serve", "--listen", "127.0.0.1:0", timeout=5)
        except subprocess.TimeoutExpired:
            self.fail("it served without --data")
        self.assertNotEqual(done.returncode, 0)

    def test_accounts_that_left_memory_come_back_whole(self):
        self.own.flags = ["--passivate-after", "0.5"]
        self.own.start()
        account = Account(self.own)
        rule = account.passthrough("idle.example")
        for _ in range(3):
            time.sleep(1.5)
            self.assertEqual(account.viewer.get(account.at("/passthrough-referrers/1")).data, rule)
        time.sleep(1.5)
        self.assertEqual(account.passthrough("second.example")["id"], 2)
