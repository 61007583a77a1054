import { describe, expect, test } from 'vitest';
import { diffRows } from '../src/log/diff';
import { asRule, asSent, differing, faultsIn, inOrder, missingOf, patternHint } from '../src/pages/rules/model';
import { failureOf } from '../src/api/failure';
import { linesIn, rowsOf } from '../src/pages/rules/finding_height';
import { plainFinding } from '../src/pages/rules/finding_words';
import { trialsOf } from '../src/pages/rules/settings_trials';

const mapping = (id: number, priority: number, more = {}) => asRule('mapping', { id, priority, referrer_pattern: `host-${id}.example`, is_active: true, ...more });

describe('rules', () => {
  test('they are tried by priority, and among equal ones the older first', () => {
    expect(inOrder([mapping(3, 10), mapping(2, 90), mapping(1, 10)]).map((each) => each.id)).toEqual([2, 1, 3]);
  });
  test('the filter finds what is seen, whatever its case, and the number', () => {
    const { text } = mapping(12, 0, { label: 'Tag Manager', description: 'By Ana' });
    for (const wanted of ['tag manager', 'by ana', 'host-12.example', '#12']) expect(text).toContain(wanted);
  });
  test('a priority is sent as a number, and one that is none is a fault and never 0', () => {
    expect(asSent({ priority: ' 12 ' })).toEqual({ priority: 12 });
    expect(asSent({ label: 'x' })).toEqual({ label: 'x' });
    for (const bad of ['', ' ', '1e3', '-1', '2.5', '1001', 'ten', null]) {
      expect(asSent({ priority: bad })).toEqual({ priority: bad });
      expect(faultsIn('mapping', { referrer_pattern: 'a.example', utm_source: 'a', priority: bad }), String(bad)).toEqual({ priority: 'Type a whole number from 0 to 1000.' });
    }
    for (const good of [0, '0', '1000', 7]) expect(faultsIn('mapping', { referrer_pattern: 'a.example', utm_source: 'a', priority: good })).toEqual({});
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

describe('a finding in the list', () => {
  const wide = { width: 1232, rowHeight: 40, isPhone: false };
  const phone = { width: 356, rowHeight: 68, isPhone: true };
  const text = 'x'.repeat(300);
  test('is as many rows high as its text takes, and no more than are drawn at a time', () => {
    expect(rowsOf('short', ['Hide'], wide)).toBe(1);
    expect(rowsOf(text, ['Hide'], wide)).toBe(2);
    expect(rowsOf(text, ['Hide'], phone)).toBeGreaterThan(2);
    expect(rowsOf('x'.repeat(5000), ['Hide'], phone)).toBe(4);
  });
  test('has room for its lines', () => {
    for (const room of [wide, phone]) expect(linesIn(rowsOf(text, ['Hide'], room), room) * (room.width / 7.5)).toBeGreaterThan(300);
  });
  test('names matches as people read them', () => {
    expect(plainFinding('Mapping 3 (starts_with "trivago.") and 4 (exact "contains")')).toBe('Mapping 3 (starts with "trivago.") and 4 (is "contains")');
  });
});

test('of www. is said what holds for the way of matching', () => {
  expect(patternHint('exact', 'www.a.example')).toMatch(/makes no difference/);
  expect(patternHint('starts_with', 'www.a')).toMatch(/only hosts with www\./);
  expect(patternHint('contains', 'a.example')).toMatch(/with and without/);
});

describe('a rule that is not finished', () => {
  test('says what it lacks', () => {
    expect(missingOf('mapping', { referrer_pattern: 'a.example', utm_source: ' ' })).toEqual(['source']);
    expect(missingOf('passthrough', {})).toEqual(['domain', 'source']);
    expect(missingOf('mapping', { referrer_pattern: 'a', utm_source: 'b' })).toEqual([]);
  });
});

describe('visits that show what settings do', () => {
  test('are about what is changed, the new ones first', () => {
    const trials = trialsOf('acme.example', { own_domains: ['old.example'] }, { own_domains: ['new.example'], currency: 'EUR' }, ['own_domains', 'currency']);
    expect(trials.map((each) => each.name)).toEqual(['From new.example', 'From old.example']);
  });
  test('are of the pages that are named', () => {
    const [trial] = trialsOf('acme.example', { return_paths: [] }, { return_paths: ['/thanks'] }, ['return_paths']);
    expect(trial?.visit.url).toBe('https://www.acme.example/thanks');
  });
});
