"""If-Match and If-None-Match (RFC 9110, 13): what has an ETag, 304, 412, races for one state; and what
stands beside an answer: gzip, Vary, Cache-Control."""
import gzip
import json
import threading

from .case import Case
from .world import Account

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"
HOST = "assistant.house.example"


def push(acct, link):
    row = {"date": "2026-05-20", "raw_page_value": "/", "raw_referrer_value": "https://chatgpt.com/"}
    response = acct.editor.post(acct.events(link), [row])
    if response.status != 200:
        raise AssertionError(f"not pushed\n{response}")


class Reads(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        acct = cls.acct
        acct.passthrough("read.example")
        acct.mapping("read.example")
        cls.link = acct.connection("https://read.example")
        cls.paths = {
            "rule": acct.at(f"{PASS}/1"), "mapping": acct.at(f"{MAP}/1"), "rules": acct.at(PASS), "mappings": acct.at(MAP),
            "past rules": acct.at(MAP, as_of=1), "past rule": acct.at(f"{PASS}/1", as_of=1),
            "export": acct.at(f"{PASS}/export"), "export of mappings": acct.at(f"{MAP}/export", format="csv"),
            "account": f"/accounts/{acct.id}", "accounts": "/accounts",
            "connection": acct.connections(cls.link["id"]), "connections": acct.connections(),
            "batches": acct.connections(cls.link["id"], "/batches"), "platforms": acct.platforms(),
            "report": f"/v1/{acct.brand}/ai-referrals", "document": "/openapi.json"}

    def ask(self, path, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.acct.operator.request("GET", path, None, named)

    def test_every_resource_has_a_strong_tag_and_is_304_for_it(self):
        for name, path in self.paths.items():
            with self.subTest(name):
                first = self.expect(self.ask(path), 200)
                tag = first.header("ETag", "")
                self.assertRegex(tag, r'^"[^"]+"$')
                for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
                    same = self.expect(self.ask(path, If_None_Match=given), 304)
                    self.assertEqual((same.header("ETag"), same.body, same.header("Content-Length")), (tag, b"", None))
                    self.assertIsNone(same.header("Content-Type"))
                for given in ('"other"', 'W/"other"', '""'):
                    self.assertEqual(self.expect(self.ask(path, If_None_Match=given), 200).header("ETag"), tag)

    def test_if_match_of_another_state_is_412(self):
        for name, path in self.paths.items():
            with self.subTest(name):
                tag = self.expect(self.ask(path), 200).header("ETag")
                for given in (tag, "*", f'"other", {tag}'):
                    self.expect(self.ask(path, If_Match=given), 200)
                for given in ('"other"', f"W/{tag}"):
                    self.expect(self.ask(path, If_Match=given), 412)
                self.expect(self.ask(path, If_Match='"other"', If_None_Match=tag), 412)

    def test_head_is_answered_like_get(self):
        for name, path in self.paths.items():
            with self.subTest(name):
                tag = self.expect(self.ask(path), 200).header("ETag")
                head = self.acct.operator.request("HEAD", path)
                self.assertEqual((head.status, head.header("ETag")), (200, tag))
                self.expect(self.acct.operator.request("HEAD", path, None, {"If-None-Match": tag}), 304)
                self.expect(self.acct.operator.request("HEAD", path, None, {"If-Match": '"other"'}), 412)

    def test_malformed_values_are_bad_requests_that_name_the_header(self):
        for header in ("If-Match", "If-None-Match"):
            for value in ("1", '"1', '"1" "2"', '*, "1"', "W/1", ","):
                with self.subTest(header=header, value=value):
                    response = self.acct.viewer.request("GET", self.paths["rule"], None, {header: value})
                    self.assertIn(header, self.rules_error(response, 400, "bad_request")["message"])

    def test_304_is_counted_as_304(self):
        tag = self.expect(self.ask(self.paths["rules"]), 200).header("ETag")
        self.expect(self.ask(self.paths["rules"], If_None_Match=tag), 304)
        counted = [line for line in self.acct.viewer.get("/metrics").body.decode().splitlines()
                   if 'status="304"' in line and "listPassthroughReferrers" in line]
        self.assertTrue(counted)

    def test_several_lines_are_one_list(self):
        tag = self.expect(self.ask(self.paths["rule"]), 200).header("ETag")
        with self.program.connect() as connection:
            connection.send((f"GET {self.paths['rule']} HTTP/1.1\r\nHost: h\r\nX-API-Key: {self.acct.viewer.token}\r\n"
                             f'If-None-Match: "other"\r\nIf-None-Match: {tag}\r\n\r\n').encode())
            self.expect(connection.read_response(), 304)

    def test_query_and_form_have_tags_of_their_own(self):
        path = f"{PASS}/export"
        targets = [(self.acct.at(path), {}), (self.acct.at(path), {"Accept": "text/csv"}), (self.acct.at(path, format="csv"), {}),
                   (self.acct.at(PASS), {}), (self.acct.at(PASS, limit=1), {}), (self.acct.at(PASS, include_inactive="true"), {})]
        tags = [self.expect(self.acct.viewer.request("GET", target, None, headers), 200).header("ETag")
                for target, headers in targets]
        self.assertEqual(len(set(tags)), len(tags))

    def test_refusals_stay_what_they_are(self):
        for header in ("If-Match", "If-None-Match"):
            for value in ("*", '"x"'):
                with self.subTest(header=header, value=value):
                    given = {header: value}
                    self.expect(self.program.client(None).request("GET", self.paths["rule"], None, given), 401)
                    self.expect(self.acct.tracker.request("GET", self.paths["rule"], None, given), 403)
                    self.expect(self.acct.viewer.request("GET", self.acct.at(f"{PASS}/999"), None, given), 404)
                    self.expect(self.acct.viewer.request("GET", self.acct.at(PASS, limit="x"), None, given), 422)


class Changes(Case):
    def setUp(self):
        self.acct = Account()

    def tag(self, path):
        return self.expect(self.acct.operator.get(path), 200).header("ETag")

    def test_lists_and_exports_move_with_a_change_and_not_with_anothers(self):
        self.acct.passthrough("a.example")
        paths = [self.acct.at(PASS), self.acct.at(f"{PASS}/export"), self.acct.at(f"{MAP}/export")]
        before = [self.tag(path) for path in paths]
        Account().passthrough("b.example")
        self.assertEqual([self.tag(path) for path in paths], before)
        self.acct.passthrough("c.example")
        for path, old in zip(paths, before):
            self.assertNotEqual(self.tag(path), old)
            self.expect(self.acct.viewer.request("GET", path, None, {"If-None-Match": old}), 200)

    def test_reports_and_batches_move_with_a_push_and_a_connection_does_not(self):
        link = self.acct.connection()
        moving = [f"/v1/{self.acct.brand}/ai-referrals", self.acct.connections(link["id"], "/batches"), self.acct.connections()]
        one = self.acct.connections(link["id"])
        before, fixed = [self.tag(path) for path in moving], self.tag(one)
        push(self.acct, link)
        for path, old in zip(moving, before):
            self.assertNotEqual(self.tag(path), old)
        self.assertEqual(self.tag(one), fixed)

    def test_account_is_changed_in_the_state_that_was_seen(self):
        path, operator = f"/accounts/{self.acct.id}", self.acct.operator
        old = self.tag(path)
        done = self.expect(operator.patch(path, {"name": "b"}, {"If-Match": old}), 200)
        self.assertEqual(done.header("ETag"), self.tag(path))
        for stale in ({"If-Match": old}, {"If-Match": f"W/{self.tag(path)}"}, {"If-None-Match": "*"}, {"If-None-Match": self.tag(path)}):
            with self.subTest(stale):
                self.rules_error(operator.patch(path, {"name": "c"}, stale), 412, "precondition_failed")
                self.rules_error(operator.delete(path, stale), 412, "precondition_failed")
        self.invalid(operator.patch(path, {"name": 1}, {"If-Match": old}), "body.name")
        self.assertEqual(operator.get(path).data["name"], "b")
        self.expect(operator.patch(path, {"name": "c"}, {"If-Match": "*"}), 200)
        self.expect(operator.patch(path, {"name": "d"}, {"If-None-Match": '"other"'}), 200)
        self.expect(operator.delete(path, {"If-Match": self.tag(path)}), 202)

    def test_connection_is_disabled_in_the_state_that_was_seen(self):
        link = self.acct.connection()
        path, editor = self.acct.connections(link["id"]), self.acct.editor
        tag = self.tag(path)
        for stale in ({"If-Match": '"other"'}, {"If-None-Match": "*"}, {"If-None-Match": tag}):
            self.expect(editor.delete(path, stale), 412)
        self.assertEqual(self.expect(self.acct.viewer.get(path), 200).json()["status"], "active")
        push(self.acct, link)
        done = self.expect(editor.delete(path, {"If-Match": tag}), 200)
        self.assertEqual(done.header("ETag"), self.tag(path))
        self.assertNotEqual(self.tag(path), tag)
        self.expect(editor.delete(path, {"If-Match": tag}), 412)

    def test_platform_is_put_and_removed_in_the_state_that_was_seen(self):
        path, admin = self.acct.platforms(HOST), self.acct.admin
        self.expect(admin.put(path, {"platform": "A"}, {"If-Match": "*"}), 412)
        first = self.expect(admin.put(path, {"platform": "A"}, {"If-None-Match": "*"}), 201).header("ETag")
        self.expect(admin.put(path, {"platform": "B"}, {"If-None-Match": "*"}), 412)
        second = self.expect(admin.put(path, {"platform": "B"}, {"If-Match": first}), 200).header("ETag")
        self.assertNotEqual(first, second)
        self.expect(admin.put(path, {"platform": "C"}, {"If-Match": first}), 412)
        self.expect(admin.delete(path, {"If-Match": first}), 412)
        self.expect(admin.delete(path, {"If-None-Match": second}), 412)
        self.expect(admin.delete(path, {"If-Match": second}), 200)

    def test_rules_take_if_none_match_too(self):
        self.acct.passthrough("e.example")
        path, editor = self.acct.at(f"{PASS}/1"), self.acct.editor
        for stale in ({"If-None-Match": "*"}, {"If-None-Match": self.tag(path)}, {"If-None-Match": f"W/{self.tag(path)}"}):
            self.rules_error(editor.patch(path, {"utm_source": "b"}, stale), 412, "precondition_failed")
            self.rules_error(editor.delete(path, stale), 412, "precondition_failed")
        self.expect(editor.patch(path, {"utm_source": "b"}, {"If-None-Match": '"other"'}), 200)

    def test_what_has_no_tag_is_412_for_every_tag(self):
        visit = {"url": "https://shop.example/"}
        for path, body, client in ((self.acct.at("/resolve"), visit, self.acct.tracker),
                                   (self.acct.at(PASS), {"domain": "f.example", "utm_source": "s"}, self.acct.editor),
                                   (self.acct.connections(), {"website": "https://f.example", "provider": "custom"}, self.acct.editor)):
            for stale in ({"If-Match": '"x"'}, {"If-Match": 'W/"x"'}, {"If-None-Match": "*"}):
                with self.subTest(path=path, stale=stale):
                    self.expect(client.post(path, body, stale), 412)
        self.assertEqual(self.acct.viewer.get(self.acct.at(PASS)).data["total"], 0)
        for fine in ({"If-Match": "*"}, {"If-None-Match": '"x"'}):
            self.expect(self.acct.tracker.post(self.acct.at("/resolve"), visit, fine), 200)

    def race(self, change):
        """How eight changes at once, all of one state, were answered."""
        answers, gate = [], threading.Barrier(8)

        def run(number):
            gate.wait()
            answers.append(change(number).status)
        threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(answers)

    def racer(self, role=None):
        token = (self.acct.client(role) if role else self.acct.operator).token
        return lambda: self.program.client(token)

    def test_one_of_many_changes_of_one_state_succeeds(self):
        self.acct.mapping("g.example")
        rule, account, host = self.acct.at(f"{MAP}/1"), f"/accounts/{self.acct.id}", self.acct.platforms(HOST)
        entry = self.expect(self.acct.admin.put(host, {"platform": "A"}), 201).header("ETag")
        client, tags = self.racer(), (self.tag(rule), self.tag(account))
        one_won = [200] + [412] * 7
        self.assertEqual(self.race(lambda n: client().patch(rule, {"utm_source": f"s{n}"}, {"If-Match": tags[0]})), one_won)
        self.assertEqual(self.race(lambda n: client().patch(account, {"name": f"n{n}"}, {"If-Match": tags[1]})), one_won)
        self.assertEqual(self.race(lambda n: client().put(host, {"platform": f"P{n}"}, {"If-Match": entry})), one_won)

    def test_one_of_many_creations_and_removals_succeeds(self):
        host, client = self.acct.platforms(HOST), self.racer()
        self.assertEqual(self.race(lambda n: client().put(host, {"platform": "A"}, {"If-None-Match": "*"})), [201] + [412] * 7)
        path = self.acct.connections(self.acct.connection()["id"])
        tag = self.tag(path)
        self.assertEqual(self.race(lambda n: client().delete(path, {"If-Match": tag})), [200] + [412] * 7)


class Coding(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(40):
            cls.acct.mapping(f"long-{number}.example", description="d" * 100)
        cls.long, cls.short = cls.acct.at(MAP), cls.acct.at(f"{MAP}/1")

    def get(self, path, method="GET", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.acct.viewer.request(method, path, None, named)

    def test_gzip_holds_the_same_bytes(self):
        paths = [self.long, self.acct.at(MAP, limit=39), "/openapi.json", "/metrics", self.acct.platforms()]
        for path in paths:
            with self.subTest(path):
                plain = self.expect(self.get(path), 200)
                packed = self.expect(self.get(path, Accept_Encoding="br, gzip;q=0.5"), 200)
                self.assertIsNone(plain.header("Content-Encoding"))
                self.assertEqual(packed.header("Content-Encoding"), "gzip")
                self.assertLess(len(packed.body), len(plain.body))
                if path != "/metrics":  # counts the requests themselves
                    self.assertEqual(gzip.decompress(packed.body), plain.body)

    def test_who_does_not_take_it_and_short_answers_get_plain_bytes(self):
        for given in ("identity", "gzip;q=0", "br", "*;q=0", ""):
            self.assertIsNone(self.expect(self.get(self.long, Accept_Encoding=given), 200).header("Content-Encoding"))
        self.assertIsNone(self.expect(self.get(self.short, Accept_Encoding="gzip"), 200).header("Content-Encoding"))

    def test_head_has_the_fields_of_get(self):
        for coding in ("gzip", "identity"):
            got = self.expect(self.get(self.long, Accept_Encoding=coding), 200)
            head = self.expect(self.get(self.long, "HEAD", Accept_Encoding=coding), 200)
            for name in ("Content-Encoding", "Content-Length", "Content-Type", "ETag", "Vary", "Cache-Control", "X-Content-Type-Options"):
                self.assertEqual(head.header(name), got.header(name), name)

    def test_codings_have_tags_of_their_own(self):
        plain, packed = (self.expect(self.get(self.long, Accept_Encoding=coding), 200).header("ETag") for coding in ("identity", "gzip"))
        self.assertEqual(packed, plain[:-1] + '-gz"')
        for coding, tag, status in (("gzip", packed, 304), ("identity", plain, 304), ("gzip", plain, 200), ("identity", packed, 200)):
            response = self.expect(self.get(self.long, Accept_Encoding=coding, If_None_Match=tag), status)
            self.assertEqual(response.header("ETag"), packed if coding == "gzip" else plain)
            if status == 304:
                self.assertIsNone(response.header("Content-Encoding"))

    def test_a_change_takes_the_tag_of_either_coding(self):
        acct = Account()
        acct.mapping("wide.example", description="d" * 500, label="l" * 100)
        path = acct.at(f"{MAP}/1")
        tag = self.expect(acct.viewer.get(path), 200).header("ETag")
        packed = tag[:-1] + '-gz"'
        self.expect(acct.editor.patch(path, {"label": "b"}, {"If-None-Match": packed}), 412)
        self.expect(acct.editor.patch(path, {"label": "b"}, {"If-Match": packed}), 200)
        self.expect(acct.editor.patch(path, {"label": "c"}, {"If-Match": packed}), 412)

    def test_long_refusals_are_packed_too(self):
        body = {f"field-{number}": "x" for number in range(100)}
        headers = {"Prefer": "handling=strict", "Accept-Encoding": "gzip"}
        response = self.acct.editor.patch(self.short, body, headers)
        self.assertEqual((response.status, response.header("Content-Encoding")), (422, "gzip"), f"\n{response}")
        self.assertEqual(json.loads(gzip.decompress(response.body))["error"]["code"], "validation_error")

    def test_every_answer_says_how_it_may_be_kept(self):
        client, editor = self.acct.viewer, self.acct.editor
        tagged = client.get(self.short)
        answers = {
            "private, no-cache": [tagged, client.get(self.long), self.get(self.short, If_None_Match=tagged.header("ETag")),
                                  self.get(self.short, "HEAD")],
            "no-cache": [client.get("/openapi.json")],
            "no-store": [client.get("/livez"), client.get("/metrics"), client.get("/nope"), client.request("PUT", self.short),
                         client.get(self.acct.at(f"{MAP}/999")), self.program.client(None).get(self.short),
                         client.get("/api-tokens/self"), client.get(self.acct.at("/events")), client.get(self.acct.at("/events", format="ndjson")),
                         editor.post(self.acct.at("/resolve"), {"url": "https://shop.example/"}), client.request("OPTIONS", self.short),
                         editor.patch(self.short, {"label": "x"}, {"If-Match": '"other"'})]}
        for said, responses in answers.items():
            for response in responses:
                with self.subTest(said=said, request=response.request[:80]):
                    self.assertEqual(response.header("Cache-Control"), said, f"\n{response}")
                    self.assertEqual(response.header("X-Content-Type-Options"), "nosniff", f"\n{response}")
        private = tagged.header("Vary", "")
        for name in ("Accept", "Accept-Encoding", "Authorization", "X-API-Key"):
            self.assertIn(name, private.split(", "))
        self.assertEqual(self.get(self.short, If_None_Match="*").header("Vary"), private)
        self.assertEqual(client.get("/openapi.json").header("Vary"), "Accept-Encoding")
        self.assertIsNone(editor.post(self.acct.at("/resolve"), {"url": "https://shop.example/"}).header("Vary"), "it is not stored")

    def test_a_malformed_request_has_the_fields_too(self):
        with self.program.connect() as connection:
            connection.send(b"nonsense\r\n\r\n")
            response = connection.read_response()
        self.assertEqual((response.header("Cache-Control"), response.header("X-Content-Type-Options")), ("no-store", "nosniff"))
