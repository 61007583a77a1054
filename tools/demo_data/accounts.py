"""Accounts and tokens: a hotel chain, one account with nothing in it, and people with roles.

Until everything is there the names of the accounts say so. A name that still says so is of a run that was interrupted.
"""
from .api import Api, Failure, Refused

UNFINISHED = " (tools/demo is filling it)"
TITLES = ("Acme Hotels", "Harbour Hostels", "Ten thousand rules")
# In the order in which they are made: who, role, and more fields of the token.
PEOPLE = (
    ("Ana", "editor", {}),
    ("Luis", "editor", {}),
    ("tag manager", "editor", {}),
    ("Marketing report", "viewer", {}),
    ("www.acme.example", "tracker", {"allowed_origins": ["https://www.acme.example"]}),
    ("Winter agency", "viewer", {"expires_in_days": 90}),
    ("Former agency", "editor", {}),
)
EDITOR, VIEWER, REVOKED = "Ana", "Marketing report", "Former agency"


NOT_FOR_ACCOUNTS = ("this token may not make accounts: it takes an admin token for all accounts, such as the one that "
                    "tools/start prints")


def there_are(api: Api, admin: str) -> list:
    """The accounts of the installation; fails with what to do if the token may not see them."""
    try:
        its = api.data(admin, "GET", "/api-tokens/self")
        if "admin" not in its["scopes"]:
            raise Failure(NOT_FOR_ACCOUNTS)
        return api.data(admin, "GET", "/accounts")["accounts"]
    except Refused as refused:
        if refused.status == 401:
            raise Failure(f"{api.url} does not know this token: {refused.message}. tools/start prints the admin token; "
                          "give it in a file with --token-file, or in HEADWATER_TOKEN") from refused
        if refused.status == 403:
            raise Failure(NOT_FOR_ACCOUNTS) from refused
        if refused.status == 404:
            raise Failure(f"what answers at {api.url} is not Headwater") from refused
        raise


def check(accounts: list, wanted: list, is_named: bool):
    """Fails unless the wanted accounts can be made beside those that there are."""
    known = {each["account_id"]: each for each in accounts}
    for name in wanted:
        if name in known and known[name]["name"].endswith(UNFINISHED):
            raise Failure(f"an earlier run was interrupted and left the account {name} half filled, or is still at it. "
                          f"--account NAME makes a whole one beside it; DELETE /accounts/{name} erases it for good")
        if name in known:
            raise Failure(f"there is an account {name} already: nothing was changed; --account NAME takes a name that is new")
    if accounts and not is_named:
        unfinished = [each["account_id"] for each in accounts if each["name"].endswith(UNFINISHED)]
        told = f" (one of them, {unfinished[0]}, is of a run that was interrupted)" if unfinished else ""
        raise Failure(f"this installation has {len(accounts)} account{'s' if len(accounts) > 1 else ''} already{told}: nothing was "
                      "changed; --account NAME makes the example beside them, under a name that is new")


def free_brands(accounts: list, count: int) -> list:
    """The lowest numbers that are no brand yet, from 1."""
    taken = {brand for each in accounts for brand in each["brand_ids"]}
    return [brand for brand in range(1, len(taken) + count + 1) if brand not in taken][:count]


def make(api: Api, admin: str, name: str, title: str, brand: int):
    try:
        api.data(admin, "POST", "/accounts", {"account_id": name, "name": title + UNFINISHED, "brand_ids": [brand]})
    except Refused as refused:
        if refused.status in (409, 410):
            raise Failure(f"the name {name} or the brand {brand} is not free: {refused.message}; "
                          "--account NAME takes a name that was never there") from refused
        raise


def finish(api: Api, admin: str, name: str, title: str):
    api.data(admin, "PATCH", f"/accounts/{name}", {"name": title})


def make_tokens(api: Api, admin: str, name: str, others: list) -> dict:
    """Secrets by who has them. The two that are printed see the other accounts, too."""
    secrets = {}
    for who, role, more in PEOPLE:
        seen = [name, *others] if who in (EDITOR, VIEWER) else [name]
        made = api.data(admin, "POST", "/api-tokens", {"name": who, "role": role, "account_ids": seen, **more})
        secrets[who] = made["token"]
        if who == REVOKED:
            api.send(admin, "DELETE", f"/api-tokens/{made['id']}")
    return secrets
