// What is probably wrong with rules, by the rule it concerns first. A finding can be put aside in this browser.
import { signal } from '@preact/signals';
import { preferences } from '../../shell/stored';
import type { RuleKind } from '../../words';
import { type Finding, keyOf, kindOf } from './model';

export const ignored = signal(new Set((preferences.get('ignored-findings') ?? '').split(' ').filter(Boolean)));

const nameOf = (account: string, finding: Finding) =>
  [account, finding.code, ...(finding.rules ?? []).map((each) => `${each.kind?.[0]}${each.id}`)].join('/');

function keep(names: string[]) {
  ignored.value = new Set(names.slice(-500));
  preferences.set('ignored-findings', [...ignored.value].join(' '));
}

/** Puts a finding aside. Returns how to have it back. */
export function ignore(account: string, finding: Finding): () => void {
  const name = nameOf(account, finding);
  keep([...ignored.value, name]);
  return () => keep([...ignored.value].filter((each) => each !== name));
}

/** All that were put aside for this account come back. */
export const showHidden = (account: string) => keep([...ignored.value].filter((each) => !each.startsWith(`${account}/`)));

export interface Findings {
  byRule: Map<string, Finding[]>;
  /** Those of so many rules that they belong to none. */
  general: Finding[];
  /** How many were put aside in this browser. */
  hidden: number;
}

/** What is to be said of the rules of a kind. */
export function sortFindings(account: string, kind: RuleKind, findings: Finding[]): Findings {
  const byRule = new Map<string, Finding[]>();
  const general: Finding[] = [];
  let hidden = 0;
  for (const each of findings) {
    if (kindOf(each.rules?.[0]?.kind) !== kind) continue;
    if (ignored.value.has(nameOf(account, each))) {
      hidden++;
      continue;
    }
    const first = each.rules?.[0];
    if (!first?.id || (each.rules?.length ?? 0) > 3) {
      general.push(each);
      continue;
    }
    const key = keyOf(kindOf(first.kind), first.id);
    byRule.set(key, [...(byRule.get(key) ?? []), each]);
  }
  return { byRule, general, hidden };
}
