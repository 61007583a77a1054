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
}

export const changeWords = { added: 'added', removed: 'deleted', changed: 'changed' } as const;

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

const nameOf = ({ by_name, by }: { by_name?: string | null; by?: string }) => by_name ?? (by ? `token ${by}` : null);
const fieldChanges = (changes: components['schemas']['FieldChanges']): DiffRow['changes'] => Object.entries(changes).map(([name, { from, to }]) => [name, from, to]);

export function diffRows(diff: RuleDiff): DiffRow[] {
  const rows: DiffRow[] = [];
  for (const kind of ['passthrough', 'mapping'] as const) {
    const { added, removed, changed } = kind === 'mapping' ? diff.referrer_mappings : diff.passthrough_referrers;
    const shared = (each: (typeof added)[number] | (typeof changed)[number]) => ({
      kind,
      id: each.id,
      subject: 'domain' in each ? each.domain : each.referrer_pattern,
      by: nameOf(each),
      at: each.at,
    });
    for (const each of added) rows.push({ ...shared(each), what: 'added', changes: worthTelling(each).map(([name, value]) => [name, undefined, value]) });
    for (const each of removed) rows.push({ ...shared(each), what: 'removed', changes: worthTelling(each).map(([name, value]) => [name, value, undefined]) });
    for (const each of changed) rows.push({ ...shared(each), what: 'changed', changes: fieldChanges(each.changes) });
  }
  const settings = diff.attribution;
  const changes = fieldChanges(settings.changes);
  if (changes.length) rows.push({ kind: 'settings', id: null, what: 'changed', subject: '', changes, by: nameOf(settings), at: settings.at ?? null });
  return rows;
}
