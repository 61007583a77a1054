// Rules of both kinds, as the page sees them.
import type { components } from '../../api/schema';
import type { RuleKind } from '../../words';

type Schemas = components['schemas'];
export type Mapping = Schemas['ReferrerMapping'];
export type Passthrough = Schemas['PassthroughReferrer'];
export type Finding = Schemas['LintFinding'];

/** What both kinds have, under one name: `pattern` is the domain of a passthrough referrer. */
export interface Rule {
  kind: RuleKind;
  id: number;
  pattern: string;
  match: string;
  priority: number;
  isActive: boolean;
  source: string;
  medium: string;
  campaign: string;
  /** Its label or service name. */
  name: string;
  /** Visits of the last 30 days, where the server counts them. */
  hits: number | null;
  etag: string | null;
  values: Record<string, unknown>;
  /** Everything that the filter looks at, in lower case. */
  text: string;
}

export function asRule(kind: RuleKind, values: Record<string, any>): Rule {
  const rule = {
    kind,
    id: values.id as number,
    pattern: String(kind === 'mapping' ? values.referrer_pattern : values.domain),
    match: String(values.match_type ?? ''),
    priority: Number(values.priority ?? 0),
    isActive: values.is_active === true,
    source: String(values.utm_source ?? ''),
    medium: String(values.utm_medium ?? ''),
    campaign: String(values.utm_campaign ?? ''),
    name: String((kind === 'mapping' ? values.label : values.service_name) ?? ''),
    hits: typeof values.hits === 'number' ? values.hits : null,
    etag: typeof values.etag === 'string' ? values.etag : null,
    values,
  };
  const words = [rule.pattern, rule.source, rule.medium, rule.campaign, rule.name, values.description, `#${rule.id}`];
  return { ...rule, text: words.filter(Boolean).join('\n').toLowerCase() };
}

/** Mappings are tried by priority, and among equal ones the older first. */
export const inOrder = (rules: Rule[]) => rules.toSorted((a, b) => b.priority - a.priority || a.id - b.id);

export const apiPaths = { mapping: '/referrer-mappings', passthrough: '/passthrough-referrers' } as const;
export const kindOf = (apiKind: string | undefined): RuleKind => (apiKind === 'passthrough_referrer' ? 'passthrough' : 'mapping');
export const kindOfPath = (path: string): RuleKind => (path.startsWith(apiPaths.passthrough) ? 'passthrough' : 'mapping');
/** What a rule is called where its row is not beside it. */
export type NameOf = (kind: RuleKind, id: number) => string;
export const keyOf = (kind: RuleKind, id: number) => `${kind}:${id}`;

export interface FieldOfRule {
  name: string;
  label: string;
  hint?: string;
  isNeeded?: boolean;
  type?: 'text' | 'number';
  options?: [value: string, word: string][];
  lines?: number;
  /** Folded away until it is wanted. */
  isExtra?: boolean;
}

const utm: FieldOfRule[] = [
  { name: 'utm_source', label: 'Source', isNeeded: true },
  { name: 'utm_medium', label: 'Medium' },
  { name: 'utm_campaign', label: 'Campaign' },
  { name: 'utm_term', label: 'Term', isExtra: true },
];

export const fieldsOf: Record<RuleKind, FieldOfRule[]> = {
  mapping: [
    { name: 'referrer_pattern', label: 'Pattern', isNeeded: true },
    {
      name: 'match_type',
      label: 'Match',
      options: [
        ['exact', 'is exactly this host'],
        ['contains', 'host contains it'],
        ['starts_with', 'host starts with it'],
        ['ends_with', 'host ends with it'],
        ['regex', 'regular expression finds something'],
      ],
    },
    ...utm,
    { name: 'utm_content', label: 'Content', isExtra: true },
    { name: 'priority', label: 'Priority', type: 'number', hint: '0 to 1000. The highest is tried first, among equal ones the older.' },
    { name: 'label', label: 'Label' },
    { name: 'description', label: 'Description', lines: 2, isExtra: true },
  ],
  passthrough: [
    { name: 'domain', label: 'Domain', isNeeded: true, hint: 'Also covers every host below it. Who comes from there keeps the session; who has none counts as:' },
    ...utm,
    { name: 'service_name', label: 'Service' },
  ],
};

/** What a mapping's pattern is compared with. Hosts are tried with and without their www.; only an exact pattern drops its own. */
export function patternHint(match: string, pattern: string): string {
  if (match === 'regex') return 'Tried on the host in lower case, with and without its www.';
  if (match === 'exact') return 'Only the host of the referrer counts; a leading www. makes no difference.';
  return /^www\./i.test(pattern.trim()) ? 'Fits only hosts with www. Leave it out to fit those without it, too.' : 'Tried on the host with and without its www.';
}

export const defaultsOf: Record<RuleKind, Record<string, unknown>> = {
  mapping: { referrer_pattern: '', match_type: 'exact', utm_source: '', utm_medium: 'referral', utm_campaign: '', utm_term: '', utm_content: '', priority: 0, label: '', description: '', is_active: true },
  passthrough: { domain: '', utm_source: '', utm_medium: 'passthrough', utm_campaign: '', utm_term: '', service_name: '', is_active: true },
};

const isMissing = ({ isNeeded, name }: FieldOfRule, values: Record<string, unknown>) => isNeeded === true && !String(values[name] ?? '').trim();

/** What a rule cannot do without and has not got yet, in words. */
export const missingOf = (kind: RuleKind, values: Record<string, unknown>): string[] =>
  fieldsOf[kind].filter((each) => isMissing(each, values)).map((each) => each.label.toLowerCase());

const isPriority = (value: unknown) => /^\d{1,4}$/.test(String(value).trim()) && Number(value) <= 1000;
export const priorityFault = 'Type a whole number from 0 to 1000.';

/** What is known to be wrong without asking the server, by field. */
export function faultsIn(kind: RuleKind, values: Record<string, unknown>): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const each of fieldsOf[kind]) if (isMissing(each, values)) faults[each.name] = `Type a ${each.label.toLowerCase()}.`;
  if ('priority' in values && !isPriority(values.priority)) faults.priority = priorityFault;
  return faults;
}

/** What the form holds, as the API takes it: numbers as numbers, and nothing else touched. */
export function asSent(values: Record<string, unknown>): Record<string, unknown> {
  return 'priority' in values && isPriority(values.priority) ? { ...values, priority: Number(values.priority) } : values;
}

/** The fields of which two versions of a rule differ; null and empty are the same to people. */
export function differing(kind: RuleKind, one: Record<string, unknown>, other: Record<string, unknown>): string[] {
  const plain = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  return Object.keys(defaultsOf[kind]).filter((name) => plain(one[name]) !== plain(other[name]));
}
