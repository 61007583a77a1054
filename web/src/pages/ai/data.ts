// The reports of the page.
import { api, answered, fetchRaw } from '../../api/client';
import type { components } from '../../api/schema';
import type { Days } from '../../range';

export type Connection = components['schemas']['Connection'];
export type Report = components['schemas']['Report'];
export type Row = Report['rows'][number];
export type Figures = components['schemas']['ReportSums'];
export type Metric = keyof Figures;
export interface Filter {
  platform: string | null;
  page: string | null;
  connection: string | null;
}

export function reportPath(brand: number, days: Days, filter: Filter, more: Record<string, string>) {
  const query = new URLSearchParams({ start_date: days.from, end_date: days.to, ...more });
  if (filter.platform) query.set('platform', filter.platform);
  if (filter.page) query.set('page_prefix', filter.page);
  if (filter.connection) query.set('connection', filter.connection);
  return `/${brand}/ai-referrals?${query}`;
}

export async function readReport(brand: number, days: Days, filter: Filter, more: Record<string, string>, signal?: AbortSignal): Promise<Report> {
  return (await fetchRaw(reportPath(brand, days, filter, { limit: '10000', ...more }), { signal })).json();
}

export async function readConnections(brand: number, signal?: AbortSignal): Promise<Connection[]> {
  const { data } = await answered(api.GET('/{brand_id}/ai-referrals/connections', { params: { path: { brand_id: brand } }, signal }));
  return data.items;
}

export type Batch = components['schemas']['BatchList']['items'][number];

export async function readBatches(brand: number, connection: string, limit: number, signal?: AbortSignal): Promise<Batch[]> {
  const { data } = await answered(
    api.GET('/{brand_id}/ai-referrals/connections/{connection_id}/batches', { params: { path: { brand_id: brand, connection_id: connection }, query: { limit } }, signal }),
  );
  return data.items;
}

export const metrics: { name: Metric; word: string; query: string; isMoney?: boolean }[] = [
  { name: 'sessions', word: 'Sessions', query: 'sessions' },
  { name: 'pageviews', word: 'Pageviews', query: 'pageviews' },
  { name: 'transactions', word: 'Transactions', query: 'transactions' },
  { name: 'purchase_revenue', word: 'Revenue', query: 'revenue', isMoney: true },
];
