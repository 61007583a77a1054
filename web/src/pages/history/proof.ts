// Checks by this browser, with no word of the server believed: that an event is what its hashes say, and that it is
// among the events of a signed checkpoint (RFC 6962, as C2SP tlog-checkpoint has it).
import type { RawEvent } from '../../log/events';

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  signed: string;
  signature: Uint8Array; // key id and signature
}

const bytesOfHex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (each) => Number.parseInt(each, 16));
const bytesOfBase64 = (text: string) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const same = (one: Uint8Array, other: Uint8Array) => one.length === other.length && one.every((each, index) => each === other[index]);

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const all = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of parts) {
    all.set(each, at);
    at += each.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

/** Only pages of a secure context may compute hashes. */
export const canCheck = typeof crypto !== 'undefined' && crypto.subtle !== undefined;

export function parseNote(note: string): Checkpoint {
  const [body = '', signatures = ''] = note.split('\n\n');
  const [origin = '', size = '', root = ''] = body.split('\n');
  const signature = signatures.split('\n')[0]?.split(' ').at(-1) ?? '';
  return { origin, size: Number(size), root: bytesOfBase64(root), signed: `${body}\n`, signature: bytesOfBase64(signature) };
}

/** The signature by the installation's key; undefined where the browser knows no Ed25519. */
export async function isSigned({ signed, signature }: Checkpoint, verifierKey: string): Promise<boolean | undefined> {
  const raw = bytesOfBase64(verifierKey.slice(verifierKey.indexOf('+', verifierKey.indexOf('+') + 1) + 1)).slice(1);
  try {
    const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature.slice(4), new TextEncoder().encode(signed));
  } catch {
    return undefined;
  }
}

/** The root that a leaf and its path lead to (RFC 9162, 2.1.3.2); null if the path does not fit the size. */
async function rootOf(leaf: Uint8Array, index: number, size: number, path: Uint8Array[]): Promise<Uint8Array | null> {
  if (index >= size) return null;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  const one = Uint8Array.of(1);
  for (const each of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = await sha256(one, each, hash);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else hash = await sha256(one, hash, each);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}

export interface Inclusion {
  chain: string;
  position: number;
  path: string[];
}

export async function isIncluded(event: RawEvent, proof: Inclusion, checkpoint: Checkpoint): Promise<boolean> {
  if (proof.chain !== event.chain || proof.position !== event.header.position) return false;
  const leaf = await sha256(Uint8Array.of(0), bytesOfHex(proof.chain));
  const root = await rootOf(leaf, proof.position - 1, checkpoint.size, proof.path.map(bytesOfHex));
  return root !== null && same(root, checkpoint.root);
}
