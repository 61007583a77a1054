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
export const mostAtOnce = 200;

export const changesOf = ({ passthrough_referrers: one, referrer_mappings: other, attribution }: RestoreOutcome) =>
  one.added + one.changed + one.removed + other.added + other.changed + other.removed + (attribution.changed ? 1 : 0);

/** All rules and settings; a dry run tells what would change. */
export const restoreAll = (account: string, version: number, isDry: boolean, signal?: AbortSignal) =>
  ask(api.POST('/accounts/{account_id}/restore-rules', { params: { path: { account_id: account }, query: { as_of: String(version), dry_run: isDry } }, signal }));

const pieceOf = (account: string, version: number, rules: RuleName[]) => {
  const names = rules.map(({ kind, id }) => `${apiKinds[kind]}:${id}`);
  const query = { as_of: String(version), rules: names.join(',') };
  return ask(api.POST('/accounts/{account_id}/restore-rules', { params: { path: { account_id: account }, query } }));
};

/** These rules alone, of which there are few. Tells how many changed, and which version was the last before. */
export async function restoreRules(account: string, version: number, rules: RuleName[]): Promise<{ changed: number; before: number }> {
  const outcome = await pieceOf(account, version, rules);
  const changed = changesOf(outcome);
  return { changed, before: outcome.version - (changed > 0 ? 1 : 0) };
}

/**
 * Puts many rules back, a piece at a time, and tells after each how many are done. Called again after it has failed, it
 * goes on where it stopped; a piece whose answer was lost is only put back once more.
 */
export function restoring(account: string, version: number, rules: RuleName[], send = pieceOf) {
  let done = 0;
  return async (tell: (done: number) => void) => {
    while (done < rules.length) {
      const piece = rules.slice(done, done + mostAtOnce);
      await send(account, version, piece);
      done += piece.length;
      tell(done);
    }
  };
}
