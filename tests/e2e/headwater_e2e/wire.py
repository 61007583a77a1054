"""A small HTTP/1.1 client over raw sockets.

It sends exactly the bytes that it is given, so tests can send what no HTTP library would, and it
remembers every (method, path, status) that it saw in `OBSERVED`, for the OpenAPI coverage test.
"""
import json
import select
import socket
import threading
import time
from decimal import Decimal

from . import samples

OBSERVED = set()  # (method, path without query, status)


class NoResponse(Exception):
    """The server closed the connection, or said nothing in time, where an answer was due."""


def clip(data: bytes, limit: int = 1500) -> str:
    text = data[:limit].decode("utf-8", "backslashreplace")
    return text if len(data) <= limit else f"{text}... ({len(data)} bytes)"


class Response:
    """One answer, with the request that it answers for messages of failed tests."""

    def __init__(self, version: str, status: int, reason: str, headers: list, body: bytes):
        self.version, self.status, self.reason = version, status, reason
        self.headers, self.body = headers, body
        self.request = b""

    def header(self, name: str, default=None):
        """The value of a header that must not appear twice; `default` when it is not there."""
        values = self.header_values(name)
        if len(values) > 1:
            raise AssertionError(f"{name} appears {len(values)} times\n{self}")
        return values[0] if values else default

    def header_values(self, name: str) -> list:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self):
        """The body as JSON; numbers with a fraction are Decimal, duplicate keys an error."""
        def unique(pairs):
            keys = [key for key, _ in pairs]
            if len(keys) != len(set(keys)):
                raise AssertionError(f"duplicate keys in the response\n{self}")
            return dict(pairs)
        try:
            return json.loads(self.body, parse_float=Decimal, object_pairs_hook=unique)
        except ValueError as fault:
            raise AssertionError(f"the body is not JSON: {fault}\n{self}") from fault

    def ndjson(self) -> list:
        return [json.loads(line, parse_float=Decimal) for line in self.body.splitlines() if line]

    @property
    def data(self):
        value = self.json()
        if not (isinstance(value, dict) and value.get("success") is True and "data" in value):
            raise AssertionError(f"not a {{success, data}} body\n{self}")
        return value["data"]

    @property
    def error(self) -> dict:
        value = self.json()
        if not (isinstance(value, dict) and isinstance(value.get("error"), dict)):
            raise AssertionError(f"not an {{error, request_id}} body\n{self}")
        return value["error"]

    @property
    def keeps_open(self) -> bool:
        token = (self.header("Connection") or "").lower()
        return token != "close" and (self.version == "HTTP/1.1" or token == "keep-alive")

    def __str__(self):
        lines = [f"{self.version} {self.status} {self.reason}"]
        lines += [f"{key}: {value}" for key, value in self.headers]
        return "\n".join(["--- request", clip(self.request), "--- response", *lines, "",
                          clip(self.body), "---"])


