// Which days are compared with which, and whether there is anything to compare with. A figure and its change are always
// of the same days: those that are over.
import { datedDay } from '../../formats';
import { type Compare, type Days, lengthOf, shifted, stepBack } from '../../range';
import type { Connection } from './data';

export interface Compared {
  /** The days of the figures: without today, unless today is all there is. */
  whole: Days;
  /** Today is among the days that are shown, and not over. */
  isOpen: boolean;
  back: number;
  earlier: Days | null;
}

export function comparedDays(range: Days, compare: Compare, today: string): Compared {
  const isOpen = range.to >= today && range.from < today;
  const whole = isOpen ? { from: range.from, to: shifted(today, -1) } : { from: range.from, to: range.to };
  const back = stepBack(whole, compare);
  return { whole, isOpen, back, earlier: compare === 'none' ? null : { from: shifted(whole.from, -back), to: shifted(whole.to, -back) } };
}

export const daysWord = (days: Days) => (lengthOf(days) === 1 ? datedDay(days.from) : `${datedDay(days.from)} – ${datedDay(days.to)}`);

type Begun = Pick<Connection, 'id' | 'status' | 'first_date'>;

/** Why these days cannot be compared with, in words; null if they can. */
export function whyNothing(earlier: Days, connections: Begun[], chosen: string | null): string | null {
  const begins = connections
    .filter((each) => (chosen ? each.id === chosen : each.status === 'active'))
    .map((each) => each.first_date)
    .filter((each) => typeof each === 'string')
    .sort()[0];
  if (begins === undefined || begins > earlier.to) return `There are no figures of ${daysWord(earlier)} to compare with.`;
  return begins > earlier.from ? `Figures begin on ${datedDay(begins)}, too late to compare with ${daysWord(earlier)}.` : null;
}
