// Ranges of days in the URL: relative ones stay relative in a link. Days are the account's, written 2026-05-31.
export type RangeName = '7d' | '30d' | '90d' | 'mtd' | 'qtd' | 'ytd';
export const rangeWords: Record<RangeName, string> = {
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  mtd: 'This month',
  qtd: 'This quarter',
  ytd: 'This year',
};
export const compareWords = { prev: 'compared with the weeks before', year: 'compared with a year ago', none: 'not compared' } as const;
export type Compare = keyof typeof compareWords;

export interface Days {
  from: string;
  to: string;
}

const dayMilliseconds = 86_400_000;
const asNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / dayMilliseconds;
const asDay = (number: number) => new Date(number * dayMilliseconds).toISOString().slice(0, 10);
export const shifted = (day: string, days: number) => asDay(asNumber(day) + days);
export const lengthOf = ({ from, to }: Days) => asNumber(to) - asNumber(from) + 1;
export const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(asNumber(text)) && asDay(asNumber(text)) === text;

export function rangeDays(name: RangeName, today: string): Days {
  const [year, month] = today.split('-').map(Number) as [number, number];
  const quarter = String(Math.floor((month - 1) / 3) * 3 + 1).padStart(2, '0');
  if (name === 'mtd') return { from: `${today.slice(0, 8)}01`, to: today };
  if (name === 'qtd') return { from: `${year}-${quarter}-01`, to: today };
  if (name === 'ytd') return { from: `${year}-01-01`, to: today };
  return { from: shifted(today, 1 - Number.parseInt(name)), to: today };
}

export interface Range extends Days {
  /** null: fixed days */
  name: RangeName | null;
}

export function rangeOf(query: URLSearchParams, today: string): Range {
  const from = query.get('from');
  const to = query.get('to');
  if (isDay(from) && isDay(to) && from <= to) return { name: null, from: lengthOf({ from, to }) > 366 ? shifted(to, -365) : from, to };
  const name = query.get('range');
  const known: RangeName = name !== null && Object.hasOwn(rangeWords, name) ? (name as RangeName) : '30d';
  return { name: known, ...rangeDays(known, today) };
}

/** By how many days a comparison lies back: whole weeks, so that weekdays meet weekdays. */
export function stepBack(days: Days, compare: Compare): number {
  if (compare === 'year') return 364;
  return Math.ceil(lengthOf(days) / 7) * 7;
}

export const daysBetween = ({ from, to }: Days): string[] => Array.from({ length: lengthOf({ from, to }) }, (_, index) => shifted(from, index));
