"""The base of all test cases: assertions whose failure shows the request and the response."""
import re
import unittest

from . import world

ULID = re.compile(r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$")
SECONDS = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


class Case(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.acct = world.Account()

    @property
    def program(self):
        return self.acct.program

    def expect(self, response, status: int):
        """The response, once it is known to have this status."""
        self.assertEqual(response.status, status, f"\n{response}")
        self.assertTrue(response.header("X-Request-ID"), f"no X-Request-ID\n{response}")
        if response.body:
            self.assertNotEqual(status, 204, f"204 has no body\n{response}")
        return response

    def rules_error(self, response, status: int, code: str, message: str = None) -> dict:
        """An error of the rules family; its `error` object."""
        self.expect(response, status)
        self.assertEqual(response.header("Content-Type", "").split(";")[0], "application/json",
                         f"\n{response}")
        value = response.json()
        self.assertEqual(set(value), {"error", "request_id"}, f"\n{response}")
        self.assertEqual(value["request_id"], response.header("X-Request-ID"), f"\n{response}")
        self.assertLessEqual({"code", "message"}, set(value["error"]), f"\n{response}")
        self.assertLessEqual(set(value["error"]), {"code", "message", "detail"}, f"\n{response}")
        self.assertEqual(value["error"]["code"], code, f"\n{response}")
        if message is not None:
            self.assertEqual(value["error"]["message"], message, f"\n{response}")
        return value["error"]

    def invalid(self, response, *fields) -> list:
        """A 422 of the rules family that names at least exactly these fields; its details."""
        detail = self.rules_error(response, 422, "validation_error").get("detail")
        self.assertIsInstance(detail, list, f"\n{response}")
        for fault in detail:
            self.assertEqual(set(fault), {"field", "message", "type"}, f"\n{response}")
            self.assertTrue(fault["message"] and fault["type"], f"\n{response}")
        self.assertEqual({fault["field"] for fault in detail}, set(fields), f"\n{response}")
        return detail

    def vendor_error(self, response, status: int, text: str = None) -> str:
        """An error of the AI-referrals family, `{"detail": "..."}`; its text."""
        self.expect(response, status)
        value = response.json()
        self.assertEqual(set(value), {"detail"}, f"\n{response}")
        self.assertIsInstance(value["detail"], str, f"\n{response}")
        self.assertTrue(value["detail"], f"\n{response}")
        if text is not None:
            self.assertEqual(value["detail"], text, f"\n{response}")
        return value["detail"]

    def vendor_invalid(self, response, *places) -> list:
        """A 422 of the AI-referrals family with faults at exactly these `loc`s; its details."""
        self.expect(response, 422)
        value = response.json()
        self.assertEqual(set(value), {"detail"}, f"\n{response}")
        self.assertIsInstance(value["detail"], list, f"\n{response}")
        for fault in value["detail"]:
            self.assertEqual(set(fault), {"loc", "msg", "type"}, f"\n{response}")
            self.assertTrue(fault["msg"] and fault["type"], f"\n{response}")
        if places:
            self.assertEqual(sorted(map(repr, {tuple(f["loc"]) for f in value["detail"]})),
                             sorted(map(repr, set(map(tuple, places)))), f"\n{response}")
        return value["detail"]


def only_list(data: dict) -> list:
    """The one list in an answer's data, whatever its name is."""
    found = [value for value in data.values() if isinstance(value, list)]
    if len(found) != 1:
        raise AssertionError(f"expected one list in {data}")
    return found[0]
