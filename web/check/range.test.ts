import { describe, expect, test } from 'vitest';
import { daysBetween, isDay, lengthOf, rangeDays, rangeOf, shifted, stepBack } from '../src/range';

const of = (query: string) => rangeOf(new URLSearchParams(query), '2026-05-31');

describe('ranges', () => {
  test('the last days include today', () => {
    expect(rangeDays('7d', '2026-03-02')).toEqual({ from: '2026-02-24', to: '2026-03-02' });
    expect(lengthOf(rangeDays('90d', '2026-05-31'))).toBe(90);
  });
  test.each([['2026-03-31', '2026-01-01'], ['2026-04-01', '2026-04-01'], ['2026-12-31', '2026-10-01']])('the quarter of %s begins on %s', (today, begin) => {
    expect(rangeDays('qtd', today).from).toBe(begin);
  });
  test('a name that is not known is the default, never an empty page', () => {
    expect(of('range=500d')).toEqual(of(''));
    expect(of('range=constructor').name).toBe('30d');
    expect(of('').name).toBe('30d');
  });
  test('fixed days win, unless they make no sense', () => {
    expect(of('from=2026-02-01&to=2026-02-03&range=7d')).toEqual({ name: null, from: '2026-02-01', to: '2026-02-03' });
    expect(of('from=2026-02-03&to=2026-02-01').name).toBe('30d');
    expect(of('from=2026-02-30x&to=2026-03-01').name).toBe('30d');
    expect(lengthOf(of('from=2010-01-01&to=2026-01-01'))).toBe(366);
  });
  test('comparisons lie whole weeks back, so that weekdays meet weekdays', () => {
    for (const name of ['7d', '30d', '90d', 'mtd'] as const) expect(stepBack(rangeDays(name, '2026-05-31'), 'prev') % 7).toBe(0);
    expect(stepBack(rangeDays('30d', '2026-05-31'), 'prev')).toBe(35);
    expect(stepBack(rangeDays('7d', '2026-05-31'), 'year')).toBe(364);
  });
  test('days go over the ends of months and years, and the clock change does not take one', () => {
    expect(shifted('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween({ from: '2026-03-28', to: '2026-03-30' })).toEqual(['2026-03-28', '2026-03-29', '2026-03-30']);
  });
  test('only days are days', () => {
    expect(['2026-02-29', '2024-02-29', '26-1-1', '', null].map((each) => isDay(each))).toEqual([false, true, false, false, false]);
  });
});
