import { describe, expect, test } from 'vitest';
import { eventWords, type LogEvent, sameChangeWords } from '../src/log/events';
import { restoring } from '../src/log/restore';
import { dotsOf } from '../src/pages/history/timeline';

const event = (type: string, payload: object, sequence = 1): LogEvent => ({ sequence, position: sequence, at: 0, type, who: 'Ana', requestId: null, chain: '', payload, raw: {} as LogEvent['raw'] });
const list = (size: number) => Array.from({ length: size }, (_, index) => ({ id: index }));

describe('a change of many rules', () => {
  const imported = (kind: string, added: number, changed: number, removed: number) => eventWords(event(`${kind}_imported`, { added: list(added), changed: list(changed), removed: list(removed) }));
  test('says how many of what, and how each came to be', () => {
    expect(imported('referrer_mappings', 12, 0, 0)).toBe('added 12 mappings');
    expect(imported('referrer_mappings', 0, 0, 1)).toBe('deleted 1 mapping');
    expect(imported('passthrough_referrers', 3, 2, 1)).toBe('added 3, changed 2 and deleted 1 passthrough rule');
    expect(imported('referrer_mappings', 0, 0, 0)).toBe('imported mappings, all of which were there already');
  });
  test('that is the same for all is told as one', () => {
    const off = Array.from({ length: 12 }, () => [['is_active', true, false] as const]);
    expect(sameChangeWords('mapping', off)).toBe('turned off 12 mappings');
    expect(sameChangeWords('mapping', [[['priority', 5, 90]], [['priority', 10, 90]]])).toBe('set the priority of 2 mappings to 90');
    expect(sameChangeWords('passthrough', [[['utm_medium', 'a', 'b']], [['utm_medium', 'a', 'c']]])).toBe('changed the medium of 2 passthrough rules');
  });
  test('that differs from rule to rule is not', () => {
    expect(sameChangeWords('mapping', [[['is_active', true, false]], [['priority', 1, 2]]])).toBeNull();
    expect(sameChangeWords('mapping', [[['is_active', true, false], ['label', 'a', 'b']]])).toBeNull();
    expect(sameChangeWords('mapping', [])).toBeNull();
  });
});

describe('an undo of many rules', () => {
  const rules = Array.from({ length: 450 }, (_, id) => ({ kind: 'mapping' as const, id }));
  test('tells how far it is, and goes on where it stopped', async () => {
    const sent: number[] = [];
    let isDown = false;
    const send = (_: string, __: number, piece: unknown[]) => {
      if (isDown) return Promise.reject(new Error('down'));
      sent.push(piece.length);
      isDown = sent.length === 1;
      return Promise.resolve({} as never);
    };
    const told: number[] = [];
    const restore = restoring('acme', 7, rules, send);
    await expect(restore((done) => told.push(done))).rejects.toThrow('down');
    expect(told).toEqual([200]);
    isDown = false;
    await restore((done) => told.push(done));
    expect([sent, told]).toEqual([[200, 200, 50], [200, 400, 450]]);
  });
});

describe('dots of the history', () => {
  const events = (size: number) => Array.from({ length: size }, (_, index) => event('x', {}, size - index));
  test('stand for a change each while there is room', () => {
    expect(dotsOf(events(5), 18).map((each) => [each.from, each.to])).toEqual([[1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]);
  });
  test('stand for several where there is not, and the newest is one that can be reached', () => {
    const dots = dotsOf(events(50), 18);
    expect(dots.length).toBeLessThanOrEqual(18);
    expect(dots.at(-1)?.to).toBe(50);
    expect(dots.reduce((sum, each) => sum + each.events.length, 0)).toBe(50);
  });
});
