"""Amazon's request-desync corpus: never a hang, never two answers to one request, 400 for the severe."""
import concurrent.futures

from . import corpora
from .case import Case
from .program import Program
from .wire import Connection, NoResponse


def as_bytes(case: dict) -> bytes:
    """The case as a request. A Host is added where the case brings none: it is about other things."""
    version = f" {case['version']}" if case["version"] else ""
    lines = [f"{case['method']} {case['uri']}{version}"]
    headers = case["headers"] or []
    if not any(header["name"].strip().lower() == "host" for header in headers):
        lines.append("Host: localhost")
    lines += [f"{header['name']}: {header['value']}" for header in headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def answers(address, data: bytes) -> tuple:
    """All answers to these bytes until the server closes, and whether it did close in time."""
    found = []
    with Connection(address, timeout=10) as connection:
        try:
            connection.send(data)
            connection.socket.shutdown(1)
            while True:
                found.append(connection.read_response(head=data.startswith(b"HEAD"), timeout=10))
        except NoResponse as fault:
            return found, "in time" not in str(fault)
        except ConnectionError:
            return found, True


class Desync(Case):
    @classmethod
    def setUpClass(cls):
        cls.cases = corpora.desync_cases()
        if not cls.cases:
            corpora.skip("http-desync")
        cls.own = Program("--header-timeout", "2", "--body-timeout", "2", "--idle-timeout", "2").start()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            # A body of "0\r\n\r\n" ends a chunked one, is short for any length, and is no request.
            outcomes = list(pool.map(lambda case: answers(cls.own.address, as_bytes(case[1]) + b"0\r\n\r\n"), cls.cases))
        cls.outcomes = [(name, case, *outcome) for (name, case), outcome in zip(cls.cases, outcomes)]

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def each(self, tier=None):
        for name, case, found, closed in self.outcomes:
            if tier in (None, case["expected"]["tier"]):
                shown = f"\n{as_bytes(case)!r}\n" + "\n".join(map(str, found))
                yield name, case, found, closed, shown

    def test_no_case_hangs(self):
        for name, _, _, closed, shown in self.each():
            with self.subTest(case=name):
                self.assertTrue(closed, shown)

    def test_no_case_has_two_good_answers(self):
        for name, _, found, _, shown in self.each():
            with self.subTest(case=name):
                # What follows a complete request without a body is read as a second one: junk, 400.
                good = [response for response in found if response.status != 400]
                self.assertLessEqual(len(good), 1, shown)
                self.assertLessEqual(len(found), 2, shown)

    def test_no_case_reaches_a_resource_or_breaks_the_server(self):
        for name, _, found, _, shown in self.each():
            with self.subTest(case=name):
                for response in found:
                    self.assertIn(response.status, (400, 401, 404, 405, 408, 413, 414, 431, 501, 505), shown)

    def test_severe_cases_are_400_and_close(self):
        for name, _, found, closed, shown in self.each("Severe"):
            with self.subTest(case=name):
                self.assertEqual([response.status for response in found], [400], shown)
                self.assertTrue(closed, shown)

    def test_ambiguous_cases_have_at_most_one_answer_of_a_handler(self):
        for name, case, found, _, shown in self.each("Ambiguous"):
            if case["method"] not in ("GET", "HEAD"):
                with self.subTest(case=name):
                    self.assertLessEqual(len([response for response in found if response.status not in (400, 408)]), 1, shown)

    def test_server_is_well_afterwards(self):
        self.assertEqual(self.own.client(None).get("/livez").status, 200)
