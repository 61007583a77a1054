"""The JSON parsing corpus, file by file, as bodies of a rule and of a push."""

from . import corpora
from .case import Case


class JsonCorpus(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = corpora.json_cases()
        if not cls.cases:
            corpora.skip("json")
        cls.link = cls.acct.connection()

    def each(self, prefix):
        found = [path for path in self.cases if path.name.startswith(prefix)]
        self.assertTrue(found)
        return found

    def as_rule(self, body):
        return self.acct.editor.post(self.acct.at("/referrer-mappings"), body)

    def as_push(self, body):
        return self.acct.editor.post(self.acct.events(self.link), body)

    def test_what_is_not_json_is_400_in_both_families(self):
        for path in self.each("n_"):
            with self.subTest(file=path.name):
                body = path.read_bytes()
                self.rules_error(self.as_rule(body), 400, "bad_request")
                self.vendor_error(self.as_push(body), 400)

    def test_what_is_json_is_never_a_syntax_error(self):
        for path in self.each("y_"):
            with self.subTest(file=path.name):
                body = path.read_bytes()
                self.rules_error(self.as_rule(body), 422, "validation_error")
                response = self.as_push(body)
                self.assertIn(response.status, (200, 422) if body.strip().startswith(b"[") else (400,), f"\n{response}")

    def test_what_parsers_may_choose_gets_an_answer_and_does_no_harm(self):
        for path in self.each("i_"):
            with self.subTest(file=path.name):
                body = path.read_bytes()
                self.assertIn(self.as_rule(body).status, (400, 422))
                self.assertIn(self.as_push(body).status, (200, 400, 422))

    def test_nothing_of_all_this_made_a_rule(self):
        self.assertEqual(self.acct.viewer.get(self.acct.at("/referrer-mappings")).data["total"], 0)
