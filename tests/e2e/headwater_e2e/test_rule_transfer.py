"""Export and import of all rules of an account: formats, modes, dry runs, faults, limits, kill -9."""
import csv
import io
import json
import threading
import time

from .case import Case
from .program import Program
from .world import Account

KINDS = {"/referrer-mappings": ("mappings", "referrer_pattern"), "/passthrough-referrers": ("referrers", "domain")}
MAPPINGS, REFERRERS = KINDS
CSV = {"Content-Type": "text/csv"}
HOSTILE = [{"referrer_pattern": "=cmd", "match_type": "contains", "utm_source": "=1+1", "utm_medium": "", "label": "", "description": None},
           {"referrer_pattern": "bücher.example", "utm_source": "'=1", "utm_campaign": "''", "label": None, "description": ""},
           {"referrer_pattern": '^(a|b),"c"$', "match_type": "regex", "utm_source": "@s", "description": "=one\r\n\"two\",\tthree\n",
            "priority": 1000, "is_active": False},
           {"referrer_pattern": "plain.example", "utm_source": "-😀", "utm_term": "+x", "utm_content": "a,b;c", "label": "'plain'"}]


def document(rows: list) -> bytes:
    """The rows as CSV, all columns of the first one."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


class Transfers(Case):
    def setUp(self):
        self.acct = Account()

    def export(self, path=MAPPINGS, acct=None, accept=None, **query):
        acct = acct or self.acct
        return self.expect(acct.viewer.request("GET", acct.at(path + "/export", **query), headers={"Accept": accept} if accept else None), 200)

    def send(self, body, path=MAPPINGS, acct=None, headers=None, **query):
        acct = acct or self.acct
        return acct.editor.post(acct.at(path + "/import", **query), body, headers)

    def done(self, response, **counts) -> dict:
        data = self.expect(response, 200).data
        for name, count in counts.items():
            self.assertEqual(data[name], count, f"\n{response}")
        return data

    def rules(self, path=MAPPINGS, acct=None) -> list:
        acct = acct or self.acct
        return acct.viewer.get(acct.at(path, include_inactive="true")).data[KINDS[path][0]]

    def faults(self, response, count: int) -> list:
        error = self.rules_error_with_count(response)
        self.assertEqual(error["fault_count"], count, f"\n{response}")
        return [(fault.get("line"), fault["field"], fault["type"]) for fault in error["detail"]]

    def rules_error_with_count(self, response) -> dict:
        error = self.expect(response, 422).error
        self.assertEqual(error["code"], "validation_error", f"\n{response}")
        self.assertEqual(set(error), {"code", "message", "detail", "fault_count"}, f"\n{response}")
        return error


class RoundTrips(Transfers):
    def setUp(self):
        super().setUp()
        for rule in HOSTILE:
            self.expect(self.acct.editor.post(self.acct.at(MAPPINGS), rule), 201)
        self.acct.passthrough("pay.example", service_name="=A1", utm_medium="")
        self.acct.passthrough("gone.example")
        self.expect(self.acct.editor.delete(self.acct.at(f"{REFERRERS}/2")), 204)
        self.acct.passthrough("bücher.example", service_name="'-x", is_active=False)

    def test_what_was_exported_changes_nothing_where_it_came_from(self):
        for path in KINDS:
            before = self.rules(path)
            for form, headers in (("json", None), ("csv", CSV)):
                body = self.export(path, format=form).body
                for mode in ("merge", "replace"):
                    with self.subTest(path=path, form=form, mode=mode):
                        self.done(self.send(body, path, headers=headers, mode=mode), added=0, changed=0, removed=0, unchanged=len(before))
            self.assertEqual(self.rules(path), before)

    def test_what_was_exported_gives_the_same_rules_to_another_account(self):
        def content(rule):
            return {name: value for name, value in rule.items() if name not in ("id", "account_id", "created_at", "updated_at")}
        for path in KINDS:
            for form, headers in (("json", None), ("csv", CSV)):
                with self.subTest(path=path, form=form):
                    other = Account()
                    body = self.export(path, format=form).body
                    before = self.rules(path)
                    self.done(self.send(body, path, other, headers), added=len(before), changed=0)
                    self.assertEqual([content(rule) for rule in self.rules(path, other)], [content(rule) for rule in before])
                    again = self.export(path, other, format=form).body
                    self.done(self.send(again, path, headers=headers, mode="replace"), unchanged=len(before), changed=0)

    def test_a_file_of_another_account_never_renames_rules_by_their_ids(self):
        other = Account()
        other.mapping("own.example")
        self.done(self.send(self.export(format="csv").body, acct=other, headers=CSV), added=len(HOSTILE), changed=0)
        self.assertIn("own.example", [rule["referrer_pattern"] for rule in self.rules(acct=other)])

    def test_list_answer_and_bare_list_are_documents_too(self):
        answer = self.acct.viewer.get(self.acct.at(MAPPINGS, include_inactive="true"))
        self.done(self.send(answer.body, mode="replace"), unchanged=len(HOSTILE))
        self.done(self.send(json.dumps(answer.data), mode="replace"), unchanged=len(HOSTILE))
        self.done(self.send(answer.data["mappings"], mode="replace"), unchanged=len(HOSTILE))

    def test_export_restores_ids_after_rules_were_renamed_and_removed(self):
        before, body = self.rules(), self.export(format="csv").body
        ids = sorted(rule["id"] for rule in before)
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAPPINGS}/{ids[0]}"), {"referrer_pattern": "aside.example", "match_type": "exact"}), 200)
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAPPINGS}/{ids[1]}"), {"referrer_pattern": "=cmd", "match_type": "contains"}), 200)
        self.acct.mapping("later.example")
        self.done(self.send(body, headers=CSV, mode="replace"), added=0, changed=2, removed=1, unchanged=2)
        now = self.rules()
        self.assertEqual([(r["id"], r["referrer_pattern"], r["utm_source"]) for r in now], [(r["id"], r["referrer_pattern"], r["utm_source"]) for r in before])

    def test_replay_of_the_log_gives_the_same_rules(self):
        with Program("--passivate-after", "0.3") as program:
            own = Account(program)
            self.done(self.send(self.export().body, acct=own), added=len(HOSTILE))
            self.done(self.send([{"referrer_pattern": "new.example", "utm_source": "n"}], acct=own, mode="replace"), added=1, removed=len(HOSTILE))
            before = self.rules(acct=own)
            time.sleep(1.2)
            self.assertEqual(self.rules(acct=own), before)
            program.kill()
            program.start()
            client = program.client()
            self.assertEqual(client.get(own.at(MAPPINGS)).data["mappings"], before)


class Exports(Transfers):
    def test_format_comes_from_the_query_else_from_accept_else_it_is_json(self):
        self.acct.mapping("a.example", label="x")
        for query, accept, kind in (({}, None, "application/json"), ({}, "text/csv", "text/csv"), ({}, "text/csv, */*;q=0.9", "text/csv"),
                                    ({}, "text/csv;q=0.9, */*", "application/json"),
                                    ({"format": "json"}, "text/csv", "application/json"), ({"format": "csv"}, "application/json", "text/csv"),
                                    ({}, "text/html", "application/json")):
            with self.subTest(query=query, accept=accept):
                response = self.export(accept=accept, **query)
                self.assertEqual(response.header("Content-Type").split(";")[0], kind)
                self.assertIn(f"referrer-mappings-{self.acct.id}.", response.header("Content-Disposition"))
        error = self.acct.viewer.get(self.acct.at(MAPPINGS + "/export", format="xml"))
        self.invalid(error, "query.format")
        self.invalid(self.acct.viewer.get(REFERRERS + "/export"), "query.account_id")

    def test_json_has_the_rules_as_the_list_shows_them_by_id(self):
        self.acct.mapping("low.example", priority=1)
        self.acct.mapping("high.example", priority=2, is_active=False)
        data = self.export().data
        self.assertEqual([rule["referrer_pattern"] for rule in data["mappings"]], ["low.example", "high.example"])
        self.assertEqual((data["total"], data["active_count"], data["version"]), (2, 1, 2))
        self.assertEqual(data["mappings"][0], self.rules()[1])

    def test_csv_is_read_by_others_and_guards_against_formulas(self):
        self.acct.passthrough("a.example", service_name='=HYPERLINK("http://evil.example")', utm_campaign="one,two")
        body = self.export(REFERRERS, format="csv").body
        self.assertTrue(body.endswith(b"\r\n"))
        rows = list(csv.DictReader(io.StringIO(body.decode(), newline="")))
        self.assertEqual(rows[0]["service_name"], '\'=HYPERLINK("http://evil.example")')
        self.assertEqual((rows[0]["id"], rows[0]["domain"], rows[0]["is_active"], rows[0]["utm_campaign"]), ("1", "a.example", "true", "one,two"))
        self.assertEqual(list(rows[0]), list(self.rules(REFERRERS)[0]))

    def test_empty_account_has_a_header_and_an_empty_list(self):
        self.assertEqual(self.export().data["mappings"], [])
        self.assertEqual(len(self.export(format="csv").body.splitlines()), 1)
        self.done(self.send(self.export(format="csv").body, headers=CSV, mode="replace", allow_empty="true"), rows=0)

    def test_head_has_no_body(self):
        self.acct.mapping("a.example")
        response = self.acct.viewer.request("HEAD", self.acct.at(MAPPINGS + "/export"))
        self.assertEqual((response.status, response.body), (200, b""))


class Imports(Transfers):
    def test_replacing_all_rules_by_none_has_to_be_said(self):
        self.acct.mapping("a.example")
        for body, headers in (([], None), ("referrer_pattern,utm_source\n", CSV)):
            for dry_run in ("true", "false"):
                response = self.send(body, headers=headers, mode="replace", dry_run=dry_run)
                fault = self.invalid(response, "query.allow_empty")[0]
                self.assertIn("allow_empty=true", fault["message"])
        self.done(self.send([], mode="merge"), rows=0)
        self.assertEqual(len(self.rules()), 1)
        self.done(self.send([], mode="replace", allow_empty="true"), removed=1)
        self.assertEqual(self.rules(), [])

    def test_columns_may_be_separated_by_semicolons_and_tabs(self):
        for number, delimiter in enumerate(",;\t"):
            with self.subTest(delimiter=delimiter):
                lines = [["referrer_pattern", "utm_source"], [f"d{number}.example", "s"]]
                response = self.send("".join(delimiter.join(line) + "\r\n" for line in lines), headers=CSV)
                self.done(response, added=1)
                self.assertEqual(response.json()["meta"], {"delimiter": delimiter})
        self.assertNotIn("meta", self.send([{"referrer_pattern": "j.example", "utm_source": "s"}]).json())
        self.assertEqual(len(self.rules()), 4)

    def test_rows_that_were_normalised_are_listed(self):
        rows = [{"referrer_pattern": f"https://n{number}.example/x", "utm_source": "s"} for number in range(120)]
        for dry_run in ("true", "false"):
            meta = self.send(rows, dry_run=dry_run).json()["meta"]
            self.assertEqual((meta["normalised_count"], len(meta["normalised"])), (120, 100))
            self.assertEqual({name: meta["normalised"][0][name] for name in ("field", "sent", "stored")},
                             {"field": "referrer_pattern", "sent": "https://n0.example/x", "stored": "n0.example"})
            self.assertIn("the path /x were cut off", meta["normalised"][0]["message"])

    def test_merge_is_the_default_and_keeps_the_others(self):
        self.acct.passthrough("stays.example")
        changed = self.acct.passthrough("changes.example", service_name="kept")
        data = self.done(self.send([{"domain": "https://Changes.example/", "utm_source": "new"}, {"domain": "added.example", "utm_source": "a"}], REFERRERS),
                         mode="merge", dry_run=False, rows=2, added=1, changed=1, removed=0, unchanged=0, version=3)
        self.assertEqual(set(data), {"mode", "dry_run", "rows", "added", "changed", "removed", "unchanged", "version"})
        now = {rule["domain"]: rule for rule in self.rules(REFERRERS)}
        self.assertEqual(set(now), {"stays.example", "changes.example", "added.example"})
        self.assertEqual((now["changes.example"]["id"], now["changes.example"]["service_name"]), (changed["id"], "kept"))
        self.assertEqual((now["changes.example"]["utm_source"], now["added.example"]["id"]), ("new", 3))

    def test_replace_leaves_exactly_the_given_rules(self):
        first = self.acct.passthrough("first.example")
        self.acct.passthrough("second.example")
        etag = self.acct.viewer.get(self.acct.at(f"{REFERRERS}/1")).header("ETag")
        rows = [{"domain": "third.example", "utm_source": "s"}, {"domain": "first.example", "utm_source": "source"}]
        self.done(self.send(rows, REFERRERS, mode="replace"), added=1, removed=1, unchanged=1, changed=0)
        self.assertEqual([rule["id"] for rule in self.rules(REFERRERS)], [1, 3])
        self.assertEqual(self.rules(REFERRERS)[0], first)
        self.assertEqual(self.acct.viewer.get(self.acct.at(f"{REFERRERS}/1")).header("ETag"), etag)
        self.expect(self.acct.viewer.get(self.acct.at(f"{REFERRERS}/2")), 404)

    def test_import_that_changes_nothing_leaves_the_version(self):
        rows = [{"referrer_pattern": "a.example", "utm_source": "s"}]
        version = self.done(self.send(rows), added=1)["version"]
        self.done(self.send(rows), unchanged=1, added=0, version=version)
        self.done(self.send(rows, mode="replace"), unchanged=1, version=version)

    def test_resolve_sees_an_import_at_once(self):
        self.done(self.send([{"referrer_pattern": f"h{i}.example", "utm_source": f"s{i}"} for i in range(300)]), added=300)
        visit = {"url": "https://shop.example/", "referrer": "https://h7.example/x"}
        self.assertEqual(self.acct.tracker.post(self.acct.at("/resolve"), visit).data["utm"]["utm_source"], "s7")

    def test_csv_may_come_from_a_spreadsheet(self):
        body = "\ufeffIs it used?,utm_source,is_active,priority,referrer_pattern\r\n" \
               "x,'=SUM(A1),TRUE,,\"a.example\"\r\n\r\n,s,no,7,b.example\n".encode()
        response = self.send(body, headers={"Content-Type": "text/csv; charset=utf-8"})
        self.done(response, added=2)
        self.assertEqual(response.json()["meta"]["ignored_fields"], ["Is it used?"])
        now = {rule["referrer_pattern"]: rule for rule in self.rules()}
        self.assertEqual((now["a.example"]["utm_source"], now["a.example"]["priority"], now["a.example"]["is_active"]), ("=SUM(A1)", 0, True))
        self.assertEqual((now["b.example"]["priority"], now["b.example"]["is_active"]), (7, False))
        strict = self.send(body, headers={**CSV, "Prefer": "handling=strict"})
        self.assertEqual(self.faults(strict, 1), [(1, "body.Is it used?", "extra_forbidden")])

    def test_texts_may_be_swapped(self):
        a, b = self.acct.mapping("a.example"), self.acct.mapping("b.example")
        self.done(self.send([{"id": a["id"], "referrer_pattern": "b.example", "utm_source": "source"},
                             {"id": b["id"], "referrer_pattern": "a.example", "utm_source": "source"}]), changed=2)
        self.assertEqual([rule["referrer_pattern"] for rule in self.rules()], ["b.example", "a.example"])

    def test_limit_counts_the_resulting_rules(self):
        with Program("--max-rules", "3", "--max-import-rules", "4", "--max-import-bytes", "2000") as program:
            own = Account(program)
            own.passthrough("a.example")
            rows = [{"domain": f"{name}.example", "utm_source": "s"} for name in "bcde"]
            self.rules_error(self.send(rows[:3], REFERRERS, own), 422, "max_entries_reached")
            self.rules_error(self.send(rows[:3], REFERRERS, own, dry_run="true"), 422, "max_entries_reached")
            self.done(self.send(rows[:3], REFERRERS, own, mode="replace"), added=3, removed=1)
            self.rules_error(self.send(rows + rows[:1], REFERRERS, own), 413, "payload_too_large")
            self.rules_error(self.send(b" " * 2001, MAPPINGS, own), 413, "payload_too_large")


class DryRuns(Transfers):
    def test_dry_run_tells_and_changes_nothing(self):
        self.acct.mapping("stays.example")
        changed = self.acct.mapping("changes.example", label="old", priority=3)
        removed = self.acct.mapping("goes.example")
        before = self.rules()
        body = document([{"referrer_pattern": "stays.example", "utm_source": "source", "label": "", "priority": ""},
                         {"referrer_pattern": "changes.example", "utm_source": "source", "label": "new", "priority": "4"},
                         {"referrer_pattern": "HTTP://New.example/path", "utm_source": "n", "label": "", "priority": "1"}])
        data = self.done(self.send(body, headers=CSV, mode="replace", dry_run="true"),
                         dry_run=True, rows=3, added=1, changed=1, removed=1, unchanged=1, version=3)
        preview = data["preview"]
        self.assertEqual(preview["changed"], [{"line": 3, "id": changed["id"], "referrer_pattern": "changes.example",
                                               "changes": {"label": {"from": "old", "to": "new"}, "priority": {"from": 3, "to": 4}}}])
        self.assertEqual(preview["removed"], [removed])
        self.assertEqual(preview["added"][0]["line"], 4)
        self.assertEqual((preview["added"][0]["rule"]["referrer_pattern"], preview["added"][0]["rule"]["label"]), ("new.example", None))
        self.assertNotIn("id", preview["added"][0]["rule"])
        self.assertEqual(self.rules(), before)
        done = self.done(self.send(body, headers=CSV, mode="replace"), added=1, changed=1, removed=1, unchanged=1, version=4)
        self.assertNotIn("preview", done)

    def test_a_dry_run_shows_every_change(self):
        rows = [{"domain": f"d{i}.example", "utm_source": "s"} for i in range(150)]
        data = self.done(self.send(rows, REFERRERS, dry_run="yes"), added=150)
        self.assertEqual([each["line"] for each in data["preview"]["added"]], [1] * 150)

    def test_dry_run_finds_the_faults_of_a_real_one(self):
        self.acct.mapping("a.example"), self.acct.mapping("b.example")
        rows = [{"id": 2, "referrer_pattern": "a.example", "utm_source": "s"}]
        told = [self.faults(self.send(rows, dry_run=dry), 1) for dry in ("true", "false")]
        self.assertEqual(told[0], [(1, "body[0].referrer_pattern", "duplicate_entry")])
        self.assertEqual(told[0], told[1])


class Faults(Transfers):
    def test_every_fault_of_every_row_is_told_with_its_line_and_nothing_is_stored(self):
        self.acct.mapping("kept.example")
        body = b"referrer_pattern,match_type,utm_source,description,priority\r\n" \
               b"good.example,,s,,\r\n" \
               b"(,regex,,\"two\r\nlines\",1001\r\n" \
               b"other.example,like,s,,many\r\n" \
               b"GOOD.example,,s\r\n" \
               b"https://good.example/,,s,,\r\n"
        error = self.rules_error_with_count(self.send(body, headers=CSV))
        self.assertEqual([(fault["line"], fault["field"], fault["type"]) for fault in error["detail"]],
                         [(3, "body[1].referrer_pattern", "value_error"), (3, "body[1].utm_source", "string_too_short"),
                          (3, "body[1].priority", "less_than_equal"), (5, "body[2].match_type", "enum"), (5, "body[2].priority", "int_parsing"),
                          (6, "body[3]", "value_error"), (7, "body[4].referrer_pattern", "duplicate_entry")])
        self.assertEqual(error["detail"][-1]["message"], "'good.example' is also in line 2")
        self.assertEqual(error["fault_count"], 7)
        self.assertEqual([rule["referrer_pattern"] for rule in self.rules()], ["kept.example"])

    def test_json_faults_have_lines_too(self):
        body = '{"success": true,\n "data": {"referrers": [\n  {"domain": "a.example", "utm_source": "s"},\n  {"domain": "x"},\n  7\n ]}}'
        self.assertEqual(self.faults(self.send(body, REFERRERS), 3),
                         [(4, "body[1].domain", "value_error"), (4, "body[1].utm_source", "missing"), (5, "body[2]", "dict_type")])

    def test_every_faulty_row_is_told_and_all_faults_are_counted(self):
        error = self.rules_error_with_count(self.send([{}] * 500, REFERRERS))
        self.assertEqual((len(error["detail"]), error["fault_count"]), (550, 1000))
        rows = [int(fault["field"].split("[")[1].split("]")[0]) for fault in error["detail"]]
        self.assertEqual(set(rows), set(range(500)))
        self.assertIn("1000 faults", error["message"])

    def test_faults_of_rows_come_with_those_against_existing_rules(self):
        self.acct.passthrough("a.example"), self.acct.passthrough("b.example")
        rows = [{"id": 2, "domain": "a.example", "utm_source": "s"}, {"domain": "no domain", "utm_source": "s"}]
        told = self.faults(self.send(rows, REFERRERS), 2)
        self.assertEqual({(field, kind) for _, field, kind in told}, {("body[0].domain", "duplicate_entry"), ("body[1].domain", "value_error")})

    def test_what_is_no_document_is_a_bad_request_and_what_is_no_list_of_rules_invalid(self):
        for body, headers in ((b"", None), (b"[", None), (b"[{}]x", None), (b"\xef\xbb\xbf[]", None), (b"", CSV), (b'a,b\n"open', CSV),
                              (b"a,b\nx\"y,z", CSV), (b"domain,utm_source\n\xff,s", CSV), (b"\xff\xfed\x00o\x00", CSV)):
            with self.subTest(body=body, headers=headers):
                self.rules_error(self.send(body, REFERRERS, headers=headers), 400, "bad_request")
        for body in (b"7", b"{}", b'{"mappings":[]}', b'{"referrers":{}}', b"null"):
            with self.subTest(body=body):
                self.faults(self.send(body, REFERRERS), 1)
        self.assertEqual(self.faults(self.send(b"domain|utm_source\na|b", REFERRERS, headers=CSV), 2),
                         [(1, "body.domain", "missing"), (1, "body.utm_source", "missing")])

    def test_bad_requests_are_refused_before_the_body_is_looked_at(self):
        for query in ({"mode": "mix"}, {"dry_run": "perhaps"}):
            response = self.send(b"[", **query)
            self.invalid(response, f"query.{next(iter(query))}")
        self.rules_error(self.send(b"x", headers={"Content-Type": "text/plain"}), 415, "unsupported_media_type")
        self.rules_error(self.acct.viewer.post(self.acct.at(MAPPINGS + "/import"), []), 403, "forbidden")
        self.rules_error(Account().editor.post(self.acct.at(MAPPINGS + "/import"), []), 403, "forbidden")
        self.invalid(self.acct.editor.post(MAPPINGS + "/import", []), "query.account_id")

    def test_more_than_50000_rows_and_more_than_32_mib_are_too_large(self):
        rows = b"domain,utm_source\n" + b"".join(b"d%d.example,s\n" % i for i in range(50_001))
        self.rules_error(self.send(rows, REFERRERS, headers=CSV), 413, "payload_too_large")
        for path in KINDS:
            response = self.send(b" ", path, headers={"Content-Length": str((32 << 20) + 1)})  # answered before it is sent
            self.rules_error(response, 413, "payload_too_large")
        self.assertEqual(self.rules(REFERRERS), [])


class Idempotency(Transfers):
    def test_same_request_again_gets_the_first_counts_and_changes_nothing(self):
        rows, key = [{"domain": "a.example", "utm_source": "s"}], {"Idempotency-Key": "i"}
        first = self.send(rows, REFERRERS, headers=key)
        self.done(first, added=1, version=1)
        self.expect(self.acct.editor.delete(self.acct.at(f"{REFERRERS}/1")), 204)
        again = self.send(rows, REFERRERS, headers=key)
        self.assertEqual(again.header("Idempotent-Replayed"), "true")
        self.assertEqual(self.expect(again, 200).data, first.data)
        self.assertEqual(self.rules(REFERRERS), [])
        self.rules_error(self.send(rows + [{"domain": "b.example", "utm_source": "s"}], REFERRERS, headers=key), 422, "idempotency_key_reused")

    def test_dry_runs_and_no_ops_store_no_key(self):
        rows, key = [{"domain": "a.example", "utm_source": "s"}], {"Idempotency-Key": "i"}
        self.done(self.send(rows, REFERRERS, headers=key, dry_run="true"), added=1)
        self.assertIsNone(self.send([], REFERRERS, headers=key).header("Idempotent-Replayed"))
        fresh = self.send(rows, REFERRERS, headers=key)
        self.assertIsNone(fresh.header("Idempotent-Replayed"))
        self.done(fresh, added=1)


class Size(Transfers):
    def test_50000_rules_come_in_and_go_out_while_others_are_served(self):
        other = Account()
        rule = other.mapping("other.example")
        rows = [{"referrer_pattern": f"^h{i}\\.example$" if i % 10 == 0 else f"h{i}.example", "utm_source": f"s{i}", "description": "x" * 200,
                 "match_type": "regex" if i % 10 == 0 else "exact"} for i in range(50_000)]
        slowest, stop = [0.0], threading.Event()

        def look():
            client = self.program.client(other.viewer.token)
            while not stop.is_set():
                began = time.monotonic()
                assert client.get(other.at(f"{MAPPINGS}/{rule['id']}")).status == 200
                slowest[0] = max(slowest[0], time.monotonic() - began)
        looker = threading.Thread(target=look)
        body = document(rows)
        looker.start()
        try:
            self.done(self.send(body, headers=CSV), added=50_000)
            exported = self.export(format="csv").body
            self.done(self.send(exported, headers=CSV, mode="replace"), unchanged=50_000, added=0, changed=0)
        finally:
            stop.set()
            looker.join()
        self.assertLess(slowest[0], 2.0)
        self.rules_error(self.send([{"referrer_pattern": "one-more.example", "utm_source": "s"}]), 422, "max_entries_reached")


    def test_document_of_32_mib_is_taken(self):
        body = json.dumps([{"referrer_pattern": "a.example", "utm_source": "s"}]).encode()
        self.done(self.send(body.ljust(32 << 20)), added=1)


class Storage(Transfers):
    def test_write_that_fails_stores_nothing_that_is_shown(self):
        for path in KINDS:
            with Program("--checkpoint-seconds", "0") as program:  # whose checkpointer does not write
                own = Account(program)
                own.editor, own.viewer  # tokens, while they can be made
                program.limit_file_size(0)
                self.rules_error(self.send([{KINDS[path][1]: "a.example", "utm_source": "s"}], path, own), 503, "outcome_unknown")
                self.assertEqual(self.rules(path, own), [])
                program.limit_file_size(None)

    def test_kill_around_an_import_leaves_all_of_it_or_nothing(self):
        with Program() as program:
            own = Account(program)
            token, rows = own.editor.token, 4000
            present, version = 0, 0
            for number, delay in enumerate((0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)):
                body = document([{"domain": f"k{number}-{i}.example", "utm_source": f"s{number}", "service_name": "n" * 90} for i in range(rows)])
                acknowledged = []

                def send(client):
                    try:
                        response = client.post(own.at(REFERRERS + "/import", mode="replace"), body, CSV)
                        acknowledged.append(response.status)
                    except Exception:  # the server died before it answered
                        pass
                sender = threading.Thread(target=send, args=(program.client(token),))
                sender.start()
                time.sleep(delay)
                program.kill()
                sender.join(30)
                program.start()
                data = program.client(token).get(own.at(REFERRERS + "/export")).data
                sources = {rule["utm_source"] for rule in data["referrers"]}
                self.assertIn(len(data["referrers"]), (0, rows))
                self.assertLessEqual(len(sources), 1)
                if acknowledged:
                    self.assertEqual(acknowledged, [200])
                    self.assertEqual(sources, {f"s{number}"})
                self.assertIn(data["version"], (version, version + 1))
                version = data["version"]
                present += bool(acknowledged)
            self.assertGreater(present, 0)
