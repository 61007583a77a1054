// Putting chosen rules back as they were, under their ids; all others stay as they are.
import { ask, api } from '../api/client';
import type { components } from '../api/schema';
import { apiKinds, type RuleKind } from '../words';

export type RestoreOutcome = components['schemas']['RestoreOutcome'];

export interface RuleName {
  kind: RuleKind;
  id: number;
}

/** As many names as fit into the address of a request. */
const mostAtOnce = 200;

export const changesOf = ({ passthrough_referrers: one, referrer_mappings: other, attribution }: RestoreOutcome) =>
  one.added + one.changed + one.removed + other.added + other.changed + other.removed + (attribution.changed ? 1 : 0);

/** All rules and settings; a dry run tells what would change. */
export const restoreAll = (account: string, version: number, isDry: boolean, signal?: AbortSignal) =>
  ask(api.POST('/accounts/{account_id}/restore-rules', { params: { path: { account_id: account }, query: { as_of: String(version), dry_run: isDry } }, signal }));

/** These rules alone. Tells how many changed, and which version was the last before. */
export async function restoreRules(account: string, version: number, rules: RuleName[]): Promise<{ changed: number; before: number }> {
  let changed = 0;
  let before: number | undefined;
  for (let at = 0; at < rules.length; at += mostAtOnce) {
    const names = rules.slice(at, at + mostAtOnce).map(({ kind, id }) => `${apiKinds[kind]}:${id}`);
    const query = { as_of: String(version), rules: names.join(',') };
    const outcome = await ask(api.POST('/accounts/{account_id}/restore-rules', { params: { path: { account_id: account }, query } }));
    const here = changesOf(outcome);
    before ??= outcome.version - (here > 0 ? 1 : 0);
    changed += here;
  }
  return { changed, before: before ?? version };
}
