"""GET /events: the log as pages, as NDJSON and as server-sent events, for anybody who audits it."""
import hashlib
import json
import re
import threading
import time

from .case import Case
from .program import Program, run_command
from .wire import Connection, NoResponse
from .world import Account, make_token

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"
NDJSON, SSE = {"Accept": "application/x-ndjson"}, {"Accept": "text/event-stream"}
NAME = re.compile(r',"principal_name":(null|"([^"\\]|\\.)*")}$')  # which only the API adds
MEMBERS = {"chain", "header", "part", "salt"}


def raw_member(line: str, name: str) -> str:
    """The very text of a member of an event."""
    start = line.index(f'"{name}":') + len(name) + 3
    return line[start:json.JSONDecoder().raw_decode(line, start)[1]]


def canonical(value) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check_hashes(case, lines: list):
    """What an auditor does with all events of a stream from its first on."""
    chain = bytes(32)
    for number, line in enumerate(lines, 1):
        event = json.loads(line)
        case.assertEqual(set(event), MEMBERS if event["part"] is None else MEMBERS | {"principal_name"})
        header, part = raw_member(line, "header"), raw_member(line, "part")
        case.assertEqual(canonical(event["header"]), header)
        case.assertEqual(canonical(event["part"]), part)
        case.assertEqual(event["header"]["sequence"], number)
        if event["salt"] is not None:  # else what it said was erased with its account
            salted = hashlib.sha256(bytes.fromhex(event["salt"]) + part.encode()).hexdigest()
            case.assertEqual(event["header"]["payload_hash"], salted)
        chain = hashlib.sha256(chain + header.encode()).digest()
        case.assertEqual(event["chain"], chain.hex())


def numbers(events: list) -> list:
    return [event["header"]["sequence"] for event in events]


class Following(Connection):
    """A client that follows, as an EventSource would."""

    def __init__(self, program, token: str, target: str, timeout: float = 20.0, **headers):
        super().__init__(program.address, timeout)
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.send(f"GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
                  f"Accept: text/event-stream\r\n{lines}\r\n".encode())
        self.head = self.read_head()
        self.pieces, self.text = self.chunks(), ""

    def message(self) -> dict:
        """The next message's fields; None at the proper end of the stream. Comments are left out."""
        deadline = time.monotonic() + self.timeout
        while True:
            if time.monotonic() > deadline:
                raise NoResponse("nothing but comments")
            while "\n\n" not in self.text:
                piece = next(self.pieces, None)
                if piece is None:
                    return None
                self.text += piece.decode()
            whole, self.text = self.text.split("\n\n", 1)
            fields = dict(line.split(": ", 1) for line in whole.split("\n") if not line.startswith(":"))
            if fields:
                return fields

    def ids(self, count: int) -> list:
        return [int(self.message()["id"]) for _ in range(count)]


