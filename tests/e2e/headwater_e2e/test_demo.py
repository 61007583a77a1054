"""tools/demo fills a fresh installation: what is there then, that it is the same again, and when it refuses."""
import datetime
import json
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from collections import Counter
from decimal import Decimal

from .case import Case
from .program import ROOT, SECRETS, Program, clean_environment, new_token

COMMAND = ROOT / "tools" / "demo"
DAY = "2026-11-20"  # a Friday
MOST_SECONDS = 60
VOLATILE = {"created_at", "updated_at", "time", "at"}  # what the service adds by its own clock


def environment(token=None, **more) -> dict:
    return clean_environment({"HEADWATER_TOKEN": token, **more} if token else more)


def run_demo(program: Program, *arguments, token="admin", ends_with: int = 0, **more) -> subprocess.CompletedProcess:
    token = program.admin_token if token == "admin" else token
    done = subprocess.run([COMMAND, "--url", more.pop("url", None) or program.url, *arguments], capture_output=True, text=True,
                          env=environment(token, **more), timeout=2 * MOST_SECONDS, cwd=program.home)
    if done.returncode != ends_with:
        raise AssertionError(f"exit status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def fill(program: Program, *arguments) -> dict:
    began = time.monotonic()
    done = json.loads(run_demo(program, "--json", *arguments).stdout)
    SECRETS.update((done["editor"], done["viewer"]))
    return {**done, "took": time.monotonic() - began}


def timeless(value):
    """The same without times."""
    if isinstance(value, dict):
        return {name: timeless(each) for name, each in value.items() if name not in VOLATILE}
    return [timeless(each) for each in value] if isinstance(value, (list, tuple)) else value


class View:
    """What a viewer sees of a filled account."""

    def __init__(self, program: Program, done: dict):
        self.account, self.brand = done["account"], done["brands"][done["account"]]
        self.client = program.client(done["viewer"])

    def get(self, path: str, **query):
        text = "&".join(f"{name}={value}" for name, value in query.items())
        response = self.client.get(f"{path}?{text}")
        if response.status != 200:
            raise AssertionError(str(response))
        return response

    def rules(self, **query) -> tuple:
        query = {"account_id": self.account, "include_inactive": "true", **query}
        return self.get("/passthrough-referrers", **query).data["referrers"], self.get("/referrer-mappings", **query).data["mappings"]

    def events(self) -> list:
        return self.get("/events", account_id=self.account, limit=1000).data["events"]

    def history(self) -> list:
        """(type, who, payload) of each event."""
        return [(each["header"]["type"], each["principal_name"], each["part"]["payload"]) for each in self.events()]

    def lint(self, **query) -> dict:
        return self.get("/rules/lint", account_id=self.account, **query).data

    def report(self, group_by: str, day: str = DAY, **query) -> dict:
        first = datetime.date.fromisoformat(day) - datetime.timedelta(days=89)
        return self.get(f"/v1/{self.brand}/ai-referrals", start_date=first, end_date=day, group_by=group_by, limit=10000, **query).json()

    def connections(self) -> list:
        items = self.get(f"/v1/{self.brand}/ai-referrals/connections").json()["items"]
        return sorted(items, key=lambda each: each["id"])

    def batches(self, connection: dict) -> list:
        return self.get(f"/v1/{self.brand}/ai-referrals/connections/{connection['id']}/batches", limit=100).json()["items"]


class Filled(Case):
    @classmethod
    def setUpClass(cls):
        cls.installations = [Program().start(), Program().start()]
        for each in cls.installations:
            cls.addClassCleanup(each.close)
        cls.done = [fill(each, "--day", DAY) for each in cls.installations]
        cls.view, cls.other = map(View, cls.installations, cls.done)

    def test_it_takes_less_than_a_minute(self):
        for done in self.done:
            self.assertLess(done["took"], MOST_SECONDS)

    def test_accounts_and_settings_are_there(self):
        operator = self.installations[0].client()
        accounts = {each["account_id"]: each for each in operator.get("/accounts").data["accounts"]}
        self.assertEqual({name: (each["name"], each["brand_ids"]) for name, each in accounts.items()},
                         {"acme": ("Acme Hotels", [1]), "empty": ("Harbour Hostels", [2])})
        settings = self.view.get("/accounts/acme/attribution").data
        self.assertEqual((settings["timezone"], settings["currency"]), ("Europe/Madrid", "EUR"))
        self.assertEqual(settings["own_domains"], ["acme.example", "book.acme.example", "shop.acme.example"])
        empty = self.view.get("/referrer-mappings", account_id="empty").data
        self.assertEqual((empty["total"], self.view.get("/v1/2/ai-referrals/connections").json()["items"]), (0, []))

    def test_tokens_are_an_editor_and_a_viewer_among_others(self):
        program, done = self.installations[0], self.done[0]
        self.assertEqual(program.client(done["editor"]).get("/api-tokens/self").data["scopes"], ["resolve", "read", "write"])
        shown = program.client(done["viewer"]).get("/api-tokens/self").data
        self.assertEqual((shown["scopes"], shown["account_ids"]), (["resolve", "read"], ["acme", "empty"]))
        tokens = program.client().get("/api-tokens").data["tokens"]
        named = {each["name"]: each for each in tokens}
        self.assertLessEqual({"Ana", "Luis", "tag manager", "Former agency"}, set(named))
        self.assertFalse(named["Former agency"]["is_active"])
        self.assertIsNotNone(named["Winter agency"]["expires_at"])

    # -- rules ----------------------------------------------------------------------------------------

    def test_forty_rules_of_all_kinds(self):
        passthrough, mappings = self.view.rules()
        self.assertEqual((len(passthrough), len(mappings)), (14, 26))
        self.assertEqual(sum(not each["is_active"] for each in passthrough + mappings), 4)
        self.assertEqual({each["match_type"] for each in mappings}, {"exact", "contains", "starts_with", "ends_with", "regex"})
        self.assertEqual({each["priority"] for each in mappings}, {10, 50, 100})
        domains = " ".join(each["domain"] for each in passthrough)
        for known in ("mirai", "stripe", "paypal", "adyen", "klarna", "direct-book", "cloudbeds", "auth0"):
            self.assertIn(known, domains)
        for cure in ("somebank", "redsys"):
            self.assertNotIn(cure, domains)

    def test_lint_has_something_of_each_severity(self):
        _, mappings = self.view.rules()
        pattern = {each["id"]: each["referrer_pattern"] for each in mappings}
        lint = self.view.lint()
        self.assertEqual({name for name, count in lint["by_severity"].items() if count}, {"error", "warning", "info"})
        self.assertLess(lint["total"], 15)
        found = {(each["code"], pattern[each["rules"][0]["id"]]): each for each in lint["findings"]
                 if each["rules"][0]["kind"] == "referrer_mapping"}
        self.assertEqual(found["shadowed", "trivago.de"]["severity"], "error")
        self.assertIn("contradict each other", found["shadowed", r"^kayak\.es$"]["message"])
        self.assertIn("gemini.google.com (Gemini)", found["overrides_ai_platform", "google"]["message"])
        self.assertIn("chatgpt.com (ChatGPT)", found["overrides_ai_platform", "t.co"]["message"])
        self.assertIn("no host has a slash", found["never_matches", r"^elmundo\.es/viajes"]["message"])
        self.assertIn(("repeats_source_list", "bing.com"), found)

    def test_the_path_of_a_pattern_was_cut(self):
        _, mappings = self.view.rules()
        column = next(each for each in mappings if each["referrer_pattern"] == "medium.com")
        self.assertIn("medium.com/@travelwithmarta", column["description"])

    # -- history --------------------------------------------------------------------------------------

    def test_history_is_a_hundred_and_twenty_changes_by_three(self):
        history = self.view.history()
        self.assertEqual((len(history), self.done[0]["changes"]), (120, 120))
        who = Counter(name for _, name, _ in history)
        self.assertEqual(set(who), {"Ana", "Luis", "tag manager"})
        self.assertGreater(min(who.values()), 10)
        imports = [payload for kind, _, payload in history if kind == "referrer_mappings_imported"]
        self.assertEqual([len(each["added"]) for each in imports], [12])
        kinds = {kind for kind, _, _ in history}
        self.assertLessEqual({"referrer_mapping_deleted", "passthrough_referrer_changed", "attribution_settings_changed"}, kinds)

    def test_descriptions_tell_the_days_of_the_story_in_order(self):
        texts = [payload.get("description") or "" for _, _, payload in self.view.history()]
        days = [found[0] for found in (re.search(r"\d{4}-\d\d-\d\d", text) for text in texts) if found]
        self.assertEqual(days, sorted(days))
        self.assertGreater(len(days), 80)
        self.assertGreater(days[0], "2026-08-20")
        self.assertLessEqual(days[-1], DAY)

    def test_the_mistake_and_its_cure_can_be_read_from_the_history(self):
        history = self.view.history()
        cure = next(n for n, (kind, _, _) in enumerate(history, 1) if kind == "rules_restored")
        before = history[cure - 1][2]["as_of"]["version"]
        mistake = before + 1
        self.assertEqual((cure - mistake, history[cure - 1][1], history[mistake - 1][1]), (2, "Luis", "tag manager"))

        def difference(start: int, end: int) -> list:
            shown = self.view.get("/accounts/acme/diff", **{"from": start, "to": end}).data["referrer_mappings"]
            self.assertEqual((shown["added"], shown["removed"]), ([], []))
            return shown["changed"]

        raised = difference(before, mistake)
        self.assertEqual([(each["by_name"], each["changes"]["priority"]) for each in raised], [("tag manager", {"from": 10, "to": 90})])
        lowered = next(each for each in difference(mistake, cure) if each["id"] == raised[0]["id"])
        self.assertEqual((lowered["by_name"], lowered["changes"]["priority"]), ("Luis", {"from": 90, "to": 10}))
        self.assertEqual(difference(before, cure), [])
        # A colleague's change went with it, and was made again.
        again = difference(cure, cure + 1)
        self.assertEqual([(each["by_name"], each["changes"]["utm_campaign"]["to"]) for each in again], [("Ana", "city-breaks")])
        errors = [self.view.lint(as_of=version)["by_severity"]["error"] for version in (before, mistake, cure)]
        self.assertEqual((errors[1] - errors[0], errors[2]), (1, errors[0]))

    # -- AI referrals ---------------------------------------------------------------------------------

    def test_totals_are_what_was_sent(self):
        sent, totals = self.done[0]["referrals"], self.view.report("platform")["totals"]
        for name in ("pageviews", "sessions", "transactions"):
            self.assertEqual(totals[name], sent[name])
        self.assertEqual(Decimal(str(totals["purchase_revenue"])) * 100, sent["cents"])
        self.assertEqual(sum(each["rows"] for each in self.view.connections()), sent["rows"])
        self.assertGreater(sent["transactions"], 100)

    def test_platforms_pages_and_days(self):
        platforms = {row["platform"] for row in self.view.report("platform")["rows"]}
        self.assertEqual(platforms, {"ChatGPT", "Perplexity", "Gemini", "Copilot", "Claude"})
        self.assertEqual(self.view.report("page")["total"], 12)
        self.assertEqual(self.view.report("date")["total"], 90)

    def test_sessions_grow_jump_and_rest_at_weekends(self):
        by_day = [(datetime.date.fromisoformat(row["date"]), row["sessions"]) for row in self.view.report("date", order_by="date")["rows"]]
        weeks = [sum(count for _, count in by_day[at:at + 7]) for at in range(4, 88, 7)]  # day 47 begins one
        steps = [later / earlier for earlier, later in zip(weeks, weeks[1:])]
        jump = steps.pop(5)
        self.assertGreater(jump, 1.3)
        for step in steps:
            self.assertTrue(1.0 < step < 1.16, (step, weeks))
        self.assertAlmostEqual((weeks[5] / weeks[0]) ** (1 / 5), 1.08, delta=0.03)
        guide = [row["sessions"] for row in self.view.report("date,page", page_prefix="/guides/madrid", order_by="date")["rows"]]
        self.assertGreater(sum(guide[46:53]), 3 * sum(guide[39:46]))
        free = [count for date, count in by_day[:46] if date.weekday() > 4]
        worked = [count for date, count in by_day[:46] if date.weekday() < 5]
        self.assertGreater(sum(worked) / len(worked), 1.4 * sum(free) / len(free))

    def test_one_connection_is_fresh_one_silent_and_one_was_refused_in_part(self):
        fresh, silent, refused = self.view.connections()
        last = [(datetime.date.fromisoformat(DAY) - datetime.date.fromisoformat(each["last_date"])).days for each in (fresh, silent, refused)]
        self.assertEqual(last, [0, 3, 1])
        newest = self.view.batches(refused)[0]
        self.assertEqual((newest["rejected"], len(newest["errors"])), (12, 12))
        self.assertGreater(newest["accepted"], 0)
        self.assertEqual(self.done[0]["referrals"]["refused"], 12)
        self.assertEqual([each["rejected"] for each in self.view.batches(fresh)], [0] * len(self.view.batches(fresh)))
        self.assertTrue(any(each["deduplicated"] for each in self.view.batches(fresh)))

    # -- again ----------------------------------------------------------------------------------------

    def test_same_day_and_seed_give_the_same_data(self):
        self.assertEqual(timeless(self.view.rules()), timeless(self.other.rules()))
        self.assertEqual(timeless(self.view.history()), timeless(self.other.history()))
        self.assertEqual(self.view.lint(), self.other.lint())
        for group in ("date,platform", "page,platform"):
            self.assertEqual(self.view.report(group), self.other.report(group))
        self.assertEqual(self.done[0]["referrals"], self.done[1]["referrals"])

    def test_another_seed_gives_other_data_of_the_same_form_in_an_account_beside(self):
        done = fill(self.installations[1], "--day", DAY, "--seed", "2", "--account", "beside")
        self.assertEqual(done["brands"], {"beside": 3, "beside-empty": 4})
        mine = View(self.installations[1], done)
        self.assertEqual(len(mine.history()), 120)
        self.assertEqual(mine.lint()["by_code"], self.view.lint()["by_code"])
        self.assertNotEqual(timeless(mine.history()), timeless(self.view.history()))
        self.assertNotEqual(mine.report("date"), self.view.report("date"))

    def test_second_run_is_refused_and_changes_nothing(self):
        program = self.installations[0]
        before = program.client().get("/accounts").data, self.view.events()
        told = run_demo(program, ends_with=1).stderr
        self.assertIn("there is an account acme already: nothing was changed; --account NAME", told)
        told = run_demo(program, "--account", "acme", ends_with=1).stderr
        self.assertIn("there is an account acme already", told)
        self.assertEqual((program.client().get("/accounts").data, self.view.events()), before)

    def test_token_that_may_not_is_told(self):
        told = run_demo(self.installations[0], token=self.done[0]["editor"], ends_with=1).stderr
        self.assertIn("this token may not make accounts: it takes an admin token", told)


class Refusals(Case):
    @classmethod
    def setUpClass(cls):
        cls.server = Program().start()
        cls.addClassCleanup(cls.server.close)

    def accounts(self) -> list:
        return self.server.client().get("/accounts").data["accounts"]

    def one_line(self, text: str) -> str:
        self.assertEqual((text.count("\n"), text.startswith("tools/demo: ")), (1, True), text)
        return text

    def test_wrong_token_is_one_clear_line(self):
        told = self.one_line(run_demo(self.server, token=new_token(), ends_with=1).stderr)
        self.assertIn("does not know this token", told)
        self.assertEqual(self.accounts(), [])

    def test_missing_token_is_one_clear_line(self):
        told = self.one_line(run_demo(self.server, token=None, ends_with=1).stderr)
        self.assertIn("there is no data.admin-token", told)
        with tempfile.NamedTemporaryFile("w") as file:
            told = self.one_line(run_demo(self.server, "--token-file", file.name, token=None, ends_with=1).stderr)
        self.assertIn("no admin token in", told)
        told = self.one_line(run_demo(self.server, "--token-file", "/nonexistent", token=None, ends_with=1).stderr)
        self.assertIn("cannot read the admin token", told)

    def test_nobody_who_listens_is_one_clear_line(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        told = self.one_line(run_demo(self.server, url=f"http://127.0.0.1:{port}", ends_with=1).stderr)
        self.assertIn(f"nothing listens at http://127.0.0.1:{port}: start the service with tools/start", told)

    def test_bad_command_lines_are_2(self):
        for bad in (("--day", "2999-01-01"), ("--day", "yesterday"), ("--account", "a b"), ("--nothing",)):
            run_demo(self.server, *bad, ends_with=2)

    def test_help_says_what_is_not_there(self):
        told = run_demo(self.server, "--help").stdout
        self.assertIn("Not there yet", told)
        for absent in ("visits", "insights", "goals"):
            self.assertIn(absent, told.partition("Not there yet")[2])


class Interrupted(Case):
    @classmethod
    def setUpClass(cls):
        cls.server = Program().start()
        cls.addClassCleanup(cls.server.close)

    def test_interrupted_run_is_told_and_another_account_is_whole(self):
        operator = self.server.client()
        (self.server.home / "data.admin-token").write_text(self.server.admin_token + "\n")  # where tools/start keeps it
        begun = subprocess.Popen([COMMAND, "--url", self.server.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env=environment(), cwd=self.server.home,
                                 preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # a job of a shell's background ignores it
        while begun.poll() is None and not operator.get("/accounts").data["accounts"]:
            time.sleep(0.01)
        begun.send_signal(signal.SIGINT)
        said = begun.communicate(timeout=30)
        self.assertEqual(begun.returncode, 130, said)
        self.assertIn("interrupted", said[1])
        self.assertNotIn("Traceback", said[1])
        for arguments in ((), ("--account", "acme")):
            told = run_demo(self.server, *arguments, ends_with=1).stderr
            self.assertIn("an earlier run was interrupted and left the account acme half filled", told)
        self.whole_beside()

    def whole_beside(self):
        printed = run_demo(self.server, "--account", "whole", "--big").stdout
        found = dict(re.findall(r"^(URL|EDITOR|VIEWER)=(\S+)$", printed, re.MULTILINE))
        SECRETS.update((found["EDITOR"], found["VIEWER"]))
        self.assertEqual(found["URL"], self.server.url)
        for line in re.findall(r"^curl .*$", printed, re.MULTILINE):
            shown = subprocess.run(["bash", "-c", f'URL={found["URL"]} VIEWER={found["VIEWER"]}; {line}'], capture_output=True, text=True, timeout=30)
            self.assertTrue(json.loads(shown.stdout), line)
        listed = self.server.client(found["VIEWER"]).get("/referrer-mappings?account_id=whole-big&include_inactive=true").data
        self.assertEqual(listed["total"], 10_000)
        names = {each["account_id"]: each["name"] for each in self.server.client().get("/accounts").data["accounts"]}
        self.assertEqual((names["whole"], names["whole-big"]), ("Acme Hotels", "Ten thousand rules"))


class Source(unittest.TestCase):
    def test_no_file_is_long(self):
        for path in [COMMAND, *pathlib.Path(ROOT / "tools" / "demo_data").glob("*.py")]:
            with self.subTest(path=path):
                self.assertLess(len(path.read_text().splitlines()), 400)
