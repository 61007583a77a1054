import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hearDate, serverNow } from '../src/api/clock';
import { ago } from '../src/formats';

const noon = Date.parse('2026-05-31T12:00:00Z');

describe('times by the server', () => {
  beforeEach(() => vi.useFakeTimers({ now: noon }));
  afterEach(() => {
    hearDate(new Date().toUTCString());
    vi.useRealTimers();
  });

  test('a change that was just made is not in the future, where this clock is slow', () => {
    const made = noon + 600_000;
    expect(ago(made)).toBe('in 10 min');
    hearDate(new Date(made).toUTCString());
    expect(serverNow()).toBe(made);
    expect(ago(made)).toBe('now');
  });
  test('some seconds are the way of the answer, not the clock', () => {
    hearDate(new Date(noon - 30_000).toUTCString());
    expect(serverNow()).toBe(noon);
  });
  test('an answer without a date, or with no date in it, changes nothing', () => {
    hearDate(new Date(noon - 86_400_000).toUTCString());
    hearDate(null);
    hearDate('yesterday');
    expect(serverNow()).toBe(noon - 86_400_000);
  });
});
