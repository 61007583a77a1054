// What marketers call things. The API's own name stands in the tooltip.
const outcomes: Record<string, string> = {
  internal: 'Own page',
  passthrough: 'Kept the session',
  explicit_utm: 'Tagged link',
  click_id: 'Ad click',
  mapping: 'Your rule',
  ai_platform: 'AI assistant',
  search: 'Search',
  email: 'Email',
  social: 'Social',
  referral: 'Other site',
  continued: 'Came back',
  direct: 'Direct',
};

interface Answered {
  outcome?: string;
  click_id?: string | null;
  continues_session?: boolean;
}
/** The word for what a visit counts as. A passthrough rule keeps a session only where there is one. */
export const answerWord = ({ outcome, click_id, continues_session }: Answered): string =>
  outcome === 'passthrough' && continues_session === false ? 'Passthrough rule' : outcomeWord(outcome, click_id);

/** The word for an outcome. An ad click by Facebook's fbclid is only a link that was copied there. */
export function outcomeWord(outcome: string | undefined, clickId?: string | null): string {
  if (outcome === 'click_id' && clickId === 'fbclid') return 'Facebook link';
  return outcomes[outcome ?? ''] ?? outcome ?? '';
}

const steps: Record<string, string> = {
  passthrough_session: 'Kept the session',
  passthrough_fallback: 'Passthrough without a session',
  facebook_click_id: 'Facebook link',
};

/** A step of the cascade by its name. Most are called as the outcome that they lead to. */
export function stepWord(name: string): string {
  const plain = name.replaceAll('_', ' ');
  return steps[name] ?? outcomes[name] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

export const matchWords: Record<string, string> = {
  exact: 'is',
  contains: 'contains',
  starts_with: 'starts with',
  ends_with: 'ends with',
  regex: 'regex',
};

const fields: Record<string, string> = {
  referrer_pattern: 'pattern',
  match_type: 'match',
  utm_source: 'source',
  utm_medium: 'medium',
  utm_campaign: 'campaign',
  utm_term: 'term',
  utm_content: 'content',
  is_active: 'state',
  service_name: 'service',
  ai_medium: 'medium of AI assistants',
  drop_spam: 'leave out spam',
  url: 'landing page',
  referrer: 'came from',
  timezone: 'time zone',
};
export const fieldWord = (name: string) => fields[name] ?? name.replaceAll('_', ' ');

export type RuleKind = 'mapping' | 'passthrough';
/** What the API calls them. */
export const apiKinds = { mapping: 'referrer_mapping', passthrough: 'passthrough_referrer' } as const;
export const kindWords: Record<RuleKind, string> = { mapping: 'Mapping', passthrough: 'Passthrough' };
/** Several of a kind, behind their number. */
export const rulesWord = (kind: RuleKind, number: number) => (kind === 'mapping' ? 'mapping' : 'passthrough rule') + (number === 1 ? '' : 's');

/** A value of a rule, as it stands in a sentence. */
export function valueWord(value: unknown): string {
  if (value === true) return 'on';
  if (value === false) return 'off';
  if (value === null || value === undefined || value === '') return '(none)';
  if (Array.isArray(value)) return value.length ? value.join(', ') : '(none)';
  return String(value);
}

/** What a token may do, by its role. */
export const roles = {
  viewer: { word: 'Viewer', may: 'Sees rules, reports and history, and changes nothing.' },
  editor: { word: 'Editor', may: 'Also changes rules and settings, and connects analytics tools.' },
  tracker: { word: 'Tracker', may: 'For a website or tag manager: asks what a visit counts as, and sees nothing else.' },
  admin: { word: 'Admin', may: 'Everything. For all accounts it also runs Operations: tokens, accounts, snapshots.' },
} as const;
export type Role = keyof typeof roles;

const scopes: Record<string, string> = { resolve: 'ask about visits', read: 'see', write: 'change', admin: 'administer' };

/** A token made by its scopes alone has no role, so they are told. */
export const roleWord = (token: { role?: Role | null; scopes?: readonly string[] | null }): string =>
  token.role ? roles[token.role].word : `May ${(token.scopes ?? []).map((each) => scopes[each] ?? each).join(', ')}`;
