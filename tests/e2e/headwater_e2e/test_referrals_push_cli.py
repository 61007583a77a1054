"""`headwater referrals push`: exports of GA4 and Adobe Analytics into the running program."""
import collections
import http.server
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import threading
from decimal import Decimal

from .case import Case
from .program import clean_environment, find_program
from .world import Account, make_token

# What GA4's explorations write: comments, a blank line, a row of totals with one column more, a device that splits rows.
GA4_HEAD = """# ----------------------------------------
# Acme Hotels - GA4
# AI traffic, by landing page
# 20260101-20260131
# ----------------------------------------

Session source / medium,Landing page + query string,Date,Device category,Sessions,Views,Ecommerce purchases,Purchase revenue
,,,,"1,612",2941,5,"1,354.485",Grand total
"""
# Referrer, rows, whether it is an AI platform.
DIRTY = [("chatgpt.com / referral", 3, True), ("perplexity / (not set)", 2, True), ("(direct) / (none)", 7, False),
         ("CHATGPT.COM / Referral", 1, True), ("https://www.perplexity.ai/search?q=hotels", 1, True), ("https://chatgpt.com/c/1", 1, True),
         ("android-app://com.openai.chatgpt/", 1, True), ("google / organic", 6, False), ("GOOGLE / organic", 1, False),
         ("https://www.google.com/", 2, False), ("notchatgpt.com / referral", 1, False), ("android-app://com.google.android.gm/", 1, False),
         ("(not set)", 1, False), ("newsletter, may / email", 1, False), ("", 1, False)]
ACCEPTED = sum(rows for _, rows, is_ai in DIRTY if is_ai)
REJECTED = sum(rows for _, rows, is_ai in DIRTY if not is_ai)
ROWS = ACCEPTED + REJECTED


def quoted(text) -> str:
    text = str(text)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text


def ga4_rows() -> list:
    """Cells of each key once, in an order as mixed as GA4's, which goes by sessions."""
    out = []
    for number, (referrer, rows, _) in enumerate(DIRTY):
        for row in range(rows):
            out.append([referrer, f"/rooms?from={number},{row}", f"202601{row + 1:02}", "mobile", "1,234" if row == 0 else 2, number, "", "19.990000000000002"])
    return out[1::2] + out[::2]


def csv_text(head: str, rows: list, end: str = "\r\n") -> str:
    return head.replace("\n", end) + "".join(",".join(map(quoted, row)) + end for row in rows)


class FakeServer:
    """Answers as a Headwater would, except for what `misbehave` does to a push before: it gets the handler and the number of the attempt, and is true
    where it has answered or broken the connection."""

    def __init__(self, misbehave):
        self.keys, self.bodies, self.attempts = [], [], 0
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reply(self, status, value, **headers):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, text in headers.items():
                    self.send_header(name.replace("_", "-"), text)
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if self.path.endswith("/platforms"):
                    return self.reply(200, {"version": "fake", "platforms": [{"name": "ChatGPT", "entries": [{"kind": "host", "value": "chatgpt.com"}]}]})
                return self.reply(200, {"items": [{"id": "01JD0000000000000000000000", "status": "active"}]})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fake.attempts += 1
                fake.keys.append(self.headers["Idempotency-Key"])
                if misbehave(self, fake.attempts):
                    return
                rows = [json.loads(line) for line in body.splitlines()]
                fake.bodies.append(body)
                taken = sum("chatgpt.com" in row["raw_referrer_value"] for row in rows)
                self.reply(200, {"accepted": taken, "rejected": len(rows) - taken, "deduplicated": 0, "errors": []})

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


class Pushing(Case):
    def setUp(self):
        self.acct = Account()
        self.connection = self.acct.connection(provider="google_analytics")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="headwater-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def file(self, name: str, text) -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def push(self, file, *flags, token=None, url=None, brand=None, connection=None, stdin=None, env=None, **more):
        token = self.acct.editor.token if token is None else token
        env = {**({"HEADWATER_TOKEN": token} if token else {}), **(env or {})}
        done = subprocess.run([find_program(), "referrals", "push", str(file), "--brand", str(brand or self.acct.brand),
                               "--connection", connection or self.connection["id"], "--url", url or self.program.url, *map(str, flags)],
                              input=stdin, capture_output=True, text=True, env=clean_environment(env), timeout=120, **more)
        for secret in filter(None, (token, self.acct.editor.token)):
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done

    def ended(self, done, code: int):
        self.assertEqual(done.returncode, code, f"{done.stdout}\n{done.stderr}")
        return done

    def summary(self, done, code: int = 0) -> dict:
        return json.loads(self.ended(done, code).stdout)

    def totals(self, start="2026-01-01", end="2026-12-31") -> dict:
        path = f"/v1/{self.acct.brand}/ai-referrals?start_date={start}&end_date={end}&group_by=platform&limit=1000"
        return self.expect(self.acct.viewer.get(path), 200).json()["totals"]

    def has_nothing(self):
        self.assertFalse(self.totals()["sessions"])


