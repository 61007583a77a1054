// POST /resolve has one operation for several shapes; the console asks for two of them.
import { fetchRaw } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Attribution = Schemas['Attribution'];
export type Compared = Schemas['ComparedAttribution'];
export type Draft = NonNullable<Schemas['RuleDraft']>;
export type Visit = Schemas['Visit'];
export type Step = Schemas['StepExplanation'];

interface Asked {
  draft?: Draft;
  explain?: 'true' | 'all';
  asOf?: string;
  signal?: AbortSignal;
}

async function send(account: string, body: object, { explain, asOf, signal }: Asked) {
  const query = new URLSearchParams({ account_id: account });
  if (explain) query.set('explain', explain);
  if (asOf) query.set('as_of', asOf);
  const headers = { 'Content-Type': 'application/json' };
  return (await (await fetchRaw(`/resolve?${query}`, { method: 'POST', headers, body: JSON.stringify(body), signal })).json()).data;
}

export const resolveVisit = (account: string, visit: Visit, asked: Asked = {}): Promise<Attribution> =>
  send(account, asked.draft ? { ...visit, draft: asked.draft } : visit, asked);

/** Each visit by the stored rules and by the drafted ones. */
export const compareVisits = async (account: string, visits: Visit[], draft: Draft, asked: Asked = {}): Promise<Compared[]> =>
  (await send(account, { visits, compare: true, draft }, asked)).results;
