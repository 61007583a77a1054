// The proofs against trees that are built here, by the definition of RFC 9162 and not by the code under test.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isIncluded, isSigned, parseNote } from '../src/pages/history/proof';

const hash = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (chain: Buffer) => hash(Buffer.of(0), chain);

function rootOf(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return hash(Buffer.of(1), rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}
function pathOf(index: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return index < half ? [...pathOf(index, leaves.slice(0, half)), rootOf(leaves.slice(half))] : [...pathOf(index - half, leaves.slice(half)), rootOf(leaves.slice(0, half))];
}

const chains = (size: number) => Array.from({ length: size }, (_, index) => hash(Buffer.from(`event ${index}`)));
const checkpointOf = (root: Buffer, size: number) => ({ origin: 'x', size, root: new Uint8Array(root), signed: '', signature: new Uint8Array() });

describe('inclusion', () => {
  test.each([1, 2, 3, 7, 8, 13])('each of %i events is found in its tree, and none at another place', async (size) => {
    const all = chains(size);
    const leaves = all.map(leafOf);
    const checkpoint = checkpointOf(rootOf(leaves), size);
    for (let index = 0; index < size; index++) {
      const chain = (all[index] as Buffer).toString('hex');
      const event = { chain, header: { position: index + 1 } } as never;
      const proof = { chain, position: index + 1, path: pathOf(index, leaves).map((each) => each.toString('hex')) };
      expect(await isIncluded(event, proof, checkpoint)).toBe(true);
      expect(await isIncluded({ chain, header: { position: index + 2 } } as never, { ...proof, position: index + 2 }, checkpoint)).toBe(false);
      if (size > 1) expect(await isIncluded(event, { ...proof, path: proof.path.slice(1) }, checkpoint)).toBe(false);
    }
  });
  test('an event of another content is not', async () => {
    const leaves = chains(4).map(leafOf);
    const other = hash(Buffer.from('forged')).toString('hex');
    const proof = { chain: other, position: 1, path: pathOf(0, leaves).map((each) => each.toString('hex')) };
    expect(await isIncluded({ chain: other, header: { position: 1 } } as never, proof, checkpointOf(rootOf(leaves), 4))).toBe(false);
  });
});

describe('signatures', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const verifier = `log.example+c0ffee00+${Buffer.concat([Buffer.of(1), raw]).toString('base64')}`;
  const body = `log.example\n12\n${hash().toString('base64')}\n`;
  const noteOf = (signed: string, text = body) => `${text}\n— log.example ${Buffer.concat([Buffer.from('c0ffee00', 'hex'), sign(null, Buffer.from(signed), privateKey)]).toString('base64')}\n`;

  test('a note by the key is good, and one whose text was changed is not', async () => {
    const note = parseNote(noteOf(body));
    expect([note.origin, note.size, Buffer.from(note.root).equals(hash())]).toEqual(['log.example', 12, true]);
    expect(await isSigned(note, verifier)).toBe(true);
    expect(await isSigned(parseNote(noteOf(body, body.replace('12', '13'))), verifier)).toBe(false);
  });
});
