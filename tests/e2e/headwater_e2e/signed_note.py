"""Reads signed notes, checkpoints and Merkle proofs, from their specifications and nothing else: C2SP's signed-note and tlog-checkpoint,
RFC 8032 (Ed25519, section 5.1) and RFC 9162 (section 2.1). Slow, plain, and independent of the program. Refusals are a ValueError.
"""
import base64
import binascii
import hashlib
import re

# RFC 8032, section 5.1: the field, the curve's d, the group's order, and the base point in extended coordinates.
P = 2 ** 255 - 19
D = -121665 * pow(121666, P - 2, P) % P
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)
LINE = re.compile("\u2014 ([^ ]*) ([^ ]*)")


def _recover_x(y: int, sign: int) -> int:
    if y >= P:
        raise ValueError("not a point: y is not below 2^255 - 19")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point of the curve")
    return P - x if x & 1 != sign else x


def _point(data: bytes) -> tuple:
    number = int.from_bytes(data, "little")
    y = number & (2 ** 255 - 1)
    x = _recover_x(y, number >> 255)
    return x, y, 1, x * y % P


def _add(p: tuple, q: tuple) -> tuple:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: tuple) -> tuple:
    out = NEUTRAL
    while number:
        if number & 1:
            out = _add(out, point)
        point, number = _add(point, point), number >> 1
    return out


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify_ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032, section 5.1.7, without the cofactor."""
    if len(key) != 32 or len(signature) != 64:
        return False
    try:
        a, r = _point(key), _point(signature[:32])
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = _times(s, BASE), _add(r, _times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def _decoded(text: str) -> bytes:
    """Base64 of RFC 4648, section 4, written the one way that it has."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise ValueError(f"not base64: {text!r}") from fault
    if base64.b64encode(data).decode() != text:
        raise ValueError(f"not base64 as it is written: {text!r}")
    return data


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() for c in name):
        raise ValueError(f"not the name of a key: {name!r}")


def parse_vkey(vkey: str) -> tuple:
    """(name, key hash as 4 bytes, public key as 32 bytes)"""
    parts = vkey.split("+", 2)
    if len(parts) != 3:
        raise ValueError("a verifier key is <name>+<hash>+<key>")
    name, wanted, data = parts[0], parts[1], _decoded(parts[2])
    _check_name(name)
    if len(data) != 33 or data[0] != 1:
        raise ValueError("not an Ed25519 key")
    key_hash = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if wanted != key_hash.hex():
        raise ValueError("the hash is not that of name and key")
    return name, key_hash, data[1:]


def _split(text: str) -> tuple:
    """(text that is signed, [(key name, key hash, signature)]), nothing verified."""
    if any(c < " " and c != "\n" for c in text):
        raise ValueError("a control character")
    if not text.endswith("\n"):
        raise ValueError("no newline at the end")
    at = text.rfind("\n\n")
    if at < 0:
        raise ValueError("no blank line")
    signatures = []
    for line in text[at + 2:-1].split("\n") if text[at + 2:] else []:
        match = LINE.fullmatch(line)
        if not match:
            raise ValueError(f"not a signature line: {line!r}")
        _check_name(match[1])
        data = _decoded(match[2])
        if len(data) < 5:
            raise ValueError("a signature is too short")
        signatures.append((match[1], data[:4], data[4:]))
    if not signatures:
        raise ValueError("no signature")
    return text[:at + 1], signatures


def parse_note(text, vkey: str) -> str:
    """The text that the key signed. Bytes are UTF-8."""
    body, signatures = _split(text.decode("utf-8") if isinstance(text, bytes) else text)
    name, key_hash, key = parse_vkey(vkey)
    ours = [signature for of, its_hash, signature in signatures if (of, its_hash) == (name, key_hash)]
    if not ours:
        raise ValueError(f"no signature of {name}")
    if not all(verify_ed25519(key, body.encode(), signature) for signature in ours):
        raise ValueError(f"a signature of {name} is not by it")
    return body


def parse_checkpoint(text, vkey: str) -> tuple:
    """(origin, size, root as bytes, list of extension lines) of a checkpoint that the key of the log of that name signed."""
    lines = parse_note(text, vkey)[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise ValueError("a checkpoint has three lines or more, none of them empty")
    if not re.fullmatch("0|[1-9][0-9]*", lines[1]) or int(lines[1]) >= 2 ** 64:
        raise ValueError(f"not a tree size: {lines[1]!r}")
    root = _decoded(lines[2])
    if len(root) != 32:
        raise ValueError("a root has 32 bytes")
    if lines[0] != parse_vkey(vkey)[0]:
        raise ValueError(f"it is of the log {lines[0]!r}")
    return lines[0], int(lines[1]), root, lines[3:]


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _hashes(*values: bytes) -> None:
    if any(len(value) != 32 for value in values):
        raise ValueError("a hash has 32 bytes")


def verify_inclusion(leaf: bytes, index: int, size: int, path: list, root: bytes) -> None:
    """Returns if the leaf with this hash is number `index` of the tree (RFC 9162, section 2.1.3.2)."""
    _hashes(leaf, root, *path)
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            raise ValueError("the path is too long")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn or r != root:
        raise ValueError("the path is too short" if sn else "another root")


def verify_consistency(first: int, first_root: bytes, second: int, second_root: bytes, path: list) -> None:
    """Returns if the second tree starts with the first one (RFC 9162, section 2.1.4.2)."""
    if not 0 < first <= second:
        raise ValueError(f"no tree of {second} starts with one of {first}")
    if first == second:
        if path or first_root != second_root:
            raise ValueError("trees of one size have one root, and no path")
        return
    _hashes(first_root, second_root, *path)
    if not path:
        raise ValueError("the path is too short")
    path = path if first & (first - 1) else [first_root, *path]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            raise ValueError("the path is too long")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    if sn or fr != first_root or sr != second_root:
        raise ValueError("the path is too short" if sn else "another root")
