// What changed between two versions of an account's rules, field by field.
import { ask, api } from '../api/client';
import type { components } from '../api/schema';
import type { RuleKind } from '../words';

export type RuleDiff = components['schemas']['RuleDiff'];

export interface DiffRow {
  kind: RuleKind | 'settings';
  id: number | null;
  what: 'added' | 'removed' | 'changed';
  subject: string;
  changes: [field: string, from: unknown, to: unknown][];
  by: string | null;
  at: string | null;
  values: Record<string, any>;
}

export const readDiff = (account: string, from: number, to?: number, signal?: AbortSignal) =>
  ask(
    api.GET('/accounts/{account_id}/diff', {
      params: { path: { account_id: account }, query: { from: String(from), ...(to === undefined ? {} : { to: String(to) }) } },
      signal,
    }),
  );

/** Values that say nothing by themselves are left out where a rule came or went. */
const worthTelling = (values: Record<string, unknown>): [string, unknown][] =>
  Object.entries(values).filter(
    ([name, value]) => !['id', 'account_id', 'created_at', 'updated_at', 'by', 'by_name', 'at', 'version', 'etag', 'hits'].includes(name) && value !== '' && value !== null,
  );

export function diffRows(diff: RuleDiff): DiffRow[] {
  const rows: DiffRow[] = [];
  for (const kind of ['passthrough', 'mapping'] as const) {
    const part = (kind === 'mapping' ? diff.referrer_mappings : diff.passthrough_referrers) ?? {};
    const shared = (each: Record<string, any>) => ({
      kind,
      id: each.id as number,
      subject: String(each.referrer_pattern ?? each.domain ?? ''),
      by: (each.by_name ?? (each.by ? `token ${each.by}` : null)) as string | null,
      at: (each.at ?? null) as string | null,
      values: each,
    });
    for (const each of part.added ?? []) rows.push({ ...shared(each), what: 'added', changes: worthTelling(each).map(([name, value]) => [name, undefined, value]) });
    for (const each of part.removed ?? []) rows.push({ ...shared(each), what: 'removed', changes: worthTelling(each).map(([name, value]) => [name, value, undefined]) });
    for (const each of part.changed ?? [])
      rows.push({ ...shared(each), what: 'changed', changes: Object.entries(each.changes ?? {}).map(([name, { from, to }]) => [name, from, to]) });
  }
  const settings = diff.attribution as Record<string, any> | undefined;
  const changes = Object.entries((settings?.changes ?? {}) as Record<string, { from?: unknown; to?: unknown }>);
  if (changes.length)
    rows.push({ kind: 'settings', id: null, what: 'changed', subject: '', changes: changes.map(([name, { from, to }]) => [name, from, to]), by: settings?.by_name ?? null, at: settings?.at ?? null, values: settings ?? {} });
  return rows;
}
