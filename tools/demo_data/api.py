"""A client of the HTTP API: one kept-alive connection, several tokens, errors that a person can act on."""
import http.client
import json
import socket
import ssl
import time
import urllib.parse
import uuid

PATIENCE = 5  # attempts at a request that the service puts off
PUT_OFF = (429, 502, 503, 504)
CSV = "text/csv"
NDJSON = "application/x-ndjson"


class Failure(Exception):
    """One line for the person who runs this."""


class Refused(Failure):
    """The service answered, with an error."""

    def __init__(self, what: str, status: int, message: str, request_id: str):
        told = f" (request {request_id})" if request_id else ""
        super().__init__(f"the service answered {status} to {what}: {message}{told}")
        self.status, self.message = status, message


class Api:
    """Requests below `url`. Those that a lost connection took are sent again; a POST has an Idempotency-Key, so that it happens once."""

    def __init__(self, url: str, timeout: float = 60.0):
        parts = urllib.parse.urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise Failure(f"not the URL of a service: {url}")
        try:
            self.port = parts.port
        except ValueError as fault:
            raise Failure(f"not the URL of a service: {url} ({fault})") from fault
        self.host, self.prefix, self.is_tls = parts.hostname, parts.path.rstrip("/"), parts.scheme == "https"
        self.url = f"{parts.scheme}://{parts.netloc}{self.prefix}"
        self.timeout = timeout
        self._connection = None

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def data(self, *request, **more):
        """The `data` of an answer of the rules, accounts and tokens."""
        answer = self.send(*request, **more)
        if not isinstance(answer, dict) or "data" not in answer:
            raise self._not_headwater()
        return answer["data"]

    def send(self, token: str, method: str, path: str, body=None, query: dict = None, form: str = None):
        """The answer as JSON, None if it has no body. `form` is the content type of a body that is bytes."""
        target = self.prefix + path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        if body is not None and form is None:
            body, form = json.dumps(body).encode(), "application/json"
        if body is not None:
            headers["Content-Type"] = form
        response, text = self._answer(method, target, body, headers)
        if response.status >= 400:
            raise Refused(f"{method} {path}", response.status, self._message(text), response.headers.get("X-Request-ID"))
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError as fault:
            raise self._not_headwater() from fault

    def _answer(self, method: str, target: str, body, headers: dict):
        for attempt in range(1, PATIENCE + 1):
            try:
                response, text = self._exchange(method, target, body, headers)
            except (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected) as fault:
                self.close()  # an idle connection may have been closed at the other end
                if attempt == PATIENCE:
                    raise Failure(f"{self.url} closed the connection at {method} {target}") from fault
            except (OSError, http.client.HTTPException) as fault:
                self.close()
                raise self._unreachable(fault) from fault
            else:
                if response.status not in PUT_OFF or attempt == PATIENCE:
                    return response, text
                wait = response.headers.get("Retry-After", "")
                time.sleep(min(int(wait) if wait.isdigit() else 1, 10))
        raise AssertionError("every attempt returns or raises")

    def _exchange(self, method: str, target: str, body, headers: dict):
        if self._connection is None:
            kind = http.client.HTTPSConnection if self.is_tls else http.client.HTTPConnection
            self._connection = kind(self.host, self.port, timeout=self.timeout)
        self._connection.request(method, target, body=body, headers=headers)
        response = self._connection.getresponse()
        return response, response.read()

    def _unreachable(self, fault: Exception) -> Failure:
        if isinstance(fault, ConnectionRefusedError):
            return Failure(f"nothing listens at {self.url}: start the service with tools/start, or name another with --url")
        if isinstance(fault, socket.gaierror):
            return Failure(f"no such host: {self.host}")
        if isinstance(fault, socket.timeout):
            return Failure(f"{self.url} did not answer within {self.timeout:g} seconds")
        if isinstance(fault, ssl.SSLError):
            return Failure(f"{self.url}: TLS failed: {fault}")
        if isinstance(fault, http.client.HTTPException):
            return self._not_headwater()
        return Failure(f"{self.url} cannot be reached: {fault}")

    def _not_headwater(self) -> Failure:
        return Failure(f"what answers at {self.url} is not Headwater")

    @staticmethod
    def _message(text: bytes) -> str:
        """The message of an error, with the first fault of a body that was refused."""
        try:
            value = json.loads(text)
            error = value.get("error", value)
            faults, message = error.get("detail"), error.get("message")
            if isinstance(faults, str):
                return faults
            if faults:
                return f"{message or 'not valid'}: {json.dumps(faults[0])}"
            return str(message)
        except (ValueError, AttributeError, KeyError, IndexError):
            return text[:200].decode("utf-8", "replace") or "(no message)"
