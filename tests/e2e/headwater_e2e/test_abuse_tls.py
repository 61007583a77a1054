"""What a client may make of TLS: handshakes that are begun and left, records of one byte."""
import pathlib
import selectors
import shutil
import socket
import ssl
import struct
import tempfile

from .abuse import Attack, connections, request
from .certificates import Authority
from .program import Program

RESET = struct.pack("ii", 1, 0)  # for SO_LINGER: nothing is left to wait for


def client_hello() -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl._create_unverified_context().wrap_bio(incoming, outgoing)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def begin_handshakes(address, count: int, go, stop, answered):
    """Sends the first message of a handshake on each of so many connections, and leaves when the answer comes."""
    hello, ready = client_hello(), selectors.DefaultSelector()

    def open_one():
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        one.bind(("127.0.0.2", 0))
        one.connect(address)
        one.sendall(hello)
        ready.register(one, selectors.EVENT_READ)

    go.wait()
    for _ in range(count):
        open_one()
    while not stop.is_set():
        for key, _ in ready.select(0.2):
            try:
                answered.value += 1 if key.fileobj.recv(65536) else 0
            except ConnectionError:
                pass
            ready.unregister(key.fileobj)
            key.fileobj.close()
            open_one()


def send_single_bytes(address, head: bytes, records: int, count: int, go, stop, answered):
    """Sends a body in records of one byte each, as many as given at once, on each of so many connections."""
    def open_one():
        one, incoming, outgoing = socket.create_connection(address), ssl.MemoryBIO(), ssl.MemoryBIO()
        client = ssl._create_unverified_context().wrap_bio(incoming, outgoing)
        while True:
            try:
                client.do_handshake()
                break
            except ssl.SSLWantReadError:
                one.sendall(outgoing.read())
                incoming.write(one.recv(65536))
        client.write(head)
        for _ in range(records):
            client.write(b"\n")
        one.setblocking(False)
        ready.register(one, selectors.EVENT_WRITE, memoryview(outgoing.read()))

    ready = selectors.DefaultSelector()
    for _ in range(count):
        open_one()
    go.wait()
    while not stop.is_set():
        for key, _ in ready.select(0.2):
            try:
                sent = key.fileobj.send(key.data)
                answered.value += sent
            except ConnectionError:
                sent = len(key.data)
            if sent < len(key.data):
                ready.modify(key.fileobj, selectors.EVENT_WRITE, key.data[sent:])
            else:
                ready.unregister(key.fileobj)
                key.fileobj.close()
                open_one()


class TestOverTls(Attack):
    @classmethod
    def make_program(cls) -> Program:
        home = pathlib.Path(tempfile.mkdtemp(prefix="headwater-tls-"))
        cls.addClassCleanup(shutil.rmtree, home, ignore_errors=True)
        authority = Authority(home)
        cls.trusted = authority.trust()
        chain, key = authority.make("localhost")
        return Program("--tls-cert", str(chain), "--tls-key", str(key), *cls.FLAGS, tls=cls.trusted)

    def connected(self):
        return self.trusted.wrap_socket(super().connected(), server_hostname="localhost")

    def test_handshakes_that_are_begun_by_one_address_take_turns(self):
        self.attack_by(begin_handshakes, self.program.address, connections(300))
        self.others_are_served_in_time()

    def test_records_of_one_byte_take_turns(self):
        head = request(self.hostile.at("/resolve"), self.hostile.tracker.token, b"", "application/x-ndjson")
        head = head.replace(b"Content-Length: 0", b"Content-Length: 100000000")
        self.attack_by(send_single_bytes, self.program.address, head, 50_000, 4)
        self.others_are_served_in_time()
