"""Sends the changes of the story, each with the token of the one who made it."""
from . import story
from .api import CSV, Api, Failure

KEYS = {story.PASSTHROUGH: ("domain", "referrers"), story.MAPPING: ("referrer_pattern", "mappings")}


class Player:
    """Plays the story in one account; knows the id of each rule."""

    def __init__(self, api: Api, account: str, secrets: dict):
        self.api, self.account, self.secrets = api, account, secrets
        self.ids = {}  # (kind, domain or pattern as it was written) -> id

    def play(self, steps: list):
        for step in steps:
            getattr(self, f"_{step.what}")(step)
        self._check(steps)

    def _send(self, step, method: str, path: str, body=None, **more):
        more["query"] = {"account_id": self.account, **more.get("query", {})}
        return self.api.send(self.secrets[step.who], method, path, body, **more)

    def _at(self, step) -> str:
        return f"/{step.kind}/{self.ids[step.kind, step.key]}"

    def _create(self, step):
        field, _ = KEYS[step.kind]
        made = self._send(step, "POST", f"/{step.kind}", {field: step.key, **step.fields})["data"]
        self.ids[step.kind, step.key] = made["id"]

    def _update(self, step):
        self._send(step, "PATCH", self._at(step), step.fields)

    def _delete(self, step):
        self._send(step, "DELETE", self._at(step))

    def _import(self, step):
        field, rows = KEYS[step.kind]
        self._send(step, "POST", f"/{step.kind}/import", story.csv_of(step.fields), form=CSV)
        listed = self._send(step, "GET", f"/{step.kind}", query={"include_inactive": "true"})["data"][rows]
        self.ids.update({(step.kind, each[field]): each["id"] for each in listed if each[field] in step.fields})

    def _restore(self, step):
        self._own(step, "POST", "restore-rules", query=step.fields)

    def _settings(self, step):
        self._own(step, "PATCH", "attribution", step.fields)

    def _own(self, step, method: str, what: str, body=None, query: dict = None):
        self.api.send(self.secrets[step.who], method, f"/accounts/{self.account}/{what}", body, query=query)

    def _check(self, steps: list):
        """Each step is one event, unless somebody else works in the account, too."""
        query = {"account_id": self.account, "limit": 1}
        end = self.api.send(self.secrets[steps[0].who], "GET", "/events", query=query)["meta"]["end"]
        if end != len(steps):
            raise Failure(f"the account {self.account} has {end} changes instead of {len(steps)}: did somebody else change it meanwhile?")
