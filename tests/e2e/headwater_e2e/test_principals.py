"""Who made a change: events and differences give the token's id and, as far as the reader may see it, its name."""
import json

from .case import Case
from .world import Account, make_token

MAP = "/referrer-mappings"
NDJSON, SSE = {"Accept": "application/x-ndjson"}, {"Accept": "text/event-stream"}


class Principals(Case):
    def setUp(self):
        self.acct = Account()

    def token(self, name: str, accounts: list, role: str = "editor"):
        made = make_token(self.acct.operator, name=name, role=role, account_ids=accounts)
        return str(made["id"]), self.acct.program.client(made["token"])

    def events(self, client=None) -> list:
        return self.expect((client or self.acct.viewer).get(f"/events?account_id={self.acct.id}"), 200).data["events"]

    def shown(self, client=None) -> list:
        return [(event["part"]["principal"], event["principal_name"]) for event in self.events(client)]

    def added(self, client=None) -> list:
        answer = self.expect((client or self.acct.viewer).get(f"/accounts/{self.acct.id}/diff?from=0"), 200)
        return [(rule["by"], rule["by_name"]) for rule in answer.data["referrer_mappings"]["added"]]

    def create(self, client, pattern: str):
        self.expect(client.post(self.acct.at(MAP), {"referrer_pattern": pattern, "utm_source": "s"}), 201)

    def test_names_are_shown_to_all_who_may_read_the_account(self):
        mine, editor = self.token("tag manager", [self.acct.id])
        both, agency = self.token("agency \"x\" \\", [self.acct.id, Account().id])
        self.create(editor, "a.example")
        self.create(agency, "b.example")
        expected = [(mine, "tag manager"), (both, "agency \"x\" \\")]
        self.assertEqual(self.shown(), expected)
        self.assertEqual(sorted(self.added()), sorted(expected))
        lines = self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}", headers=NDJSON), 200).body.decode().splitlines()
        self.assertEqual([json.loads(line)["principal_name"] for line in lines], [name for _, name in expected])
        following = self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}&limit=2", headers=SSE), 200).body.decode()
        data = [line[6:] for line in following.splitlines() if line.startswith("data: ")]
        self.assertEqual(data, lines)

    def test_token_of_all_accounts_is_the_operator_to_others(self):
        boss, operator = self.token("Jane of operations", ["*"])
        self.create(operator, "a.example")
        for client in (self.acct.viewer, self.acct.editor, self.acct.admin, self.token("agency", [self.acct.id, Account().id])[1]):
            self.assertEqual(self.shown(client), [(boss, "operator")])
            self.assertEqual(self.added(client), [(boss, "operator")])
        self.assertEqual(self.shown(operator), [(boss, "Jane of operations")])
        self.assertEqual(self.added(operator), [(boss, "Jane of operations")])
        text = json.dumps(self.events())
        self.assertNotIn("Jane", text)

    def test_nobody_else_is_called_operator(self):
        for name in ("operator", "Operator", " OPERATOR\t"):
            for creator in (self.acct.operator, self.acct.admin):
                with self.subTest(name=name):
                    response = creator.post("/api-tokens", {"name": name, "role": "viewer", "account_ids": [self.acct.id]})
                    self.invalid(response, "body.name")
        self.invalid(self.acct.admin.post("/api-tokens", {"name": "operator", "role": "viewer"}), "body.name")
        boss, operator = self.token("operator", ["*"])
        self.create(operator, "a.example")
        self.assertEqual(self.shown(), [(boss, "operator")])

    def test_revoked_token_keeps_its_name(self):
        mine, editor = self.token("tag manager", [self.acct.id])
        self.create(editor, "a.example")
        self.expect(self.acct.admin.delete(f"/api-tokens/{mine}"), 200)
        self.assertEqual(self.shown(), [(mine, "tag manager")])
        self.assertEqual(self.added(), [(mine, "tag manager")])

    def test_system_stream_has_names_too(self):
        answer = self.expect(self.acct.operator.get("/events?stream=system&limit=1000"), 200)
        first = answer.data["events"][0]
        self.assertEqual((first["part"]["principal"], first["principal_name"]), ("0", "installation"))
        self.assertTrue(all(event["principal_name"] for event in answer.data["events"] if event["part"] and event["part"]["principal"] in ("0", "1")))
