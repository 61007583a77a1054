import { describe, expect, test } from 'vitest';
import { diffRows } from '../src/log/diff';
import { asRule, asSent, differing, inOrder } from '../src/pages/rules/model';
import { failureOf } from '../src/api/failure';

const mapping = (id: number, priority: number, more = {}) => asRule('mapping', { id, priority, referrer_pattern: `host-${id}.example`, is_active: true, ...more });

describe('rules', () => {
  test('they are tried by priority, and among equal ones the older first', () => {
    expect(inOrder([mapping(3, 10), mapping(2, 90), mapping(1, 10)]).map((each) => each.id)).toEqual([2, 1, 3]);
  });
  test('the filter finds what is seen, whatever its case, and the number', () => {
    const { text } = mapping(12, 0, { label: 'Tag Manager', description: 'By Ana' });
    for (const wanted of ['tag manager', 'by ana', 'host-12.example', '#12']) expect(text).toContain(wanted);
  });
  test('an empty priority is 0, and one that is no number is left for the server to refuse', () => {
    expect(asSent({ priority: ' 12 ' })).toEqual({ priority: 12 });
    expect(asSent({ priority: '' })).toEqual({ priority: 0 });
    expect(asSent({ priority: '1e3' })).toEqual({ priority: '1e3' });
    expect(asSent({ label: 'x' })).toEqual({ label: 'x' });
  });
  test('null and empty are the same to people, and a changed flag is a difference', () => {
    expect(differing('mapping', { label: null, priority: 5 }, { label: '', priority: '5' })).toEqual([]);
    expect(differing('mapping', { is_active: true }, { is_active: false })).toEqual(['is_active']);
  });
});

describe('differences', () => {
  test('each row says what became of which rule, and what came from nothing has no before', () => {
    const rows = diffRows({
      referrer_mappings: { added: [{ id: 1, referrer_pattern: 'a.example', utm_source: 'a', label: '' }], removed: [], changed: [{ id: 2, referrer_pattern: 'b.example', changes: { priority: { from: 10, to: 90 } }, by: 7 }] },
      passthrough_referrers: { added: [], removed: [{ id: 3, domain: 'c.example' }], changed: [] },
      attribution: { changes: {} },
    } as never);
    expect(rows.map((each) => [each.kind, each.id, each.what, each.subject])).toEqual([['passthrough', 3, 'removed', 'c.example'], ['mapping', 1, 'added', 'a.example'], ['mapping', 2, 'changed', 'b.example']]);
    expect(rows[1]?.changes).toEqual([['referrer_pattern', undefined, 'a.example'], ['utm_source', undefined, 'a']]);
    expect([rows[2]?.changes, rows[2]?.by]).toEqual([[['priority', 10, 90]], 'token 7']);
  });
  test('nothing that changed is no row', () => {
    const none = { added: [], removed: [], changed: [] };
    expect(diffRows({ referrer_mappings: none, passthrough_referrers: none, attribution: { changes: {} } } as never)).toEqual([]);
  });
});

describe('failures', () => {
  const failure = (status: number, body: unknown, headers = {}) => failureOf(new Response(null, { status, headers }), body);
  test('faults are found by the field that they are about, in both families of the API', () => {
    expect(failure(422, { error: { message: 'no', detail: [{ field: 'utm_source', message: 'is needed' }] } }).at('utm_source')).toBe('is needed');
    expect(failure(422, { detail: [{ loc: ['body', 'website'], msg: 'is no URL' }] }).at('website')).toBe('is no URL');
  });
  test('a change whose outcome is not known is no mere "busy"', () => {
    expect(failure(503, { error: { code: 'outcome_unknown', message: 'x' } }).kind).toBe('unknown_outcome');
    expect(failure(503, { error: { code: 'overloaded', message: 'x' } }).kind).toBe('busy');
  });
  test("a proxy's page is told by its status, with the number of the request", () => {
    const { kind, message, requestId } = failure(500, '<html>', { 'X-Request-ID': 'r-1' });
    expect([kind, requestId]).toEqual(['server', 'r-1']);
    expect(message).toContain('500');
  });
});
