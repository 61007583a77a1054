import { describe, expect, test } from 'vitest';
import { comparedDays, whyNothing } from '../src/pages/ai/compared';

const connection = (id: string, first_date: string | null, status: 'active' | 'disabled' = 'active') => ({ id, first_date, status });
const may = { from: '2026-05-02', to: '2026-05-31' };

describe('what is compared', () => {
  test('figures and the days before them are as long, and today is in neither', () => {
    const { whole, isOpen, earlier } = comparedDays(may, 'prev', '2026-05-31');
    expect([whole, isOpen]).toEqual([{ from: '2026-05-02', to: '2026-05-30' }, true]);
    expect(earlier).toEqual({ from: '2026-03-28', to: '2026-04-25' });
  });
  test('days that are over stay as they are, and so does today alone', () => {
    expect(comparedDays(may, 'prev', '2026-06-20').whole).toEqual(may);
    expect(comparedDays({ from: '2026-05-31', to: '2026-05-31' }, 'prev', '2026-05-31')).toMatchObject({ isOpen: false, whole: { from: '2026-05-31' } });
    expect(comparedDays(may, 'none', '2026-05-31').earlier).toBeNull();
  });
  test('days of which there are no figures, or not of all, are not compared with', () => {
    const april = { from: '2026-04-01', to: '2026-04-30' };
    expect(whyNothing(april, [connection('a', '2026-03-01')], null)).toBeNull();
    expect(whyNothing(april, [connection('a', '2026-05-01')], null)).toMatch(/^There are no figures of 1 Apr – 30 Apr|^There are no figures of Apr 1 – Apr 30/);
    expect(whyNothing(april, [connection('a', null)], null)).toMatch(/^There are no figures/);
    expect(whyNothing(april, [connection('a', '2026-04-10')], null)).toMatch(/^Figures begin on/);
    expect(whyNothing(april, [connection('a', '2026-01-01', 'disabled'), connection('b', '2026-05-01')], null)).toMatch(/^There are no figures/);
    expect(whyNothing(april, [connection('a', '2026-01-01'), connection('b', '2026-05-01')], 'b')).toMatch(/^There are no figures/);
  });
});
