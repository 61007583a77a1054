// The requests of the page. Paths of the two kinds differ by name only, so they are called by name.
import { ask, api, answered, fetchRaw, newRequestKey } from '../../api/client';
import { takes } from '../../api/features';
import { Failure } from '../../api/failure';
import type { components } from '../../api/schema';
import { changesOf, restoreAll } from '../../log/restore';
import type { RuleKind } from '../../words';
import { apiPaths, asRule, type Rule } from './model';

const json = { 'Content-Type': 'application/json' };
const at = (kind: RuleKind, account: string, id?: number) =>
  `${apiPaths[kind]}${id === undefined ? '' : `/${id}`}?account_id=${encodeURIComponent(account)}`;

export interface Meta {
  normalised?: { field?: string; message?: string }[];
}
export interface Saved {
  rule: Rule;
  etag: string | null;
  meta: Meta;
}

async function saved(kind: RuleKind, response: Response): Promise<Saved> {
  const body = await response.json();
  const etag = response.headers.get('ETag');
  return { rule: asRule(kind, { ...body.data, etag }), etag, meta: body.meta ?? {} };
}

/** All rules of a kind, each with its own ETag, so that none has to be read again before it is changed. */
export async function readRules(account: string, kind: RuleKind, signal?: AbortSignal): Promise<Rule[]> {
  const include = takes(apiPaths[kind], 'get', 'include', 'hits') ? 'etag,hits' : 'etag';
  const response = await fetchRaw(`${at(kind, account)}&include_inactive=true&include=${include}`, { signal });
  const { data } = await response.json();
  return (data.mappings ?? data.referrers ?? []).map((each: Record<string, unknown>) => asRule(kind, each));
}

export const readRule = async (account: string, kind: RuleKind, id: number, signal?: AbortSignal) =>
  saved(kind, await fetchRaw(at(kind, account, id), { signal }));

export const createRule = async (account: string, kind: RuleKind, values: object, key = newRequestKey()) =>
  saved(kind, await fetchRaw(at(kind, account), { method: 'POST', headers: { ...json, 'Idempotency-Key': key }, body: JSON.stringify(values) }));

export async function changeRule(account: string, kind: RuleKind, id: number, values: object, etag?: string | null) {
  const headers = etag ? { ...json, 'If-Match': etag } : json;
  return saved(kind, await fetchRaw(at(kind, account, id), { method: 'PATCH', headers, body: JSON.stringify(values) }));
}

export const removeRule = (account: string, kind: RuleKind, id: number, etag?: string | null) =>
  fetchRaw(at(kind, account, id), { method: 'DELETE', headers: etag ? { 'If-Match': etag } : {} });

export type BulkOutcome = components['schemas']['ImportOutcome'];
export interface Bulk {
  /** The same fields for all; absent to remove them. */
  set?: Record<string, unknown>;
  isDry?: boolean;
  /** The version at which the change was looked at; at a later one it is refused. */
  version?: number;
  signal?: AbortSignal;
}
/** How many rules one request may name. */
export const mostInBulk = 1000;

/** Changes or removes exactly these rules, as one event, all or none of them. */
export async function changeMany(account: string, kind: RuleKind, ids: number[], { set, isDry, version, signal }: Bulk): Promise<BulkOutcome> {
  const headers: Record<string, string> = version === undefined ? {} : { 'If-Match': `"${version}"` };
  const query = `${at(kind, account)}&dry_run=${isDry === true}`;
  const response = set
    ? await fetchRaw(query, { method: 'PATCH', headers: { ...json, ...headers }, body: JSON.stringify({ ids, set }), signal })
    : await fetchRaw(`${query}&ids=${ids.join(',')}`, { method: 'DELETE', headers, signal });
  return (await response.json()).data;
}

export async function versionNow(account: string): Promise<number> {
  const state = await ask(api.GET('/accounts/{account_id}/state', { params: { path: { account_id: account } } }));
  return state.version;
}

/**
 * Takes back what added rules whose ids nobody told, as an import does: all rules as they were, but only if nothing
 * else changes by it. An undo must not take a colleague's work back.
 */
export async function takeBack(account: string, version: number, kind: RuleKind, expected: { added?: number; changed?: number; removed?: number }) {
  const look = await restoreAll(account, version, true);
  const mine = kind === 'mapping' ? look.referrer_mappings : look.passthrough_referrers;
  const isExact =
    mine.added === (expected.added ?? 0) &&
    mine.changed === (expected.changed ?? 0) &&
    mine.removed === (expected.removed ?? 0) &&
    changesOf(look) === mine.added + mine.changed + mine.removed;
  if (!isExact) throw new Failure('conflict', 'Rules were changed since, so undoing would take back more than this. History can put back what you choose.');
  await restoreAll(account, version, false);
}

export async function readLint(account: string, signal?: AbortSignal) {
  const { data } = await answered(api.GET('/rules/lint', { params: { query: { account_id: account, limit: 1000 } }, signal }));
  return data.data;
}
