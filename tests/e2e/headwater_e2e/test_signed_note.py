"""The reader of checkpoints and proofs that other tests trust: it agrees with the golden checkpoint, RFC 8032 and the corpus."""
import base64
import json
import unittest

from . import corpora, signed_note
from .program import ROOT

GOLDEN = ROOT / "tests" / "golden" / "proofs"


def accepts(verify, *arguments) -> bool:
    try:
        verify(*arguments)
    except ValueError:
        return False
    return True


class SignedNote(unittest.TestCase):
    def setUp(self):
        self.note = (GOLDEN / "checkpoint.1.txt").read_bytes()
        self.vkey = (GOLDEN / "checkpoint.1.vkey").read_text().strip()

    def test_golden_checkpoint_is_that_of_three_leaves(self):
        a, b, c = (signed_note.leaf_hash(entry) for entry in (b"a", b"b", b"c"))
        root = signed_note.node_hash(signed_note.node_hash(a, b), c)
        self.assertEqual(signed_note.parse_checkpoint(self.note, self.vkey), ("headwater.example/log", 3, root, []))

    def test_checkpoint_with_any_bit_changed_is_refused(self):
        for bit in range(8 * len(self.note)):
            changed = bytearray(self.note)
            changed[bit // 8] ^= 1 << bit % 8
            self.assertFalse(accepts(signed_note.parse_checkpoint, bytes(changed), self.vkey), bit)

    def test_ed25519_is_that_of_rfc_8032(self):
        key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        signature = bytes.fromhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        self.assertTrue(signed_note.verify_ed25519(key, b"\x72", signature))
        self.assertFalse(signed_note.verify_ed25519(key, b"\x73", signature))
        more = int.from_bytes(signature[32:], "little") + signed_note.ORDER
        self.assertFalse(signed_note.verify_ed25519(key, b"\x72", signature[:32] + more.to_bytes(32, "little")))

    def test_merkle_proofs_are_accepted_and_refused_as_the_corpus_says(self):
        found = corpora.folder("merkle")
        if not found:
            corpora.skip("merkle")
        files = sorted(found.rglob("*.json"))
        self.assertEqual(len(files), 196)
        for path in files:
            case = json.loads(path.read_text())
            of = {name: base64.b64decode(case[name]) for name in ("leafHash", "root", "root1", "root2") if name in case}
            proof = [base64.b64decode(item) for item in case["proof"] or []]
            with self.subTest(path=str(path.relative_to(found))):
                if "leafIdx" in case:
                    good = accepts(signed_note.verify_inclusion, of["leafHash"], case["leafIdx"], case["treeSize"], proof, of["root"])
                else:
                    good = accepts(signed_note.verify_consistency, case["size1"], of["root1"], case["size2"], of["root2"], proof)
                self.assertEqual(good, not case["wantErr"])


if __name__ == "__main__":
    unittest.main()