class Connection:
    """One TCP connection, with TLS where an ssl.SSLContext is given. Every read has a deadline, so that a hanging server fails a test."""

    def __init__(self, address: tuple, timeout: float = 20.0, tls=None):
        self.timeout = timeout
        self.socket = socket.create_connection(address, timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:  # an end of the stream without close_notify is an error
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost", suppress_ragged_eofs=False)
        self.buffer = b""
        self.sent = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def is_readable(self) -> bool:
        """Whether there is something to read, or the other side has ended."""
        waits = select.poll()  # select() takes no number above 1,023
        waits.register(self.socket, select.POLLIN)
        return bool(waits.poll(0))

    def send(self, data: bytes):
        self.sent = (self.sent + data)[-4096:] if len(data) < 4096 else data[:4096]
        self.socket.sendall(data)

    def fill(self, deadline: float) -> bool:
        """Reads some more; False at the end of the stream."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise NoResponse(f"no answer in time; so far {clip(self.buffer)!r} to\n{clip(self.sent)}")
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(262144)
        except socket.timeout as late:
            raise NoResponse(f"no answer in time; so far {clip(self.buffer)!r} to\n"
                             f"{clip(self.sent)}") from late
        finally:
            self.socket.settimeout(self.timeout)
        self.buffer += data
        return bool(data)

    def _until(self, mark: bytes, deadline: float) -> bytes:
        while mark not in self.buffer:
            if not self.fill(deadline):
                raise NoResponse(f"closed after {clip(self.buffer)!r}; sent\n{clip(self.sent)}")
        found, _, self.buffer = self.buffer.partition(mark)
        return found

    def _exactly(self, count: int, deadline: float) -> bytes:
        parts, have = [self.buffer], len(self.buffer)
        self.buffer = b""
        while have < count:
            if not self.fill(deadline):
                raise NoResponse(f"closed in the middle of a body of {count} bytes")
            parts.append(self.buffer)
            have += len(self.buffer)
            self.buffer = b""
        data = b"".join(parts)
        self.buffer = data[count:]
        return data[:count]

    def read_response(self, head: bool = False, timeout: float = None) -> Response:
        """The next response, 100 Continue included. `head`: it answers a HEAD request."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        response = self._read_head(deadline)
        response.body = self._read_body(response, head, deadline)
        return response

    def read_head(self) -> Response:
        """The head of the next response; `chunks` gives its body."""
        return self._read_head(time.monotonic() + self.timeout)

    def chunks(self):
        """The chunks of a streamed body as they come, to its proper end."""
        while size := int(self._until(b"\r\n", time.monotonic() + self.timeout).split(b";")[0], 16):
            deadline = time.monotonic() + self.timeout
            yield self._exactly(size, deadline)
            if self._exactly(2, deadline) != b"\r\n":
                raise AssertionError("a chunk without its end of line")
        while self._until(b"\r\n", time.monotonic() + self.timeout):
            pass

    def _read_head(self, deadline: float) -> Response:
        first, *lines = self._until(b"\r\n\r\n", deadline).decode("latin-1").split("\r\n")
        version, _, rest = first.partition(" ")
        status, _, reason = rest.partition(" ")
        if not version.startswith("HTTP/1.") or not status.isdigit():
            raise AssertionError(f"not a status line: {first!r}")
        headers = []
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or name != name.strip():
                raise AssertionError(f"not a header line: {line!r}")
            headers.append((name, value.strip()))
        response = Response(version, int(status), reason, headers, b"")
        response.request = self.sent
        return response

    def _read_body(self, response: Response, head: bool, deadline: float) -> bytes:
        length = response.header("Content-Length")
        if head or response.status in (204, 304) or response.status < 200:
            return b""
        if (response.header("Transfer-Encoding") or "").lower() == "chunked":
            parts = []
            while size := int(self._until(b"\r\n", deadline).split(b";")[0], 16):
                parts.append(self._exactly(size, deadline))
                if self._exactly(2, deadline) != b"\r\n":
                    raise AssertionError("a chunk without its end of line")
            while self._until(b"\r\n", deadline):
                pass
            return b"".join(parts)
        if length is not None:
            return self._exactly(int(length), deadline)
        while self.fill(deadline):
            pass
        body, self.buffer = self.buffer, b""
        return body

    def is_closed(self, timeout: float = 5.0) -> bool:
        """True if the server ends the stream in time and sends nothing more before."""
        try:
            more = self.fill(time.monotonic() + timeout)
        except NoResponse:
            return False
        except ConnectionResetError:
            return True
        return not more and not self.buffer

    def says_nothing(self, seconds: float) -> bool:
        """True if neither a byte nor the end of the stream comes within this time."""
        try:
            self.fill(time.monotonic() + seconds)
        except NoResponse:
            return True
        return False


class Client:
    """Requests with one token over a kept-alive connection, one for each thread that asks."""

    def __init__(self, address: tuple, token: str = None, timeout: float = 20.0, tls=None):
        self.address, self.token, self.timeout, self.tls = address, token, timeout, tls
        self.is_observed = True  # False: what it sees is no part of the API, as on a damaged disk
        self._own = threading.local()

    @property
    def _connection(self):
        return getattr(self._own, "connection", None)

    @_connection.setter
    def _connection(self, connection):
        self._own.connection = connection

    def with_token(self, token):
        return Client(self.address, token, self.timeout, self.tls)

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def head_lines(self, method, target, body, headers) -> bytes:
        given = {name.lower() for name in headers}
        lines = [f"{method} {target} HTTP/1.1"]
        if "host" not in given:
            lines.append(f"Host: {self.address[0]}:{self.address[1]}")
        if self.token and not given & {"authorization", "x-api-key"}:
            lines.append(f"Authorization: Bearer {self.token}")
        if body is not None and "content-length" not in given and "transfer-encoding" not in given:
            lines.append(f"Content-Length: {len(body)}")
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"

    def request(self, method: str, target: str, body=None, headers: dict = None) -> Response:
        """Sends a request and reads its answer. A dict or list is sent as JSON; bytes and str as
        they are, as application/json unless `headers` says otherwise (None: without the header).
        """
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        if isinstance(body, str):
            body = body.encode()
        if body is not None and "content-type" not in {name.lower() for name in headers}:
            headers["Content-Type"] = "application/json"
        wire = self.head_lines(method, target, body, headers) + (body or b"")
        response = self._exchange(wire, method == "HEAD")
        response.request = wire
        if self.is_observed:
            OBSERVED.add((method, target.split("?")[0], response.status))
            samples.note(method, target, response)
        if not response.keeps_open:
            self.close()
        return response

    def _exchange(self, wire: bytes, head: bool) -> Response:
        if self._connection and self._connection.is_readable():
            self.close()  # the server ended the idle connection
        if self._connection is None:
            self._connection = Connection(self.address, self.timeout, self.tls)
        try:
            self._connection.send(wire)
            return self._connection.read_response(head)
        except BaseException:
            self.close()
            raise

    def get(self, target, **headers):
        return self.request("GET", target, headers=headers.get("headers"))

    def post(self, target, body=None, headers=None):
        return self.request("POST", target, body, headers)

    def put(self, target, body=None, headers=None):
        return self.request("PUT", target, body, headers)

    def patch(self, target, body=None, headers=None):
        return self.request("PATCH", target, body, headers)

    def delete(self, target, headers=None):
        return self.request("DELETE", target, headers=headers)
