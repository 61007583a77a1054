"""`headwater rules import` and `export` against the running program."""
import os
import pathlib
import pty
import shutil
import subprocess
import tempfile

from .case import Case
from .program import clean_environment, find_program, run_command
from .world import Account


class Rules(Case):
    def setUp(self):
        self.acct = Account()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="headwater-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def file(self, name: str, text: str = "") -> pathlib.Path:
        path = self.folder / name
        path.write_text(text, newline="")
        return path

    def run_rules(self, *arguments, role="editor", kind="passthrough-referrers", env=None):
        env = {"HEADWATER_TOKEN": self.acct.client(role).token} if env is None else env
        return run_command("rules", *arguments, "--account", self.acct.id, "--kind", kind, "--url", self.program.url, env=env)

    def ended(self, done, code: int):
        self.assertEqual(done.returncode, code, f"{done.stdout}\n{done.stderr}")
        return done

    def domains(self) -> list:
        return [rule["domain"] for rule in self.acct.viewer.get(self.acct.at("/passthrough-referrers", include_inactive="true")).data["referrers"]]

    def test_import_says_what_changed_and_export_gives_it_back(self):
        rows = self.file("rules.csv", 'domain,utm_source,service_name\r\na.example,s,"one, two"\r\nb.example,=s,\r\n')
        done = self.ended(self.run_rules("import", rows), 0)
        self.assertEqual(done.stdout, "2 added, 0 changed, 0 removed, 0 unchanged; version 1\n")
        self.assertEqual(done.stderr, "")
        for name in ("out.csv", "out.json"):
            path = self.folder / name
            self.ended(self.run_rules("export", path, role="viewer"), 0)
            again = self.ended(self.run_rules("import", path, "--mode", "replace"), 0)
            self.assertEqual(again.stdout, "0 added, 0 changed, 0 removed, 2 unchanged; version 1\n")
        self.assertEqual((self.folder / "out.csv").read_bytes(),
                         self.acct.viewer.get(self.acct.at("/passthrough-referrers/export", format="csv")).body)
        printed = self.ended(self.run_rules("export", "--format", "csv"), 0).stdout
        self.assertIn("a.example", printed)
        self.assertIn("'=s", printed)

    def test_what_was_read_otherwise_than_written_is_said(self):
        rows = self.file("rules.csv", "domain;utm_source\nhttps://a.example/;s\n")
        done = self.ended(self.run_rules("import", rows), 0)
        self.assertEqual(done.stdout, "1 added, 0 changed, 0 removed, 0 unchanged; version 1\n")
        lines = done.stderr.splitlines()
        self.assertEqual(lines[0], "the columns are separated by semicolons")
        self.assertTrue(lines[1].startswith('line 2: "https://a.example/" is stored as "a.example": the scheme https://'), lines[1])

    def test_a_file_without_rules_replaces_only_if_told(self):
        self.acct.passthrough("a.example")
        rows = self.file("rules.json", "[]")
        done = self.ended(self.run_rules("import", rows, "--mode", "replace"), 1)
        self.assertIn("allow_empty", done.stderr)
        done = self.ended(self.run_rules("import", rows, "--mode", "replace", "--allow-empty"), 0)
        self.assertEqual(done.stdout, "0 added, 0 changed, 1 removed, 0 unchanged; version 2\n")

    def test_mappings_too(self):
        rows = self.file("rules.json", '[{"referrer_pattern":"a.example","utm_source":"s","label":""}]')
        self.ended(self.run_rules("import", rows, kind="referrer-mappings"), 0)
        self.assertEqual(self.acct.viewer.get(self.acct.at("/referrer-mappings")).data["mappings"][0]["label"], "")

    def test_settings_go_from_account_to_account(self):
        other = Account()
        self.acct.editor.patch(f"/accounts/{self.acct.id}/attribution", {"own_domains": ["a.example"], "currency": "EUR"})
        path = self.folder / "settings.json"
        self.ended(self.run_rules("export", path, kind="attribution", role="viewer"), 0)
        mine, self.acct = self.acct, other
        done = self.ended(self.run_rules("import", path, "--strict", kind="attribution"), 0)
        self.assertEqual((done.stdout, done.stderr), ("the account has the settings of the file\n", ""))
        shown = other.viewer.get(f"/accounts/{other.id}/attribution").data
        self.assertEqual({**shown, "account_id": mine.id}, mine.viewer.get(f"/accounts/{mine.id}/attribution").data)
        some = self.file("some.json", '{"ai_medium":"ai","site":1}')
        self.assertIn('"site"', self.ended(self.run_rules("import", some, kind="attribution"), 0).stderr)
        self.assertEqual(other.viewer.get(f"/accounts/{other.id}/attribution").data, {**shown, "ai_medium": "ai"})
        wrong = self.file("wrong.json", '{"own_domains":["a.example","x"],"timezone":"Nowhere"}')
        done = self.ended(self.run_rules("import", wrong, kind="attribution"), 1)
        self.assertIn(f"{wrong}: body.own_domains[1]: ", done.stderr)
        self.assertIn(f"{wrong}: body.timezone: ", done.stderr)
        for bad in (("import", path, "--dry-run"), ("import", path, "--mode", "replace"), ("import", self.file("list.json", "[]")),
                    ("export", self.folder / "settings.csv")):
            self.ended(self.run_rules(*bad, kind="attribution"), 2)

    def test_dry_run_shows_each_change_and_makes_none(self):
        self.acct.passthrough("goes.example")
        self.acct.passthrough("changes.example")
        rows = self.file("rules.csv", "domain,utm_source\nnew.example,n\nchanges.example,other\n")
        done = self.ended(self.run_rules("import", rows, "--mode", "replace", "--dry-run"), 0)
        self.assertEqual(done.stdout.splitlines(),
                         ["dry run: 1 added, 1 changed, 1 removed, 0 unchanged; version 2", '  + line 2: "new.example"',
                          '  ~ line 3: rule 2 "changes.example", utm_source "source" -> "other"', '  - rule 1 "goes.example"'])
        self.assertEqual(self.domains(), ["goes.example", "changes.example"])

    def test_faults_are_printed_with_file_and_line_and_the_status_is_1(self):
        rows = self.file("bad.csv", "domain,utm_source\na.example,s\nno domain,\nA.example,s\n")
        done = self.ended(self.run_rules("import", rows), 1)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 4, done.stderr)
        self.assertTrue(lines[0].startswith(f"{rows}:3: body[1].domain: "), lines[0])
        self.assertTrue(lines[1].startswith(f"{rows}:3: body[1].utm_source: "), lines[1])
        self.assertEqual(lines[2], f"{rows}:4: body[2].domain: 'a.example' is also in line 2")
        self.assertEqual(lines[3], "headwater: nothing was imported: 3 faults")
        self.assertEqual((done.stdout, self.domains()), ("", []))

    def test_refusals_are_one_line_and_status_1(self):
        rows = self.file("rules.json", "[]")
        done = self.ended(self.run_rules("import", rows, role="viewer"), 1)
        self.assertEqual(done.stderr, "headwater: the server answered 403: Required scope: write\n")
        self.ended(self.run_rules("import", rows, env={"HEADWATER_TOKEN": "hw_wrong"}), 1)
        done = self.ended(self.run_rules("import", self.file("broken.json", "[")), 1)
        self.assertIn("not valid JSON", done.stderr)

    def test_ignored_columns_are_named_and_strict_makes_them_faults(self):
        rows = self.file("rules.csv", "domain,utm_source,colour\na.example,s,red\n")
        done = self.ended(self.run_rules("import", rows, "--strict"), 1)
        self.assertIn(f"{rows}:1: body.colour: ", done.stderr)
        done = self.ended(self.run_rules("import", rows), 0)
        self.assertIn('"colour"', done.stderr)

    def test_what_could_not_be_tried_is_status_2(self):
        rows = self.file("rules.json", "[]")
        common = ("--account", self.acct.id, "--kind", "passthrough-referrers")
        token = {"HEADWATER_TOKEN": self.acct.editor.token}
        for arguments, env, word in ((("import", self.folder / "none.json", *common), token, "cannot read"),
                                     (("import", rows, *common), {}, "no token"),
                                     (("import", rows, *common, "--token-file", self.folder / "none"), {}, "cannot read"),
                                     (("import", rows, *common, "--url", "http://127.0.0.1:1"), token, "refused"),
                                     (("import", rows, *common, "--url", "https://127.0.0.1"), token, "HTTPS"),
                                     (("import", rows, *common, "--url", "127.0.0.1:8080"), token, "no address"),
                                     (("export", self.folder / "no" / "where", *common, "--url", self.program.url), token, "cannot write")):
            with self.subTest(word=word):
                done = self.ended(run_command("rules", *arguments, env=env), 2)
                self.assertIn(word, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_token_may_come_from_a_file_and_the_document_from_standard_input(self):
        token = self.file("token", self.acct.editor.token + "\n")
        done = subprocess.run([find_program(), "rules", "import", "-", "--format", "csv", "--account", self.acct.id, "--kind", "passthrough-referrers",
                               "--url", self.program.url + "/api/v1/", "--token-file", str(token)], input="domain,utm_source\na.example,s\n",
                              capture_output=True, text=True, env=clean_environment(), timeout=60)
        self.ended(done, 0)
        self.assertEqual(self.domains(), ["a.example"])

    def test_progress_is_shown_on_a_terminal_only(self):
        rows = self.file("rules.csv", "domain,utm_source,service_name\n" + "".join(f"d{i}.example,s,{'n' * 90}\n" for i in range(20_000)))
        leader, follower = pty.openpty()
        try:
            done = subprocess.run([find_program(), "rules", "import", str(rows), "--account", self.acct.id, "--kind", "passthrough-referrers",
                                   "--url", self.program.url], stdout=subprocess.PIPE, stderr=follower, text=True, timeout=60,
                                  env=clean_environment({"HEADWATER_TOKEN": self.acct.editor.token}))
            shown = os.read(leader, 65536).decode()
        finally:
            os.close(leader)
            os.close(follower)
        self.assertEqual(done.returncode, 0, shown)
        self.assertIn("sending [", shown)
        self.assertIn("waiting for the server", shown)
        self.assertTrue(done.stdout.startswith("20000 added"))

    def test_help_names_the_token_the_address_and_the_exit_status(self):
        for action in ("import", "export"):
            text = run_command("rules", action, "--help").stdout
            for word in ("HEADWATER_TOKEN", "--token-file", "plain http://", "Exit status", "--account", "--kind"):
                self.assertIn(word, text)

    def test_a_flag_wins_over_the_environment(self):
        nowhere, here = "http://127.0.0.1:1", self.program.url
        path = self.folder / "flag.json"
        for action in ("export", "import"):
            arguments = ("rules", action, str(path), "--account", self.acct.id, "--kind", "referrer-mappings")
            for flag, variable, code in ((here, nowhere, 0), (nowhere, here, 2)):
                with self.subTest(action=action, flag=flag):
                    done = run_command(*arguments, "--url", flag, env={"HEADWATER_URL": variable, "HEADWATER_TOKEN": self.acct.admin.token})
                    self.assertEqual(done.returncode, code, done.stderr)

    def test_bad_command_lines_are_refused(self):
        for arguments in (("import",), ("import", "f", "--account", "a"), ("import", "f", "--account", "a", "--kind", "rules"),
                          ("import", "f", "--account", "a", "--kind", "referrer-mappings", "--mode", "mix")):
            with self.subTest(arguments=arguments):
                self.assertEqual(run_command("rules", *arguments).returncode, 2)
