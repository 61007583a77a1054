"""Lists of sources: what is told of a host, and how a directory takes the place of shipped lists."""
import datetime
import os
import pathlib
import shutil
import signal
import tempfile
import time

from .case import Case
from .program import ROOT, Program, StartFailed


class WithLists(Case):
    def setUp(self):
        self.lists = pathlib.Path(tempfile.mkdtemp(prefix="headwater-lists-"))
        self.addCleanup(shutil.rmtree, self.lists, ignore_errors=True)

    def write(self, name: str, text: str) -> pathlib.Path:
        path = self.lists / name
        path.write_text(text)
        return path

    def date_of(self, name: str, day: str):
        with open(self.lists / "origins.yml", "a") as origins:
            origins.write(f"{name}:\n  date: {day}\n")

    def own_program(self, *flags) -> Program:
        own = Program("--lists", str(self.lists), *flags)
        self.addCleanup(own.close)
        return own

    def refusal(self) -> str:
        own = self.own_program()
        with self.assertRaises(StartFailed) as failed:
            own.start()
        self.assertEqual(failed.exception.code, 1)
        self.assertEqual(len(failed.exception.stderr.strip().splitlines()), 1)
        return failed.exception.stderr

    def told(self, own: Program, host: str) -> dict:
        return self.expect(own.client().get(f"/sources?host={host}"), 200).data


class Sources(Case):
    def told(self, host: str) -> dict:
        return self.expect(self.acct.viewer.get(f"/sources?host={host}"), 200).data

    def test_a_host_is_told_with_its_list_and_the_lists_date(self):
        told = self.told("www.google.co.uk")
        self.assertEqual((told["host"], told["host_kind"], told["registrable_domain"]),
                         ("www.google.co.uk", "domain", "google.co.uk"))
        known = told["as_referrer"]
        self.assertEqual((known["name"], known["source"], known["kind"], known["entry"]),
                         ("Google", "google", "search", "google.{}"))
        self.assertEqual((known["list"]["name"], known["list"]["date"], known["list"]["licence"], known["list"]["shipped"]),
                         ("search-engines", "2026-07-15", "CC0-1.0", True))
        self.assertIsNone(told["spam"])
        self.assertIsNone(told["ai_platform"])

    def test_a_utm_source_an_app_an_assistant_and_spam_are_told(self):
        told = self.told("adwords")
        self.assertIsNone(told["host"])
        self.assertIsNone(told["as_referrer"])
        self.assertEqual(told["as_utm_source"]["name"], "Google")
        self.assertEqual(self.told("android-app://com.google.android.gm")["as_referrer"]["source"], "gmail")
        self.assertEqual(self.told("https://chatgpt.com/")["ai_platform"], "ChatGPT")
        self.assertEqual(self.told("www.1-99seo.com")["spam"]["entry"], "1-99seo.com")
        nothing = self.told("chrome-extension%3A%2F%2Fabc%2F")
        self.assertIsNone(nothing["host"])
        self.assertIsNone(nothing["as_referrer"])

    def test_the_host_is_needed_and_bounded(self):
        client = self.program.client()
        for query in ("", "?host=", "?host=" + "a" * 2049):
            self.assertEqual(client.get("/sources" + query).status, 422, query)
        self.assertEqual(self.program.client(None).get("/sources?host=a.example").status, 401)

    def test_metrics_and_readyz_have_the_dates(self):
        metrics = self.expect(self.program.client().get("/metrics"), 200).body.decode()
        day = datetime.datetime(2026, 7, 15, tzinfo=datetime.timezone.utc).timestamp()
        self.assertIn('headwater_list_date_seconds{list="search-engines"} ', metrics)
        self.assertIn('headwater_list_date_seconds{list="ai-assistants"} ', metrics)
        line = next(each for each in metrics.splitlines() if each.startswith('headwater_list_date_seconds{list="search-engines"}'))
        self.assertEqual(float(line.split()[-1]), day)
        lists = self.expect(self.program.client().get("/readyz"), 200).data["lists"]
        self.assertEqual({each["name"]: each["date"] for each in lists}["public-suffixes"], "2026-08-19")
        self.assertRegex({each["name"]: each["date"] for each in lists}["ai-assistants"], "^20[0-9-]{8}$")
        self.assertNotIn("lists", self.expect(self.program.client(None).get("/readyz"), 200).data)


