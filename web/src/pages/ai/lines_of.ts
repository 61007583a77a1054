// Rows of a report as lines of a chart: one for each platform, beyond seven the rest together.
import { shifted } from '../../range';
import type { Metric, Row } from './data';

export interface PlainLine {
  name: string;
  values: (number | null)[];
  before?: (number | null)[];
}

function sums(rows: Row[], metric: Metric): Map<string, Map<string, number>> {
  const platforms = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const name = row.platform ?? '';
    const days = platforms.get(name) ?? new Map<string, number>();
    days.set(row.date ?? '', (days.get(row.date ?? '') ?? 0) + (row[metric] ?? 0));
    platforms.set(name, days);
  }
  return platforms;
}

/** Days after `lastCompared`, which are not over, have nothing beside them. */
export function linesOf(now: Row[], before: Row[], metric: Metric, days: string[], back: number | null, lastCompared = days.at(-1) ?? ''): PlainLine[] {
  const current = sums(now, metric);
  const earlier = sums(before, metric);
  const size = (name: string) => [...(current.get(name)?.values() ?? [])].reduce((sum, each) => sum + each, 0);
  const names = [...current.keys()].sort((a, b) => size(b) - size(a));
  const shown = names.length > 8 ? names.slice(0, 7) : names;
  const rest = names.slice(shown.length);
  const line = (name: string, of: string[]): PlainLine => ({
    name,
    values: days.map((each) => of.reduce((sum, platform) => sum + (current.get(platform)?.get(each) ?? 0), 0)),
    before: back === null ? undefined : days.map((each) => (each > lastCompared ? null : of.reduce((sum, platform) => sum + (earlier.get(platform)?.get(shifted(each, -back)) ?? 0), 0))),
  });
  return [...shown.map((each) => line(each, [each])), ...(rest.length ? [line('Other', rest)] : [])];
}
