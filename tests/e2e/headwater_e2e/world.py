"""One running program that all tests of a process share, and accounts that no two tests share."""
import itertools
import os

from .program import SECRETS, Program

_shared = None
_numbers = itertools.count(1)


def shared() -> Program:
    """The shared program, started on first use with default settings, but that logins may fail as often as tests like."""
    global _shared
    if _shared is None:
        _shared = Program("--failed-logins", "0").start()
    return _shared


def close_shared():
    """Ends the shared program; raises if it did not end well or logged a secret."""
    global _shared
    ended, _shared = _shared, None
    if ended is not None:
        ended.close()


def make_token(admin, **fields) -> dict:
    """Creates a token through the API; the answer's data, with the secret in `token`."""
    fields.setdefault("name", "made by a test")
    response = admin.post("/api-tokens", fields)
    if response.status != 201:
        raise AssertionError(f"no token\n{response}")
    SECRETS.add(response.data["token"])
    return response.data


class Account:
    """A fresh account with one brand, and clients of each role that are bound to it alone."""

    def __init__(self, program: Program = None, brands: int = 1):
        self.program = program or shared()
        number = next(_numbers)
        self.id = f"acct-{os.getpid()}-{number}"
        self.brand_ids = [number * 10 + i + 1 for i in range(brands)]
        self.operator = self.program.client()
        response = self.operator.post("/accounts", {"account_id": self.id, "name": f"Account {number}",
                                                    "brand_ids": self.brand_ids})
        if response.status != 201:
            raise AssertionError(f"no account\n{response}")
        self._clients = {}

    @property
    def brand(self) -> int:
        return self.brand_ids[0]

    def client(self, role: str):
        if role not in self._clients:
            made = make_token(self.operator, role=role, account_ids=[self.id])
            self._clients[role] = self.program.client(made["token"])
        return self._clients[role]

    def find_again(self):
        """The program was started again, at another port."""
        self.operator = self.program.client()
        self._clients = {role: self.program.client(old.token) for role, old in self._clients.items()}

    admin = property(lambda self: self.client("admin"))
    editor = property(lambda self: self.client("editor"))
    viewer = property(lambda self: self.client("viewer"))
    tracker = property(lambda self: self.client("tracker"))

    def at(self, path: str, **query) -> str:
        """The path with this account's id and more query parameters."""
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return f"{path}?account_id={self.id}{more}"

    def passthrough(self, domain: str, **fields) -> dict:
        body = {"domain": domain, "utm_source": "source", **fields}
        return self._made(self.editor.post(self.at("/passthrough-referrers"), body))

    def mapping(self, pattern: str, **fields) -> dict:
        body = {"referrer_pattern": pattern, "utm_source": "source", **fields}
        return self._made(self.editor.post(self.at("/referrer-mappings"), body))

    def connection(self, website: str = "https://shop.example", provider: str = "custom") -> dict:
        response = self.editor.post(self.connections(), {"website": website, "provider": provider})
        if response.status != 201:
            raise AssertionError(f"no connection\n{response}")
        return response.json()

    def connections(self, connection_id: str = "", tail: str = "") -> str:
        path = f"/v1/{self.brand}/ai-referrals/connections"
        return path + (f"/{connection_id}" if connection_id else "") + tail

    def platforms(self, host: str = "") -> str:
        return f"/v1/{self.brand}/ai-referrals/platforms" + (f"/{host}" if host else "")

    def events(self, connection: dict) -> str:
        return self.connections(connection["id"], "/events")

    def resolve(self, url="https://shop.example/", referrer=None, session=None, **query):
        visit = {"url": url, "referrer": referrer, "session": session}
        return self._data(self.viewer.post(self.at("/resolve", **query), visit))

    @staticmethod
    def _made(response) -> dict:
        if response.status != 201:
            raise AssertionError(f"not created\n{response}")
        return response.data

    @staticmethod
    def _data(response) -> dict:
        if response.status != 200:
            raise AssertionError(f"not resolved\n{response}")
        return response.data