class Directory(WithLists):
    def test_a_file_takes_the_place_of_a_shipped_list_and_sighup_reads_it_again(self):
        self.write("Socials.yml", "New Network:\n  - new.example\n")
        self.date_of("Socials.yml", "2026-11-01")
        own = self.own_program().start()
        told = self.told(own, "www.new.example")["as_referrer"]
        self.assertEqual((told["name"], told["list"]["date"], told["list"]["shipped"]), ("New Network", "2026-11-01", False))
        self.assertIsNone(self.told(own, "badoo.com")["as_referrer"])
        self.assertEqual(self.told(own, "google.de")["as_referrer"]["name"], "Google")

        self.write("Socials.yml", "Newer Network:\n  - new.example\n")
        self.hang_up(own, "visits get the lists that were read")
        self.assertEqual(self.told(own, "new.example")["as_referrer"]["name"], "Newer Network")

        damaged = self.write("Socials.yml", "Newest:\n  - new.example\nBroken\n")
        self.hang_up(own, "the old lists stay in use")
        self.wait_for_log(own, f"{damaged}:3: cannot be read: Broken")
        self.assertEqual(self.told(own, "new.example")["as_referrer"]["name"], "Newer Network")

    def hang_up(self, own: Program, word: str):
        own.process.send_signal(signal.SIGHUP)
        self.wait_for_log(own, word)

    def wait_for_log(self, own: Program, word: str):
        """What the program has written may take a moment to be there."""
        end = time.monotonic() + 10
        while word not in own.log_text() and time.monotonic() < end:
            time.sleep(0.05)
        self.assertIn(word, own.log_text())

    def test_public_suffixes_take_a_newer_list(self):
        shipped = (ROOT / "domain/lists/data/public_suffix_list.dat").read_text()
        end = "// ===END ICANN DOMAINS==="
        self.assertEqual(shipped.count(end), 1)
        self.write("public_suffix_list.dat", "// VERSION: 2026-10-10_01-02-03_UTC\n" + shipped.replace(end, "shops.example\n" + end))
        own = self.own_program().start()
        self.assertEqual(self.told(own, "a.b.shops.example")["registrable_domain"], "b.shops.example")
        self.wait_for_log(own, "list public-suffixes: ")
        self.wait_for_log(own, " entries of 2026-10-10 from ")

    def test_what_is_no_list_of_public_suffixes_is_refused(self):
        path = self.write("public_suffix_list.dat", "Not Found\n")
        self.assertIn(f"{path}:1: has 1 rules, and a whole list of public suffixes more than ", self.refusal())

    def test_what_an_operator_should_look_at_is_a_warning(self):
        self.write("Socials.yml", "New Network:\n  - new.example\n")
        self.date_of("Socials.yml", "2025-12-20")
        stranger = self.write("spammer.txt", "a.example\n")
        own = self.own_program().start()
        self.expect(own.client(None).get("/livez"), 200)
        awaited = ("list social-networks is of 2025-12-20 and hides the shipped one of 2026-07-15",
                   "list social-networks has 1 entries and the shipped one ", f"{stranger} has the name of no list")
        for words in awaited:
            self.wait_for_log(own, words)
        warned = [line for line in own.log_text().splitlines() if "warning" in line]
        for words in awaited:
            self.assertEqual(len([line for line in warned if words in line]), 1, (words, warned))

    def test_a_file_that_cannot_be_read_is_named_with_the_reason(self):
        (self.lists / "spammers.txt").symlink_to(self.lists / "nowhere")
        self.assertIn(f"{self.lists / 'spammers.txt'}: ", self.refusal())

    def test_a_start_is_refused_with_file_and_line(self):
        path = self.write("spammers.txt", "a.example\n<html>\n")
        self.assertIn(f"{path}:2: not a host: <html>", self.refusal())
        self.write("spammers.txt", "")
        self.assertIn(f"{path}:1: the list is empty", self.refusal())
        self.write("spammers.txt", "a.example\n")
        self.date_of("spammers.txt", "2999-01-01")
        self.assertIn("origins.yml:1: the date is in the future", self.refusal())

    def test_a_directory_without_lists_is_refused(self):
        self.assertIn("none of the files that are lists", self.refusal())
        shutil.rmtree(self.lists)
        self.assertIn(str(self.lists), self.refusal())

    def test_lists_older_than_a_year_are_a_warning_in_one_line(self):
        old = self.write("spammers.txt", "a.example\n")
        day = datetime.datetime(2020, 2, 3, 12, tzinfo=datetime.timezone.utc).timestamp()
        os.utime(old, (day, day))
        own = self.own_program().start()
        self.expect(own.client(None).get("/livez"), 200)
        self.wait_for_log(own, "older than a year")
        warnings = [line for line in own.log_text().splitlines() if "older than a year" in line]
        self.assertEqual(len(warnings), 1, own.log_text())
        self.assertIn("spam of 2020-02-03", warnings[0])