class Ga4(Pushing):
    def test_dirty_export_is_taken_and_the_summary_is_right_to_the_row(self):
        rows = ga4_rows()
        split = [[*row[:3], "desktop", 1, "", 2, "0.01"] for row in rows[:4]]
        text = csv_text("\ufeff" + GA4_HEAD, rows + split)
        done = self.ended(self.push(self.file("ga4.csv", text)), 0)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[:4], [f"{self.folder}/ga4.csv: {ROWS + 4} rows read, 4 added up with a row of the same date, referrer and page",
                                     "left out: 1 row of totals (line 8)", "columns without a field: Device category",
                                     f"sent: {ROWS} rows in 1 batch: {ACCEPTED} accepted (0 unchanged), {REJECTED} rejected"])
        self.assertRegex(lines[4], r"^took \d+\.\d s$")
        self.assertRegex(lines[6], r"^rejected rows by referrer, as the server's list of AI platforms \([0-9a-f]+\) has them:$")
        expected = collections.Counter()
        for referrer, count, is_ai in DIRTY:
            if not is_ai:
                expected[referrer or "(not set)"] += count  # an empty dimension is what GA4 calls (not set)
        shown = {line[12:]: int(line[:10]) for line in lines[7:]}
        self.assertEqual(shown, dict(expected))
        self.assertEqual([int(line[:10]) for line in lines[7:]], sorted(expected.values(), reverse=True))
        self.assertEqual(done.stderr, "")
        taken = [row for row in rows + split if dict((name, is_ai) for name, _, is_ai in DIRTY)[row[0]]]
        totals = self.totals()
        self.assertEqual(totals["sessions"], sum(int(str(row[4]).replace(",", "")) for row in taken))
        self.assertEqual(totals["pageviews"], sum(int(row[5] or 0) for row in taken))
        self.assertEqual(totals["transactions"], sum(int(row[6] or 0) for row in taken))
        self.assertEqual(Decimal(str(totals["purchase_revenue"])), sum(Decimal(row[7]).quantize(Decimal("0.01")) for row in taken))

    def test_again_changes_nothing_and_says_so(self):
        file = self.file("ga4.csv", csv_text(GA4_HEAD, ga4_rows()))
        first = self.summary(self.push(file, "--json"))
        before = self.totals()
        again = self.summary(self.push(file, "--json"))
        self.assertEqual((first["rows_sent"], first["accepted"], first["rejected"], first["deduplicated"]), (ROWS, ACCEPTED, REJECTED, 0))
        self.assertEqual((again["rows_sent"], again["accepted"], again["rejected"], again["deduplicated"]), (ROWS, ACCEPTED, REJECTED, ACCEPTED))
        self.assertEqual((first["rejected_unexplained"], again["rejected_unexplained"]), (0, 0))
        self.assertEqual(self.totals(), before)

    def test_corrected_export_replaces_and_the_first_one_pushed_again_takes_effect_again(self):
        head = "Date,Source,Page,Sessions\n"
        right, wrong = (self.file(f"{n}.csv", f"{head}20260105,chatgpt.com,/,{n}\n") for n in (7, 9))
        for file, sessions in ((right, 7), (wrong, 9), (right, 7)):
            self.assertEqual(self.summary(self.push(file, "--json"))["deduplicated"], 0)
            self.assertEqual(self.totals()["sessions"], sessions)

    def test_batches_are_cut_and_named(self):
        file = self.file("ga4.csv", csv_text(GA4_HEAD, ga4_rows()))
        told = self.summary(self.push(file, "--json", "--batch-size", 7, "--batch-id", "january"))
        self.assertEqual((told["batches"], told["rows_sent"], told["accepted"], told["rejected"]), (-(-ROWS // 7), ROWS, ACCEPTED, REJECTED))
        self.assertEqual(told["rejected_unexplained"], 0)

    def test_more_rows_than_memory_holds_are_added_up_and_counted_all_the_same(self):
        referrers = ("chatgpt.com / referral", "google / organic", "perplexity", "https://www.bing.com/" + "x" * 60)
        path = self.folder / "big.csv"
        with open(path, "w") as out:
            out.write("Date,Source,Page,Device,Sessions\n")
            for n in range(300_000):
                out.write(f"202601{n % 28 + 1:02},{referrers[n % 4]},/p{n % 15000}/{'y' * 60},{n % 3},1\n")
        told = self.summary(self.push(path, "--json", env={"TMPDIR": str(self.folder)}))
        keys = collections.Counter((n % 28, n % 4, n % 15000) for n in range(300_000))
        per = collections.Counter(key[1] for key in keys)
        self.assertEqual((told["rows_read"], told["rows_sent"], told["rows_added_up"]), (300_000, len(keys), 300_000 - len(keys)))
        self.assertEqual((told["accepted"], told["rejected"], told["rejected_unexplained"]), (per[0] + per[2], per[1] + per[3], 0))
        self.assertEqual([each["rows"] for each in told["rejected_referrers"]], [per[1], per[3]])
        self.assertEqual(self.totals()["sessions"], 150_000)
        self.assertEqual(os.listdir(self.folder), ["big.csv"])

    def test_folder_for_what_waits_must_be_there(self):
        rows = "".join(f"20260101,chatgpt.com,/{n}{'y' * 1500},1\n" for n in range(30_000))
        done = self.ended(self.push(self.file("big.csv", "Date,Source,Page,Sessions\n" + rows), env={"TMPDIR": str(self.folder / "none")}), 2)
        self.assertIn("set TMPDIR", done.stderr)
        self.has_nothing()


class OtherTools(Pushing):
    def test_adobe_export_with_tabs(self):
        text = ("# Report suite: acme\n\nDay\tReferring Domain\tPage URL\tPage Views\tVisits\tOrders\tRevenue\n"
                "January 30, 2026\tchatgpt.com\thttps://acme.example/a,b\t1,234\t20\t1\t$1,234.50\n"
                "Jan 31, 2026\tTyped/Bookmarked\thttps://acme.example/\t9\t8\t0\t$0.00\n"
                "2026-01-31\twww.perplexity.ai\tHome\t3\t2\t0\t\n"
                "Total\t\t\t1,246\t30\t1\t$1,234.50\n")
        told = self.summary(self.push(self.file("adobe.tsv", text), "--json"))
        self.assertEqual((told["rows_read"], told["rows_of_totals"], told["accepted"], told["rejected"]), (3, 1, 2, 1))
        self.assertEqual([(each["referrer"], each["rows"]) for each in told["rejected_referrers"]], [("Typed/Bookmarked", 1)])
        self.assertEqual({**self.totals()}, {"pageviews": 1237, "sessions": 22, "transactions": 1, "purchase_revenue": 1234.5})

    def test_ndjson_from_standard_input_with_names_of_its_own(self):
        rows = [{"day": "2026-02-01", "from": "claude.ai", "url": f"/{n}", "hits": n, "device": "x"} for n in range(5)]
        done = self.push("-", "--json", "--map", "day=date", "--map", "from=raw_referrer_value", "--map", "url=raw_page_value", "--map", "hits=pageviews",
                         stdin="".join(json.dumps(row) + "\n" for row in rows))
        told = self.summary(done)
        self.assertEqual((told["format"], told["accepted"], told["columns_without_field"]), ("ndjson", 5, ["device"]))
        self.assertEqual(self.totals()["pageviews"], 10)

    def test_ndjson_with_the_names_of_the_api_keeps_null_apart_from_0_and_its_batch_ids(self):
        rows = [{"date": "2026-02-01", "raw_referrer_value": "claude.ai", "raw_page_value": "/", "sessions": None, "pageviews": 0, "batch_id": "mine"},
                {"date": "2026-02-01", "raw_referrer_value": "claude.ai", "raw_page_value": "/", "sessions": None, "pageviews": 4, "batch_id": "other"}]
        with FakeServer(lambda *_: False) as fake:
            self.ended(self.push(self.file("rows.ndjson", "\n".join(map(json.dumps, rows))), url=fake.url, connection="01JD0000000000000000000000"), 0)
            self.assertEqual([json.loads(line) for line in fake.bodies[0].splitlines()],
                             [{"date": "2026-02-01", "raw_referrer_value": "claude.ai", "raw_page_value": "/", "pageviews": 4, "batch_id": "mine"}])

    def test_dates_and_decimals_of_other_countries_are_told(self):
        text = "Datum;Quelle;Seite;Umsatz\n31.01.2026;claude.ai;/;1.234,50 €\n"
        maps = ("--map", "Datum=date", "--map", "Quelle=raw_referrer_value", "--map", "Seite=raw_page_value", "--map", "Umsatz=purchase_revenue")
        file = self.file("export.csv", text)
        done = self.ended(self.push(file, *maps), 1)
        self.assertIn("--date-format", done.stderr)
        self.assertIn("--decimal comma", done.stderr)
        self.ended(self.push(file, *maps, "--date-format", "%d.%m.%Y", "--decimal", "comma"), 0)
        self.assertEqual(self.totals()["purchase_revenue"], 1234.5)


class Faults(Pushing):
    TEXT = "Date,Source,Page,Sessions\n20260101,chatgpt.com,/a,1\n20260230,chatgpt.com,/b,1\n20260101,chatgpt.com,/c,-1\n20260101,chatgpt.com,/d,5\n"

    def test_nothing_is_sent_where_a_row_cannot_be_read(self):
        file = self.file("bad.csv", self.TEXT)
        done = self.ended(self.push(file), 1)
        lines = done.stderr.splitlines()
        self.assertTrue(lines[0].startswith(f"{file}:3: Date: '20260230' is no day of the calendar"), done.stderr)
        self.assertEqual(lines[1:], [f"{file}:4: Sessions: '-1' is negative",
                                     "headwater: 2 of 4 rows cannot be read; nothing was sent (--skip-bad leaves such rows out)"])
        self.has_nothing()

    def test_bad_rows_are_left_out_and_counted_where_that_is_asked(self):
        told = self.summary(self.push(self.file("bad.csv", self.TEXT), "--skip-bad", "--json"))
        self.assertEqual((told["complete"], told["rows_read"], told["rows_bad"], told["rows_sent"]), (True, 4, 2, 2))
        self.assertEqual([(each["line"], each["column"]) for each in told["faults"]], [(3, "Date"), (4, "Sessions")])
        self.assertEqual(self.totals()["sessions"], 6)

    def test_file_that_is_no_export_is_refused_with_what_to_do(self):
        for name, text, word in (("a.csv", "a,b\n1,2\n", "name it with --map"), ("b.csv", self.TEXT.encode("utf-16"), "iconv"), ("c.json", "[]", "jq"),
                                 ("d.csv", "Date,Source,Page referrer,Page,Views\n", "both are raw_referrer_value"), ("e.csv", b"\x1f\x8b\x08", "zcat")):
            with self.subTest(name=name):
                done = self.ended(self.push(self.file(name, text)), 1)
                self.assertIn(word, done.stderr)
                self.assertEqual((done.stdout, len(done.stderr.splitlines())), ("", 1))

    TWICE = "Date,Source,Page,Views,Sessions,Views\n20260101,chatgpt.com,/a,5,1,6\n"

    def pageviews(self):
        return self.totals()["pageviews"]

    def test_advice_for_two_columns_of_one_name_works(self):
        file = self.file("twice.csv", self.TWICE)
        refusal = self.ended(self.push(file), 1).stderr
        choose, leave = re.findall(r"--map '([^']+)'", refusal)
        self.ended(self.push(file, "--map", choose), 0)
        self.assertEqual(self.pageviews(), 5)
        self.ended(self.push(file, "--map", leave), 0)
        self.assertEqual(self.pageviews(), 5)
        self.ended(self.push(file, "--map", "Views#1="), 0)
        self.assertEqual(self.pageviews(), 6)
        self.assertIn("'Views#3', which is not among", self.ended(self.push(file, "--map", "Views#1=", "--map", "Views#3="), 1).stderr)

    def test_metric_that_is_left_out_wholly_is_said(self):
        file = self.file("twice.csv", self.TWICE)
        said = "--map leaves 'Views' out: pageviews is null in those rows, and null replaces what was pushed before"
        self.assertIn(said, self.ended(self.push(file, "--map", "Views="), 0).stderr)
        self.assertIsNone(self.pageviews())
        self.assertEqual(self.summary(self.push(file, "--map", "Views=", "--json"))["metrics_left_out"], [{"column": "Views", "field": "pageviews"}])
        done = self.ended(self.push(file, "--map", "Views#2="), 0)
        self.assertNotIn("null", done.stderr)
        rows = '{"date":"20260101","source":"chatgpt.com","page":"/a","views":5,"sessions":1}\n' * 2
        self.assertEqual(self.ended(self.push("-", "--map", "views=", stdin=rows), 0).stderr.count("pageviews is null"), 1)

    def test_json_array_by_the_name_of_csv_is_told_as_such(self):
        for name, text in (("a.csv", '[{"date":"20260101"}]'), ("b.tsv", "[\n {}\n]"), ("c.txt", "[]")):
            with self.subTest(name=name):
                self.assertIn("is a JSON array; make it one object a line first", self.ended(self.push(self.file(name, text)), 1).stderr)

    def test_thousands_with_spaces_are_read(self):
        for number, space in enumerate((" ", "\u00a0", "\u202f")):
            text = f"Date;Source;Page;Sessions;Total revenue\n20260101;chatgpt.com;/{number};1{space}234;12{space}345,50{space}€\n"
            self.ended(self.push(self.file("fr.csv", text), "--decimal", "comma"), 0)
        totals = self.totals()
        self.assertEqual((totals["sessions"], Decimal(str(totals["purchase_revenue"]))), (3 * 1234, 3 * Decimal("12345.5")))

    def test_bad_record_of_many_lines_says_how_many(self):
        lines = ["Date,Source,Page,Sessions", '20260101,chatgpt.com,"/a,1'] + [f"20260101,chatgpt.com,/{n},1" for n in range(100)]
        lines += ['20260101,chatgpt.com,/b",1,2,3'] + [f"20260102,chatgpt.com,/{n},1" for n in range(10)]
        file = self.file("quote.csv", "\n".join(lines) + "\n")
        done = self.ended(self.push(file, "--skip-bad"), 0)
        self.assertIn(f"{file}:2: ", done.stderr)
        self.assertIn("it takes 102 lines, up to line 103", done.stderr)
        self.assertIn("1 of 11 rows cannot be read (102 lines) and were left out", done.stderr)
        self.assertIn("11 rows read, 1 bad (102 lines)", done.stdout)
        told = self.summary(self.push(file, "--skip-bad", "--json"))
        self.assertEqual((told["rows_bad"], told["lines_bad"]), (1, 102))

    def test_dry_run_checks_all_and_sends_nothing(self):
        file = self.file("ga4.csv", csv_text(GA4_HEAD, ga4_rows()))
        for token, whose in ((None, "server"), ("", "program")):
            with self.subTest(whose=whose):
                told = self.summary(self.push(file, "--dry-run", "--json", token=token))
                self.assertEqual((told["rows_to_send"], told["rows_sent"], told["accepted"], told["rejected"]), (ROWS, 0, ACCEPTED, REJECTED))
                self.assertEqual(told["platform_list"]["from"], whose)
        text = self.ended(self.push(file, "--dry-run"), 0).stdout
        self.assertIn(f"dry run, nothing sent: {ROWS} rows in 1 batch: {ACCEPTED} accepted, {REJECTED} rejected", text)
        self.ended(self.push(self.file("bad.csv", self.TEXT), "--dry-run"), 1)
        self.has_nothing()

    def test_rows_of_days_to_come_are_counted_apart(self):
        told = self.summary(self.push(self.file("a.csv", "Date,Source,Page,Sessions\n29990101,chatgpt.com,/,1\n29990101,google,/,1\n"), "--json"))
        self.assertEqual((told["rejected"], told["rejected_future"], told["rejected_unexplained"]), (2, 1, 0))

    def test_what_the_server_refuses_is_status_1_with_its_words(self):
        file = self.file("a.csv", "Date,Source,Page,Sessions\n20260101,chatgpt.com,/,1\n")
        for options, word in (({"token": self.acct.viewer.token}, "403: Required scope: write"), ({"token": "hw_wrong"}, "401"),
                              ({"connection": "01JD0000000000000000000000"}, "has no connection"), ({"brand": 10 ** 9}, "403")):
            with self.subTest(word=word):
                done = self.ended(self.push(file, **options), 1)
                self.assertIn(word, done.stderr)
        self.expect(self.acct.editor.delete(self.acct.connections(self.connection["id"])), 200)
        self.assertIn("disabled", self.ended(self.push(file), 1).stderr)

    def test_token_that_may_only_write_pushes_with_the_programs_own_list(self):
        token = make_token(self.acct.operator, scopes=["write"], account_ids=[self.acct.id])["token"]
        done = self.push(self.file("a.csv", "Date,Source,Page,Sessions\n20260101,chatgpt.com,/,1\n20260101,google,/,1\n"), "--json", token=token)
        told = self.summary(done)
        self.assertEqual((told["accepted"], told["rejected"], told["platform_list"]["from"]), (1, 1, "program"))
        self.assertIn("does not tell this token", done.stderr)

    def test_what_could_not_be_tried_is_status_2(self):
        file = self.file("a.csv", "Date,Source,Page,Sessions\n20260101,chatgpt.com,/,1\n")
        for options, flags, word in (({"token": ""}, (), "no token"), ({"url": "http://127.0.0.1:1"}, (), "refused"), ({"url": "https://a"}, (), "HTTPS"),
                                     ({}, ("--map", "a=colour"), "is no field"), ({}, ("--date-format", "%d"), "--date-format"),
                                     ({}, ("--token-file", self.folder / "none"), "cannot read")):
            with self.subTest(word=word):
                self.assertIn(word, self.ended(self.push(file, *flags, **options), 2).stderr)
        self.assertIn("cannot read", self.ended(self.push(self.folder / "none.csv"), 2).stderr)
        self.assertIn("cannot read", self.ended(self.push(self.folder), 2).stderr)


class Trouble(Pushing):
    FILE = "Date,Source,Page,Sessions\n" + "".join(f"20260101,chatgpt.com,/{n},1\n" for n in range(6))

    def against(self, misbehave, *flags):
        """The outcome, and the fake server's record, of a push of three batches."""
        with FakeServer(misbehave) as fake:
            done = self.push(self.file("a.csv", self.FILE), "--batch-size", 2, "--json", *flags, url=fake.url, connection="01JD0000000000000000000000")
        return done, fake

    def test_503_and_429_are_tried_again_when_the_server_says(self):
        def busy(handler, attempt):
            if attempt in (2, 3):
                handler.reply(503 if attempt == 2 else 429, {"detail": "busy"}, Retry_After="1")
                return True
        done, fake = self.against(busy)
        told = self.summary(done)
        self.assertEqual((told["accepted"], told["batches"], told["retries"]), (6, 3, 2))
        self.assertEqual(fake.keys[1], fake.keys[2])
        self.assertEqual(fake.keys[2], fake.keys[3])
        self.assertEqual(len(set(fake.keys)), 3)
        self.assertIn("batch 2: the server answered 503; trying again in 1.0 s", done.stderr)
        self.assertGreater(told["milliseconds"], 2000)

    def test_cut_connection_is_tried_again_and_no_batch_counts_twice(self):
        def cut(handler, attempt):
            if attempt in (1, 4):
                handler.close_connection = True
                handler.connection.close()
                return True
        done, fake = self.against(cut)
        self.assertEqual((self.summary(done)["accepted"], fake.attempts), (6, 5))
        self.assertEqual((fake.keys[0], fake.keys[3]), (fake.keys[1], fake.keys[4]))
        self.assertEqual([len(body.splitlines()) for body in fake.bodies], [2, 2, 2])

    def test_answer_lost_after_the_batch_was_taken_keeps_the_counts(self):
        """The real program takes the batch, the answer is thrown away, and the second try has the first answer."""
        real = self.acct

        def relay(handler, attempt):
            answer = real.editor.post(real.events(self.connection), fake_body[0], {"Content-Type": "application/x-ndjson",
                                                                                   "Idempotency-Key": handler.headers["Idempotency-Key"]})
            answers.append(answer)
            if attempt == 1:
                handler.close_connection = True
                handler.connection.close()
            else:
                handler.reply(answer.status, answer.json())
            return True
        answers, fake_body = [], [json.dumps({"date": "2026-01-01", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/", "sessions": 1})]
        with FakeServer(relay) as fake:
            done = self.push(self.file("a.csv", "Date,Source,Page,Sessions\n20260101,chatgpt.com,/,1\n"), "--json", url=fake.url,
                             connection="01JD0000000000000000000000")
        told = self.summary(done)
        self.assertEqual((told["accepted"], told["deduplicated"], told["retries"]), (1, 0, 1))
        self.assertEqual(answers[1].header("Idempotent-Replayed"), "true")

    def test_server_that_stays_busy_ends_the_run_with_what_was_taken(self):
        def busy(handler, attempt):
            if attempt > 1:
                handler.reply(503, {"detail": "Service is overloaded"}, Retry_After="0")
                return True
        done, fake = self.against(busy, "--retries", 1)
        told = self.summary(done, 2)
        self.assertEqual((told["complete"], told["rows_sent"], fake.attempts), (False, 2, 3))
        self.assertIn("batch 2 (lines 4 to 5 of the file): the server answered 503: Service is overloaded", done.stderr)
        self.assertIn("2 rows were taken before. Running the same command again is safe", done.stderr)

    def test_refusal_in_the_middle_names_the_lines_of_its_rows(self):
        def refuse(handler, attempt):
            if attempt == 2:
                handler.reply(422, {"detail": [{"loc": ["body", 1, "sessions"], "msg": "Input \x1b[31mis odd", "type": "odd"}]})
                return True
        done, fake = self.against(refuse)
        self.assertEqual((self.summary(done, 1)["rows_sent"], fake.attempts), (2, 2))
        self.assertIn(f"{self.folder}/a.csv:5: sessions: Input \\u001b[31mis odd", done.stderr)
        self.assertNotIn("\x1b", done.stderr)

    def test_batch_that_is_too_large_for_this_server_says_what_helps(self):
        def small(handler, _):
            handler.reply(413, {"detail": "Batch has more than 1 events"})
            return True
        done, _ = self.against(small)
        self.assertIn("413: Batch has more than 1 events; try a smaller --batch-size", self.ended(done, 1).stderr)

    def test_server_that_counts_otherwise_than_its_list_is_told_of(self):
        def odd(handler, _):
            handler.reply(200, {"accepted": 1, "rejected": 1, "deduplicated": 0, "errors": []})
            return True
        done, _ = self.against(odd)
        told = self.summary(done)
        self.assertEqual((told["accepted"], told["rejected"], told["rejected_unexplained"]), (3, 3, 3))
        self.assertIn("trust its totals", done.stderr)

    def test_answer_that_is_no_answer_ends_the_run(self):
        def odd(handler, _):
            handler.reply(200, {"hello": 1})
            return True
        done, _ = self.against(odd)
        self.assertIn("not one of Headwater", self.ended(done, 2).stderr)


class Terminal(Pushing):
    def test_progress_is_shown_on_a_terminal_only(self):
        rows = "".join(f"20260101,chatgpt.com,/{n}{'y' * 90},1\n" for n in range(30_000))
        file = self.file("big.csv", "Date,Source,Page,Sessions\n" + rows)
        leader, follower = pty.openpty()
        try:
            done = subprocess.run([find_program(), "referrals", "push", str(file), "--brand", str(self.acct.brand), "--connection", self.connection["id"],
                                   "--url", self.program.url], stdout=subprocess.PIPE, stderr=follower, text=True, timeout=60,
                                  env=clean_environment({"HEADWATER_TOKEN": self.acct.editor.token}))
            shown = os.read(leader, 65536).decode()
        finally:
            os.close(leader)
            os.close(follower)
        self.assertEqual(done.returncode, 0, shown)
        self.assertIn("reading [", shown)
        self.assertIn("sending [", shown)
        self.assertIn("30000 accepted", done.stdout)

    def test_help_names_what_a_person_needs(self):
        text = subprocess.run([find_program(), "referrals", "push", "--help"], capture_output=True, text=True).stdout
        for word in ("HEADWATER_TOKEN", "--token-file", "--map", "--date-format", "--dry-run", "--skip-bad", "Exit status", "ga4-2026.csv", "raw_page_value"):
            self.assertIn(word, text)

    def test_bad_command_lines_are_refused(self):
        whole = ["referrals", "push", "f", "--brand", "1", "--connection", "c"]
        for arguments in (["referrals"], ["referrals", "push"], whole[:-2], whole[:3], [*whole, "--batch-size", "10001"], [*whole, "--batch-size", "0"],
                          [*whole, "--format", "xml"], [*whole, "--decimal", "dot"]):
            with self.subTest(arguments=arguments):
                self.assertEqual(subprocess.run([find_program(), *arguments], capture_output=True).returncode, 2)
