// The requests of the page. Paths of the two kinds differ by name only, so they are called by name.
import { ask, api, answered, fetchRaw, newRequestKey } from '../../api/client';
import { takes } from '../../api/features';
import { Failure } from '../../api/failure';
import type { RuleKind } from '../../words';
import { apiKinds, apiPaths, asRule, type Rule } from './model';

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
  return { rule: asRule(kind, body.data), etag: response.headers.get('ETag'), meta: body.meta ?? {} };
}

export async function readRules(account: string, kind: RuleKind, signal?: AbortSignal): Promise<Rule[]> {
  const include = takes(apiPaths[kind], 'get', 'include') ? '&include=hits' : '';
  const response = await fetchRaw(`${at(kind, account)}&include_inactive=true${include}`, { signal });
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

export const removeRule = (account: string, kind: RuleKind, id: number) =>
  fetchRaw(at(kind, account, id), { method: 'DELETE' });

/**
 * Sets fields of many rules in one request and one event: by PATCH of the list where the server has it, and else by an
 * import that merges exactly these rules.
 */
export async function changeRules(account: string, rules: Rule[], set: Record<string, unknown>) {
  const kind = rules[0]?.kind ?? 'mapping';
  if (takes(apiPaths[kind], 'patch', 'account_id')) {
    const body = JSON.stringify({ ids: rules.map((each) => each.id), set });
    await fetchRaw(at(kind, account), { method: 'PATCH', headers: json, body });
    return;
  }
  const pattern = kind === 'mapping' ? 'referrer_pattern' : 'domain';
  const rows = rules.map((each) => ({ [pattern]: each.pattern, utm_source: each.source, ...set }));
  await fetchRaw(`${apiPaths[kind]}/import?account_id=${encodeURIComponent(account)}&mode=merge`, { method: 'POST', headers: json, body: JSON.stringify(rows) });
}

/** One after the other, since the API has no removal of many. What could not be removed is told. */
export async function removeRules(account: string, rules: Rule[], onProgress: (done: number) => void) {
  for (const [index, each] of rules.entries()) {
    await removeRule(account, each.kind, each.id);
    onProgress(index + 1);
  }
}

export async function versionNow(account: string): Promise<number> {
  const state = await ask(api.GET('/accounts/{account_id}/state', { params: { path: { account_id: account } } }));
  return state.version;
}

export interface Expected {
  kind: RuleKind;
  /** How many rules putting back brings back, changes again, and takes away. */
  added?: number;
  changed?: number;
  removed?: number;
  ids?: number[];
}

/**
 * Puts rules back as they were at a version, but only if nothing else changes by it: an undo must not take a
 * colleague's work back.
 */
export async function putBack(account: string, version: number, expected: Expected) {
  const path = `/accounts/${encodeURIComponent(account)}/restore-rules?as_of=${version}`;
  if (expected.ids && takes('/accounts/{account_id}/restore-rules', 'post', 'rules')) {
    const rules = expected.ids.map((id) => `${apiKinds[expected.kind]}:${id}`).join(',');
    await fetchRaw(`${path}&rules=${rules}`, { method: 'POST' });
    return;
  }
  const look = (await (await fetchRaw(`${path}&dry_run=true`, { method: 'POST' })).json()).data;
  const mine = expected.kind === 'mapping' ? look.referrer_mappings : look.passthrough_referrers;
  const others = expected.kind === 'mapping' ? look.passthrough_referrers : look.referrer_mappings;
  const isExact =
    mine.added === (expected.added ?? 0) &&
    mine.changed === (expected.changed ?? 0) &&
    mine.removed === (expected.removed ?? 0) &&
    others.added + others.changed + others.removed === 0 &&
    !look.attribution?.changed;
  if (!isExact) throw new Failure('conflict', 'Rules were changed since, so undoing would take back more than this. History can put back what you choose.');
  await fetchRaw(path, { method: 'POST' });
}

export async function readLint(account: string, signal?: AbortSignal) {
  const { data } = await answered(api.GET('/rules/lint', { params: { query: { account_id: account, limit: 1000 } }, signal }));
  return data.data;
}
