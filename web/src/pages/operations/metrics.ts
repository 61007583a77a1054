// /metrics, read every few seconds and kept for fifteen minutes in memory; what is shown are its differences.
import { signal } from '@preact/signals';
import { fetchRaw } from '../../api/client';

export interface Sample {
  at: number; // milliseconds
  values: Map<string, number>;
  /** By series, the buckets: upper bound -> count */
  series: { name: string; labels: Record<string, string>; value: number }[];
}

export const samples = signal<Sample[]>([]);
const keptFor = 15 * 60_000;

export function parseMetrics(text: string): Sample['series'] {
  const series: Sample['series'] = [];
  for (const line of text.split('\n')) {
    const found = /^([a-z_:]+)(?:\{(.*)\})? (\S+)$/i.exec(line);
    if (!found || line.startsWith('#')) continue;
    const labels: Record<string, string> = {};
    for (const [, name = '', value = ''] of (found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[name] = value;
    series.push({ name: found[1] ?? '', labels, value: Number(found[3]) });
  }
  return series;
}

export async function sample(cancelled?: AbortSignal) {
  const series = parseMetrics(await (await fetchRaw('/metrics', { signal: cancelled })).text());
  const values = new Map<string, number>();
  for (const { name, labels, value } of series) if (Object.keys(labels).length === 0) values.set(name, value);
  const at = Date.now();
  samples.value = [...samples.value.filter((each) => each.at > at - keptFor), { at, values, series }];
}

const requests = 'headwater_http_requests_total';
const seconds = 'headwater_http_request_seconds_bucket';

type Chosen = (labels: Record<string, string>) => boolean;

function total({ series }: Sample, name: string, chosen: Chosen): number {
  return series.reduce((sum, each) => (each.name === name && chosen(each.labels) ? sum + each.value : sum), 0);
}

/** What the console itself asks for is no traffic. */
const isOwn = (labels: Record<string, string>) => labels.route === 'metrics' || labels.route === 'ready';
const counted: Chosen = (labels) => !isOwn(labels);

export interface Traffic {
  perSecond: number;
  errors: number; // share of 5xx
  median: number | null; // seconds
  slow: number | null; // 99 %
}

/** A quantile from the differences of two histograms, in seconds. */
function quantile(from: Sample, to: Sample, share: number, chosen: Chosen): number | null {
  const buckets = new Map<number, number>();
  const add = (of: Sample, sign: number) => {
    for (const { name, labels, value } of of.series)
      if (name === seconds && chosen(labels)) {
        const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
        buckets.set(bound, (buckets.get(bound) ?? 0) + sign * value);
      }
  };
  add(to, 1);
  add(from, -1);
  const bounds = [...buckets].sort(([a], [b]) => a - b);
  const all = bounds.at(-1)?.[1] ?? 0;
  if (all <= 0) return null;
  let below = 0;
  let before = 0;
  for (const [bound, number] of bounds) {
    if (number >= all * share) {
      if (!Number.isFinite(bound)) return before;
      const inside = number - below;
      return before + (bound - before) * (inside > 0 ? (all * share - below) / inside : 1);
    }
    below = number;
    before = bound;
  }
  return before;
}

export function traffic(from: Sample, to: Sample, chosen: Chosen = counted): Traffic {
  const number = total(to, requests, chosen) - total(from, requests, chosen);
  const isError: Chosen = (labels) => chosen(labels) && (labels.status ?? '').startsWith('5');
  const errors = total(to, requests, isError) - total(from, requests, isError);
  return {
    perSecond: (number * 1000) / Math.max(1, to.at - from.at),
    errors: number > 0 ? errors / number : 0,
    median: quantile(from, to, 0.5, chosen),
    slow: quantile(from, to, 0.99, chosen),
  };
}

/** Requests a second between each two samples. */
export const rates = (list: Sample[]): number[] => list.slice(1).map((each, index) => Math.max(0, traffic(list[index] as Sample, each).perSecond));

export function byRoute(from: Sample, to: Sample): (Traffic & { route: string })[] {
  const routes = new Set(to.series.filter((each) => each.name === requests && counted(each.labels)).map((each) => each.labels.route ?? ''));
  return [...routes]
    .map((route) => ({ route, ...traffic(from, to, (labels) => labels.route === route) }))
    .filter((each) => each.perSecond > 0)
    .sort((a, b) => b.perSecond - a.perSecond);
}
