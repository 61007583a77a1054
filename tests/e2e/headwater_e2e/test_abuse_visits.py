"""What the visits of one account do to another's: the attacker holds a tracker's token, which stands in every page, of an
account whose editor has made the worst rules that there are.
"""
import json

from .abuse import VISIT, Attack, connections, request

REGEXES = 20_000
CONNECTIONS = connections(20)


class TestVisits(Attack):
    @classmethod
    def prepare(cls):
        # None of them demands a literal, so each may have to run on any host.
        rules = [{"referrer_pattern": f"^[a-w.-]{{5}}[^q]+[0-9]$(?#{number})", "match_type": "regex", "utm_source": "s"}
                 for number in range(REGEXES)]
        answer = cls.hostile.editor.post(cls.hostile.at("/referrer-mappings/import", mode="merge"), rules)
        assert answer.status == 200, answer

    def visits(self, body: bytes, media: str = "application/json") -> bytes:
        return request(self.hostile.at("/resolve"), self.hostile.tracker.token, body, media)

    def check(self, message: bytes, at_least: int = 10):
        attacker = self.attack(message, CONNECTIONS)
        self.others_are_served_in_time()
        self.assertGreater(attacker.answered, at_least, "there was no attack")

    def test_single_visits_against_thousands_of_regexes_leave_others_their_time(self):
        self.check(self.visits(VISIT))

    def test_batches_against_thousands_of_regexes_leave_others_their_time(self):
        self.check(self.visits((VISIT + b"\n") * 10, "application/x-ndjson"))

    def test_a_million_numbers_beyond_all_bounds_leave_others_their_time(self):
        self.check(self.visits(b'{"visits":[' + b",".join([b"1e999"] * 1_000_000) + b"]}"), 0)

    def test_many_thousands_of_unknown_members_leave_others_their_time(self):
        self.check(self.visits(b"{" + b",".join(b'"key%09d":1' % number for number in range(100_000)) + b"}"), 0)

    def test_large_drafts_leave_others_their_time(self):
        rule = b'{"pattern":"a","priority":[%s]}' % b",".join([b"1"] * 1_000_000)
        self.check(self.visits(VISIT[:-1] + b',"draft":{"referrer_mappings":{"add":[' + rule + b"]}}}"), 0)

    def work(self, body: bytes, media: str):
        self.work_ends_when_they_have_gone(self.hold(4, self.visits(body, media)))

    def test_work_on_a_batch_for_clients_that_have_gone_ends(self):
        self.work(json.dumps({"visits": [json.loads(VISIT)] * 10_000}).encode(), "application/json")

    def test_work_on_lines_for_clients_that_have_gone_ends(self):
        self.work((VISIT + b"\n") * 2_000, "application/x-ndjson")

    def test_lines_that_are_not_read_end_with_the_program(self):
        self.hold(CONNECTIONS, self.visits((VISIT + b"\n") * 1_000, "application/x-ndjson"))
        self.others_are_served_in_time()


class TestRequestsAtWork(Attack):
    """Of all requests that may be at work, one account has its share, however many connections it has."""
    FLAGS = ("--max-in-flight", "32", "--rate-limit", "0")

    def test_many_requests_of_one_account_refuse_none_of_others(self):
        # Drafts are many changes, between which others have their turns: so many of them are at work at a time.
        draft = {"referrer_mappings": {"add": [{"referrer_pattern": f"draft{number}.example", "utm_source": "s"}
                                               for number in range(1000)]}}
        body = json.dumps({**json.loads(VISIT), "draft": draft}).encode()
        attacker = self.attack(request(self.hostile.at("/resolve"), self.hostile.editor.token, body), connections(200))
        self.others_are_served_in_time()
        self.assertGreater(attacker.answered, 10, "there was no attack")
