import { describe, expect, test } from 'vitest';
import { byRoute, parseMetrics, traffic } from '../src/pages/operations/metrics';

const at = (seconds: number, text: string) => ({ at: seconds * 1000, values: new Map<string, number>(), series: parseMetrics(text) });
const requests = (route: string, status: number, number: number) => `headwater_http_requests_total{route="${route}",status="${status}"} ${number}\n`;
const buckets = (...below: [string, number][]) => below.map(([bound, number]) => `headwater_http_request_seconds_bucket{route="resolve",le="${bound}"} ${number}`).join('\n');

describe('metrics', () => {
  test('labels may hold quotes and braces, and comments are none', () => {
    const [first, ...others] = parseMetrics('# HELP x y\nx{path="/a\\"b}",le="+Inf"} 1e3\nbad line here\n');
    expect(first).toEqual({ name: 'x', labels: { path: '/a\\"b}', le: '+Inf' }, value: 1000 });
    expect(others).toEqual([]);
  });
  test('what is shown are differences, and what the console itself asks for is no traffic', () => {
    const from = at(0, requests('resolve', 200, 1000) + requests('metrics', 200, 5));
    const to = at(10, requests('resolve', 200, 1090) + requests('resolve', 500, 10) + requests('metrics', 200, 500));
    expect(traffic(from, to)).toMatchObject({ perSecond: 10, errors: 0.1 });
    expect(byRoute(from, to).map((each) => each.route)).toEqual(['resolve']);
  });
  test('quantiles lie within the bucket where they fall, and beyond the last bound at that bound', () => {
    const from = at(0, buckets(['0.001', 0], ['0.01', 0], ['+Inf', 0]));
    expect(traffic(from, at(1, buckets(['0.001', 50], ['0.01', 100], ['+Inf', 100]))).median).toBeCloseTo(0.001);
    expect(traffic(from, at(1, buckets(['0.001', 0], ['0.01', 100], ['+Inf', 100]))).median).toBeCloseTo(0.0055);
    expect(traffic(from, at(1, buckets(['0.001', 0], ['0.01', 0], ['+Inf', 9]))).slow).toBe(0.01);
  });
  test('without traffic there is nothing to tell', () => {
    const still = at(0, requests('resolve', 200, 7));
    expect(traffic(still, { ...still, at: 5000 })).toEqual({ perSecond: 0, errors: 0, median: null, slow: null });
  });
});