class Reading(Case):
    def setUp(self):
        self.acct = Account()

    def change(self, count: int):
        for n in range(count):
            if n % 3 == 2:
                self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/1"), {"utm_source": f"s{time.monotonic_ns()}"}), 200)
            elif n % 3 == 1:
                self.acct.passthrough(f"p{time.monotonic_ns()}.example")
            else:
                self.acct.mapping(f"m{time.monotonic_ns()}.exämple.com".replace("ä", "a"), label="ä \"quoted\" \\ \n".strip())

    def events(self, client=None, **query):
        query.setdefault("account_id", self.acct.id)
        target = "/events?" + "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
        response = self.expect((client or self.acct.viewer).get(target), 200)
        return response.data["events"], response.json()["meta"]

    def lines(self, target: str, client=None) -> list:
        response = self.expect((client or self.acct.viewer).get(target, headers=NDJSON), 200)
        self.assertEqual(response.header("Content-Type"), "application/x-ndjson")
        self.assertRegex(response.header("Content-Disposition"), r'^attachment; filename="events(-system|-account-[\w-]+|-connection-[\w-]+)?\.ndjson"$')
        return response.body.decode().splitlines()

    def test_hashes_can_be_recomputed_by_anybody(self):
        self.change(7)
        lines = self.lines(f"/events?account_id={self.acct.id}")
        self.assertEqual(len(lines), 7)
        check_hashes(self, lines)
        first = json.loads(lines[0])
        self.assertEqual(first["header"]["stream"], f"account/{self.acct.id}")
        self.assertEqual(first["header"]["type"], "referrer_mapping_created")
        token = self.acct.editor.get("/api-tokens/self").data["id"]
        self.assertEqual(first["part"]["principal"], str(token))
        self.assertEqual(first["part"]["payload"]["label"], "ä \"quoted\" \\")

    def test_page_holds_the_bytes_that_are_hashed(self):
        self.change(4)
        lines = self.lines(f"/events?account_id={self.acct.id}")
        body = self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}"), 200).body.decode()
        self.assertEqual(body, '{"success":true,"data":{"events":[' + ",".join(lines) + ']},"meta":{"end":4,"next_after":null}}')

    def test_account_without_events_has_none(self):
        self.assertEqual(self.events(), ([], {"end": 0, "next_after": None}))
        self.assertEqual(self.lines(f"/events?account_id={self.acct.id}"), [])

    def test_pages_fit_together(self):
        self.change(11)
        whole = self.events()[0]
        self.assertEqual(numbers(whole), list(range(1, 12)))
        for limit in range(1, 13):
            after, got = 0, []
            while after is not None:
                page, meta = self.events(after=after, limit=limit)
                self.assertLessEqual(len(page), limit)
                self.assertEqual(meta["end"], 11)
                got += page
                after = meta["next_after"]
            self.assertEqual(got, whole)
        self.assertEqual(self.events(after=11), ([], {"end": 11, "next_after": None}))
        self.assertEqual(self.events(after=9223372036854775807)[0], [])

    def test_page_has_100_events_unless_asked_and_at_most_1000(self):
        program_rows = [{"domain": f"d{n}.example", "utm_source": "s"} for n in range(120)]
        for row in program_rows:
            self.expect(self.acct.editor.post(self.acct.at(PASS), row), 201)
        page, meta = self.events()
        self.assertEqual((len(page), meta), (100, {"end": 120, "next_after": 100}))
        self.assertEqual(len(self.events(limit=1000)[0]), 120)
        self.assertEqual(len(self.lines(f"/events?account_id={self.acct.id}")), 120)
        self.assertEqual(len(self.lines(f"/events?account_id={self.acct.id}&limit=5000&after=10")), 110)
        self.assertEqual(len(self.lines(f"/events?account_id={self.acct.id}&limit=7")), 7)

    def test_type_and_time_filter(self):
        self.change(9)
        whole = self.events()[0]
        for kind in ("referrer_mapping_created", "passthrough_referrer_created", "referrer_mapping_changed"):
            self.assertEqual(self.events(type=kind)[0], [e for e in whole if e["header"]["type"] == kind])
        self.assertEqual(self.events(type="no_such_type"), ([], {"end": 9, "next_after": None}))

        def rfc3339(micros: int) -> str:
            return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(micros // 10**6)) + f".{micros % 10**6:06}Z"
        times = [e["header"]["time"] for e in whole]
        for low, high in ((times[2], times[5]), (times[0], times[0]), (times[8], times[8] + 1), (times[0] - 5, times[0] - 1)):
            expected = [e for e in whole if low <= e["header"]["time"] <= high]
            page, meta = self.events(**{"from": rfc3339(low), "to": rfc3339(high)})
            self.assertEqual((page, meta["next_after"]), (expected, None))
            lines = self.lines(f"/events?account_id={self.acct.id}&from={rfc3339(low)}&to={rfc3339(high)}")
            self.assertEqual([json.loads(line) for line in lines], expected)
        # Another offset, and more decimals than events have.
        page = self.events(**{"from": rfc3339(times[4]).replace("Z", "999%2B00:00")})[0]
        self.assertEqual(page, [e for e in whole if e["header"]["time"] >= times[4]])

    def test_log_show_prints_the_same_lines(self):
        self.change(5)
        stream = f"account/{self.acct.id}"
        shown = run_command("log", "show", "--data", str(self.program.data), "--stream", stream)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        lines = self.lines(f"/events?account_id={self.acct.id}")
        self.assertEqual(shown.stdout.splitlines(), [NAME.sub("}", line) for line in lines])

    def test_connection_has_its_own_stream(self):
        link = self.acct.connection()
        row = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/", "pageviews": 1}
        self.expect(self.acct.editor.post(self.acct.events(link), [row]), 200)
        lines = self.lines(f"/events?connection_id={link['id']}")
        check_hashes(self, lines)
        self.assertEqual([json.loads(line)["header"]["type"] for line in lines], ["connection_registered", "batch_received"])
        self.assertEqual(len(self.events(account_id=None, connection_id=link["id"])[0]), 2)
        self.assertEqual(len(self.events(connection_id=link["id"])[0]), 2)

    def test_connection_of_another_account_is_as_unknown_as_one_that_is_not_there(self):
        other = Account()
        link = other.connection()
        bodies = set()
        for target in (f"/events?connection_id={link['id']}", "/events?connection_id=01ARZ3NDEKTSV4RRFFQ69G5FAV",
                       "/events?connection_id=x", f"/events?connection_id={link['id']}&account_id={self.acct.id}"):
            response = self.acct.admin.get(target, headers={"X-Request-ID": "same"})
            self.rules_error(response, 404, "not_found", "Connection not found")
            bodies.add(response.body)
        self.assertEqual(len(bodies), 1)
        self.rules_error(self.acct.admin.get(f"/events?connection_id={link['id']}&account_id={other.id}"), 403, "forbidden")
        self.rules_error(self.acct.operator.get(f"/events?connection_id={link['id']}&account_id={self.acct.id}"), 404, "not_found")
        self.expect(self.acct.operator.get(f"/events?connection_id={link['id']}"), 200)

    def test_account_of_somebody_else_is_refused(self):
        other = Account()
        for headers in ({}, NDJSON, SSE):
            for target in (f"/events?account_id={other.id}", "/events?account_id=no-such-account"):
                response = self.acct.admin.get(target, headers=headers)
                self.rules_error(response, 403, "forbidden", "Access denied to account: " + target.split("=")[1])
        self.rules_error(self.acct.operator.get("/events?account_id=no-such-account"), 404, "account_not_found")
        self.rules_error(self.acct.tracker.get(f"/events?account_id={self.acct.id}"), 403, "forbidden", "Required scope: read")

    def test_system_and_all_streams_are_for_admins_of_all_accounts(self):
        for target in ("/events", "/events?stream=system", "/events?format=sse"):
            self.rules_error(self.acct.viewer.get(target), 403, "forbidden", "Required scope: admin")
            self.rules_error(self.acct.admin.get(target), 403, "forbidden")
            reader = make_token(self.acct.operator, role="viewer", account_ids=["*"])
            self.rules_error(self.program.client(reader["token"]).get(target), 403, "forbidden", "Required scope: admin")
        lines = self.lines("/events?stream=system", self.acct.operator)
        check_hashes(self, lines)
        parts = [json.loads(line)["part"] for line in lines]  # null: of an account that another test has erased
        self.assertTrue(any(part["payload"].get("account_id") == self.acct.id for part in parts if part))

    def test_all_streams_come_in_order_of_position(self):
        with Program() as program:
            acct = Account(program)
            other = Account(program)
            acct.mapping("a.example")
            other.mapping("b.example")
            acct.connection()
            lines = self.lines("/events", acct.operator)
            events = [json.loads(line) for line in lines]
            self.assertEqual([e["header"]["position"] for e in events], list(range(1, len(events) + 1)))
            streams = {e["header"]["stream"].split("/")[0] for e in events}
            self.assertEqual(streams, {"system", "account", "connection"})
            by_stream = {}
            for line in lines:
                by_stream.setdefault(json.loads(line)["header"]["stream"], []).append(line)
            for stream in by_stream.values():
                check_hashes(self, stream)
            response = self.expect(acct.operator.get("/events?after=2&limit=3"), 200)
            self.assertEqual([e["header"]["position"] for e in response.data["events"]], [3, 4, 5])
            self.assertEqual(response.json()["meta"], {"end": len(lines), "next_after": 5})
            creations = self.expect(acct.operator.get("/events?type=referrer_mapping_created"), 200).data["events"]
            self.assertEqual([e["header"]["stream"] for e in creations], [f"account/{acct.id}", f"account/{other.id}"])

    def test_parameters_are_checked(self):
        at = f"/events?account_id={self.acct.id}"
        for query, field in (("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("after=-1", "after"), ("after=x", "after"),
                             ("from=yesterday", "from"), ("to=2026-05-20", "to"), ("to=2026-13-01T00:00:00Z", "to"),
                             ("from=2026-05-20T10:00:00%2B0100", "from"), ("format=xml", "format"), ("stream=system", "stream"),
                             ("stream=other", "stream"), ("type=", "type"), ("connection_id=", "connection_id")):
            with self.subTest(query=query):
                self.invalid(self.acct.viewer.get(f"{at}&{query}"), f"query.{field}")
        self.invalid(self.acct.viewer.get("/events?account_id=&limit=x"), "query.account_id", "query.limit")
        self.invalid(self.acct.viewer.get(at, headers={**SSE, "Last-Event-ID": "x"}), "header.Last-Event-ID")
        self.expect(self.acct.viewer.get(at, headers={"Last-Event-ID": "x"}), 200)

    def test_head_tells_the_type_and_ends(self):
        for headers, kind in (({}, "application/json"), (NDJSON, "application/x-ndjson"), (SSE, "text/event-stream")):
            response = self.expect(self.acct.viewer.request("HEAD", f"/events?account_id={self.acct.id}", headers=headers), 200)
            self.assertEqual(response.header("Content-Type"), kind)

    def test_page_ends_early_at_8_mib_and_a_longer_event_comes_alone(self):
        link = self.acct.connection()
        rows = [{"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": f"/{n}/" + "x" * 380, "pageviews": 1}
                for n in range(10000)]
        for n in range(3):
            rows[0]["pageviews"] = n
            for row in rows:
                row["sessions"] = n
            self.expect(self.acct.editor.post(self.acct.events(link), rows), 200)
        sizes, after, seen = [], 0, []
        while after is not None:
            response = self.expect(self.acct.viewer.get(f"/events?connection_id={link['id']}&after={after}"), 200)
            self.assertLessEqual(len(response.body), 8 << 20)
            seen += numbers(response.data["events"])
            sizes.append(len(response.body))
            after = response.json()["meta"]["next_after"]
        self.assertEqual(seen, [1, 2, 3, 4])
        self.assertGreater(len(sizes), 1, sizes)
        check_hashes(self, self.lines(f"/events?connection_id={link['id']}"))
        text = "domain,utm_source,service_name\n" + "".join(f"d{n}.{'x' * 60}.example,{'s' * 200},{'n' * 100}\n" for n in range(20000))
        self.expect(self.acct.editor.post(self.acct.at(f"{PASS}/import"), text, {"Content-Type": "text/csv"}), 200)
        self.acct.mapping("after.example")
        response = self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}"), 200)
        self.assertGreater(len(response.body), 8 << 20)
        self.assertEqual((numbers(response.data["events"]), response.json()["meta"]), ([1], {"end": 2, "next_after": 1}))
        self.assertEqual(numbers(self.events(after=1)[0]), [2])

    def test_client_that_does_not_read_holds_up_nobody(self):
        link = self.acct.connection()
        rows = [{"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": f"/{n}/" + "x" * 300, "pageviews": 1} for n in range(10000)]
        for n in range(4):
            for row in rows:
                row["sessions"] = n
            self.expect(self.acct.editor.post(self.acct.events(link), rows), 200)
        lazy = []
        for _ in range(6):  # of 4 MiB each, and an account has 32 MiB for its answers
            one = self.program.connect()
            one.send(f"GET /events?connection_id={link['id']}&format=ndjson HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.viewer.token}\r\n\r\n".encode())
            lazy.append(one)
        time.sleep(1)
        began = time.monotonic()
        self.change(3)
        self.assertEqual(len(self.events()[0]), 3)
        self.assertLess(time.monotonic() - began, 5)
        response = lazy[0].read_response(timeout=60)
        self.assertEqual(len(response.body.splitlines()), 5)
        for one in lazy:
            one.close()


class Live(Case):
    def setUp(self):
        self.acct = Account()

    def follow(self, target=None, token=None, **headers) -> Following:
        one = Following(self.program, token or self.acct.viewer.token, target or f"/events?account_id={self.acct.id}", **headers)
        self.addCleanup(one.close)
        self.assertEqual(one.head.status, 200)
        self.assertEqual(one.head.header("Content-Type"), "text/event-stream")
        return one

    def test_events_come_as_they_are_written_with_the_lines_of_ndjson(self):
        self.acct.mapping("before.example")
        one = self.follow()
        self.assertEqual(one.message()["id"], "1")
        for n in range(2, 8):
            self.acct.mapping(f"m{n}.example")
            message = one.message()
            self.assertEqual((message["id"], message["event"]), (str(n), "referrer_mapping_created"))
            line = self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}&after={n - 1}&format=ndjson"), 200).body.decode()
            self.assertEqual(message["data"] + "\n", line)

    def test_nothing_is_lost_or_doubled_while_many_write_and_clients_come_back(self):
        editor, viewer = self.acct.editor.token, self.acct.viewer.token

        def write(number: int):
            client = self.program.client(editor)
            for n in range(20):
                client.post(self.acct.at(PASS), {"domain": f"w{number}-{n}.example", "utm_source": "s"})
        writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
        for writer in writers:
            writer.start()
        seen, last = [], 0
        while len(seen) < 60:
            one = Following(self.program, viewer, f"/events?account_id={self.acct.id}&after=17", Last_Event_ID=last)
            got = one.ids(min(7, 60 - len(seen)))
            one.close()
            seen += got
            last = seen[-1]
        for writer in writers:
            writer.join()
        self.assertEqual(seen, list(range(1, 61)))

    def test_after_and_filters_hold_for_followers(self):
        for n in range(4):
            self.acct.mapping(f"m{n}.example")
        self.assertEqual(self.follow(f"/events?account_id={self.acct.id}&after=2").ids(2), [3, 4])
        one = self.follow(f"/events?account_id={self.acct.id}&type=passthrough_referrer_created")
        self.acct.mapping("more.example")
        self.acct.passthrough("p.example")
        self.assertEqual(one.ids(1), [6])
        limited = self.follow(f"/events?account_id={self.acct.id}&limit=2")
        self.assertEqual(limited.ids(2), [1, 2])
        self.assertIsNone(limited.message())

    def test_all_streams_and_the_system_can_be_followed(self):
        end = self.acct.operator.get("/events?limit=1").json()["meta"]["end"]
        everything = self.follow(f"/events?after={end}", self.program.admin_token)
        end = self.acct.operator.get("/events?stream=system&limit=1").json()["meta"]["end"]
        system = self.follow(f"/events?stream=system&after={end}", self.program.admin_token)
        link = self.acct.connection()
        connection = self.follow(f"/events?connection_id={link['id']}")
        self.acct.mapping("x.example")
        made = make_token(self.acct.operator, role="viewer", account_ids=[self.acct.id])
        streams = set()
        while len(streams) < 3:
            message = everything.message()
            header = json.loads(message["data"])["header"]
            self.assertEqual(message["id"], str(header["position"]))
            streams.add(header["stream"].split("/")[0])
        while json.loads(system.message()["data"])["part"]["payload"].get("id") != made["id"]:
            pass
        self.assertEqual(connection.message()["event"], "connection_registered")

    def test_revoked_token_ends_the_stream(self):
        made = make_token(self.acct.operator, role="viewer", account_ids=[self.acct.id])
        one = self.follow(token=made["token"])
        self.acct.mapping("a.example")
        one.ids(1)
        self.expect(self.acct.operator.delete(f"/api-tokens/{made['id']}"), 200)
        message = one.message()
        self.assertEqual(message["event"], "error")
        self.assertEqual(json.loads(message["data"])["error"], {"code": "unauthorized", "message": "Invalid API key"})
        self.assertIsNone(one.message())

    def test_silence_is_broken_by_a_comment(self):
        one = self.follow()
        self.assertEqual(next(one.pieces), b": following\n\n")
        began = time.monotonic()
        self.assertTrue(next(one.pieces).startswith(b":"))
        self.assertTrue(13 < time.monotonic() - began < 18)

    def test_followers_are_bounded_and_seats_come_back(self):
        many = [self.follow() for _ in range(25)]
        response = self.acct.viewer.get(f"/events?account_id={self.acct.id}", headers=SSE)
        self.rules_error(response, 503, "service_unavailable")
        self.assertRegex(response.header("Retry-After"), r"^\d+$")
        other = Account()
        self.follow(f"/events?account_id={other.id}", other.viewer.token)
        for one in many:
            one.close()
        deadline = time.monotonic() + 10
        while True:
            response = Following(self.program, self.acct.viewer.token, f"/events?account_id={self.acct.id}")
            response.close()
            if response.head.status == 200:
                break
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_followers_go_on_after_a_kill_where_they_were(self):
        with Program() as program:
            acct = Account(program)
            token = acct.viewer.token
            editor = acct.editor.token
            last, seen = 0, []
            for _ in range(4):
                one = Following(program, token, f"/events?account_id={acct.id}", Last_Event_ID=last)
                client = program.client(editor)
                for n in range(5):
                    self.expect(client.post(acct.at(MAP), {"referrer_pattern": f"k{len(seen)}-{n}.example", "utm_source": "s"}), 201)
                seen += one.ids(5)
                last = seen[-1]
                program.kill()
                with self.assertRaises((NoResponse, OSError)):
                    one.message()
                one.close()
                program.start()
            self.assertEqual(seen, list(range(1, 21)))

    def test_stopping_ends_followers_properly_and_in_time(self):
        with Program() as program:
            acct = Account(program)
            acct.mapping("a.example")
            many = [Following(program, acct.viewer.token, f"/events?account_id={acct.id}") for _ in range(5)]
            for one in many:
                self.assertEqual(one.ids(1), [1])
            began = time.monotonic()
            self.assertEqual(program.stop(), 0)
            self.assertLess(time.monotonic() - began, 5)
            for one in many:
                self.assertIsNone(one.message())
                one.close()
