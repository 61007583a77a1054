// What is probably wrong with rules, by the rule it concerns first. A finding can be put aside in this browser.
import { signal } from '@preact/signals';
import { preferences } from '../../shell/stored';
import { type Finding, keyOf, kindOf } from './model';

export const ignored = signal(new Set((preferences.get('ignored-findings') ?? '').split(' ').filter(Boolean)));

const nameOf = (account: string, finding: Finding) =>
  [account, finding.code, ...(finding.rules ?? []).map((each) => `${each.kind?.[0]}${each.id}`)].join('/');

export function ignore(account: string, finding: Finding) {
  ignored.value = new Set([...ignored.value, nameOf(account, finding)].slice(-500));
  preferences.set('ignored-findings', [...ignored.value].join(' '));
}

export interface Findings {
  byRule: Map<string, Finding[]>;
  /** Those of so many rules that they belong to none. */
  general: Finding[];
  total: number;
}

export function sortFindings(account: string, findings: Finding[]): Findings {
  const byRule = new Map<string, Finding[]>();
  const general: Finding[] = [];
  let total = 0;
  for (const each of findings) {
    if (ignored.value.has(nameOf(account, each))) continue;
    const first = each.rules?.[0];
    if (!first?.id || (each.rules?.length ?? 0) > 3) {
      general.push(each);
      continue;
    }
    total++;
    const key = keyOf(kindOf(first.kind), first.id);
    byRule.set(key, [...(byRule.get(key) ?? []), each]);
  }
  return { byRule, general, total };
}
