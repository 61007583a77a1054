"""A normal client, in a process of its own: one request after the other, beside whatever a benchmark does to the server."""
import json
import multiprocessing
import os
import pathlib
import socket
import ssl
import sys
import time

from servers import RequestsFailed

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from headwater_e2e.abuse import read_answer  # noqa: E402


def visit_of(account) -> bytes:
    """A single visit of the account, as a whole request."""
    body = json.dumps({"url": "https://www.shop.example/", "referrer": "https://www.some-partner.example/"}).encode()
    return (f"POST {account.at('/resolve')} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {account.tracker.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


def connect(address, trusted: ssl.SSLContext):
    one = socket.create_connection(address, timeout=60, source_address=("127.0.0.2", 0))
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return trusted.wrap_socket(one, server_hostname="localhost") if trusted else one


def visit(address, trust, message: bytes, seconds: float, of_a_connection: int, done):
    took, until = [], time.monotonic() + seconds
    trusted = ssl.create_default_context(cafile=trust) if trust else None
    try:
        while time.monotonic() < until:
            with connect(address, trusted) as one:
                for _ in range(of_a_connection):
                    began = time.monotonic()
                    one.sendall(message)
                    head = read_answer(one)
                    if not head.startswith(b"HTTP/1.1 200 "):
                        raise RequestsFailed(head.decode("latin-1"))
                    took.append(time.monotonic() - began)
                    if took[-1] + began > until:
                        break
        took.sort()
        done.put((len(took) / seconds, took[int(len(took) * 0.99)]))
    except (OSError, RequestsFailed) as fault:
        done.put(fault)


def measure(target: tuple, seconds: float, of_a_connection: int = 100) -> tuple:
    """Requests a second, and the seconds within which 99 % were answered. `target` is the address, a file with a trusted
    root or None, and the request. After so many requests the client connects anew, as browsers do."""
    done = multiprocessing.Queue()
    client = multiprocessing.Process(target=visit, args=(*target, seconds, of_a_connection, done), daemon=True)
    client.start()
    result = done.get(timeout=seconds + 120)
    client.join()
    if isinstance(result, Exception):
        raise RequestsFailed(str(result))
    return result


def processor_seconds(*pids) -> float:
    """What those processes have taken so far; nothing for those that have ended."""
    total = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / os.sysconf("SC_CLK_TCK")
