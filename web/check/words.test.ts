import { describe, expect, test } from 'vitest';
import { change, ago, bytes, count, day, duration, money, share, shortCount } from '../src/formats';
import { answerWord, fieldWord, outcomeWord, roleWord, stepWord, valueWord } from '../src/words';

describe('words', () => {
  test('an ad click by a link that was copied to Facebook is only a link', () => {
    expect(outcomeWord('click_id', 'gclid')).toBe('Ad click');
    expect(outcomeWord('click_id', 'fbclid')).toBe('Facebook link');
  });
  test('a passthrough rule keeps a session only where there is one', () => {
    expect(answerWord({ outcome: 'passthrough', continues_session: true })).toBe('Kept the session');
    expect(answerWord({ outcome: 'passthrough', continues_session: false })).toBe('Passthrough rule');
  });
  test('a token without a role is told by what it may do', () => {
    expect(roleWord({ role: 'viewer', scopes: ['resolve', 'read'] })).toBe('Viewer');
    expect(roleWord({ role: null, scopes: ['read', 'write'] })).toBe('May see, change');
  });
  test('what has no word keeps the name that the API gives it', () => {
    expect([outcomeWord('teleported'), stepWord('brand_new'), fieldWord('brand_new')]).toEqual(['teleported', 'Brand new', 'brand new']);
  });
  test('no value is written alike, whatever the API has for it', () => {
    for (const none of [null, undefined, '', []]) expect(valueWord(none)).toBe('(none)');
    expect([valueWord(false), valueWord(true), valueWord(0), valueWord(['a', 'b'])]).toEqual(['off', 'on', '0', 'a, b']);
  });
});

describe('figures', () => {
  test('a change from nothing is new, and of few visits says nothing', () => {
    expect(change(500, 0)).toEqual({ direction: 'new', text: 'new' });
    expect(change(29, 3).direction).toBe('few');
    expect(change(30, 20)).toEqual({ direction: 'up', text: '▲ +50%' });
    expect(change(50, 100)).toEqual({ direction: 'down', text: '▼ −50%' });
    expect(change(0, 0, 100).direction).toBe('same');
    expect(change(1002, 1000).direction).toBe('same');
  });
  test('money has two decimals in tables and none on cards from a thousand up', () => {
    expect(money(12310.5, 'EUR')).toBe('€12,310.50');
    expect(money(12310.5, 'EUR', true)).toBe('€12,311');
    expect(money(999.99, 'EUR', true)).toBe('€999.99');
    expect(money(5, 'NOT A CURRENCY')).toBe('5 NOT A CURRENCY');
    expect(money(null, 'EUR')).toBe('–');
  });
  test('counts are in full in tables and short on cards from ten thousand up', () => {
    expect([count(12345), count(undefined), shortCount(9999), shortCount(12345)]).toEqual(['12,345', '–', '9,999', '12.3k']);
  });
  test('a small share keeps its decimals', () => {
    expect([share(0.0002), share(0.151)]).toEqual(['0.02%', '15%']);
  });
  test('sizes and durations have the unit in which they are read', () => {
    expect([bytes(999), bytes(1_500_000)]).toEqual(['999 byte', '1.5 MB']);
    expect([duration(0.004), duration(90), duration(7200), duration(200_000)]).toEqual(['4ms', '2m', '2h', '2d']);
  });
});

describe('times', () => {
  const now = Date.parse('2026-05-31T12:00:00Z');
  test('they are relative below seven days', () => {
    expect(ago(now - 10_000, now)).toBe('now');
    expect(ago(now - 2 * 3_600_000, now)).toMatch(/^2\s?h(r\.?)? ago$/);
    expect(ago(now - 8 * 86_400_000, now)).not.toMatch(/ago/);
  });
  test('a day of a report is the same day in every time zone', () => {
    expect(day('2026-01-01')).toBe('1 Jan');
  });
});
