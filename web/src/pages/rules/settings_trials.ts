// Visits that show what a change of the settings does: for each setting that is changed, those that it is about.
import type { Visit } from '../../api/resolve';
import type { Family, Values } from './settings';

export interface Trial {
  /** The visit in words: "From acme-careers.example" */
  name: string;
  visit: Visit;
}

/** As many of a list as are worth a line each. */
const mostOfList = 4;

/** A host that no list and no rule of anybody knows. */
const unknownHost = 'bank.example';
const session = { utm_source: 'newsletter', utm_medium: 'email' };

const tags: Record<Family, string> = {
  utm: 'utm_source=partner&utm_medium=email',
  utm_id: 'utm_source=partner&utm_medium=email&utm_id=spring',
  ref: 'ref=partner',
  source: 'source=partner',
  mtm: 'mtm_source=partner&mtm_medium=email',
  pk: 'pk_source=partner&pk_medium=email',
};

const listOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

/** What is in one of the lists and not in the other, the new ones first. */
const between = (before: unknown, after: unknown): string[] => {
  const [old, now] = [listOf(before), listOf(after)];
  return [...now.filter((each) => !old.includes(each)), ...old.filter((each) => !now.includes(each))];
};

type TrialsOf = (home: string, before: unknown, after: unknown) => Trial[];
const from = (home: string, host: string): Trial => ({ name: `From ${host}`, visit: { url: home, referrer: `https://${host}/` } });

const trials: Record<string, TrialsOf> = {
  own_domains: (home, before, after) => between(before, after).slice(0, mostOfList).map((host) => from(home, host)),
  return_paths: (home, before, after) =>
    between(before, after)
      .slice(0, mostOfList)
      .map((path) => ({ name: `Back on ${path} from a bank, in a session of newsletter / email`, visit: { url: home + path.replace(/^\/+/, ''), referrer: `https://${unknownHost}/`, session } })),
  campaign_parameters: (home, before, after) =>
    between(before, after).map((family) => ({ name: `Link with ?${tags[family as Family] ?? family}`, visit: { url: `${home}?${tags[family as Family] ?? ''}` } })),
  ai_medium: (home) => [from(home, 'chatgpt.com')],
  classification: (home) => ['www.google.com', 'l.facebook.com', 'mail.google.com'].map((host) => from(home, host)),
  drop_spam: (home) => [from(home, 'semalt.com')],
};

/** Settings that change no answer, and what they are for instead. */
export const without: Record<string, string> = {
  timezone: 'The time zone decides to which day a visit belongs, and no visit counts otherwise by it.',
  currency: 'The currency stands beside revenue; amounts are not converted.',
};

export function trialsOf(site: string, before: Values, after: Values, changed: string[]): Trial[] {
  const home = `https://www.${site}/`;
  return changed.flatMap((name) => trials[name]?.(home, before[name], after[name]) ?? []);
}
