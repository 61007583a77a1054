// The visit that is tested. It stands behind #, so a visitor's URL reaches no log; the link carries the whole test.
import type { Draft, Visit } from '../../api/resolve';
import { pathWith, place, setFragment } from '../../shell/place';
import { self } from '../../shell/session';

export interface Inputs {
  url: string;
  referrer: string;
  session: Record<string, string> | null;
  draft: Draft | null;
}

function parsed(text: string | null): Draft | null {
  if (!text) return null;
  try {
    const draft = JSON.parse(text);
    return typeof draft === 'object' ? draft : null;
  } catch {
    return null;
  }
}

export function inputsNow(): Inputs {
  const { fragment } = place.value;
  const session = fragment.get('s');
  return {
    url: fragment.get('u') ?? '',
    referrer: fragment.get('r') ?? '',
    session: session === null ? null : Object.fromEntries([...new URLSearchParams(session)].filter(([name]) => name.startsWith('utm_'))),
    draft: parsed(fragment.get('draft')),
  };
}

export function setInputs(changes: Partial<Inputs>, isTyping = false) {
  const next: Record<string, string | null> = {};
  if ('url' in changes) next.u = changes.url ?? null;
  if ('referrer' in changes) next.r = changes.referrer ?? null;
  if ('session' in changes) next.s = changes.session ? new URLSearchParams(changes.session).toString() || 'utm_source=' : null;
  if ('draft' in changes) next.draft = changes.draft ? JSON.stringify(changes.draft) : null;
  setFragment(next, { replace: isTyping });
}

/** The last visit that was tested, by who tested it and for which account: the menu leads to an empty page. */
const last = new Map<string, string>();
const whose = (account: string) => `${self.value?.id} ${account}`;
export const keepTest = (account: string) => last.set(whose(account), pathWith({}));
export const lastTest = (account: string) => last.get(whose(account));

export const asVisit = ({ url, referrer, session }: Inputs, site: string): Visit => ({
  url: url.trim() || `https://www.${site}/`,
  ...(referrer.trim() ? { referrer: referrer.trim() } : {}),
  ...(session ? { session } : {}),
});

export interface Example {
  name: string;
  inputs: Partial<Inputs>;
}

const newsletter = { utm_source: 'newsletter', utm_medium: 'email' };

/** Visits that everybody has. The passthrough host is one of the account's own, if it has any. */
export function examples(site: string, passthroughHost: string | undefined): Example[] {
  const home = `https://www.${site}/`;
  const host = passthroughHost ?? 'checkout.stripe.com';
  return [
    { name: 'Back from payment', inputs: { url: `${home}thanks`, referrer: `https://${host}/`, session: newsletter } },
    { name: 'Google ad', inputs: { url: `${home}?gclid=EAIaIQob`, referrer: 'https://www.google.com/', session: null } },
    { name: 'Google search', inputs: { url: home, referrer: 'https://www.google.com/', session: null } },
    { name: 'ChatGPT', inputs: { url: `${home}?utm_source=chatgpt.com`, referrer: 'https://chatgpt.com/', session: null } },
    { name: 'Newsletter', inputs: { url: `${home}?utm_source=newsletter&utm_medium=email&utm_campaign=may`, referrer: '', session: null } },
    { name: 'Facebook link', inputs: { url: `${home}?fbclid=IwAR0`, referrer: 'https://l.facebook.com/', session: null } },
    { name: 'Typed the address', inputs: { url: home, referrer: '', session: null } },
  ];
}
