// Every page and dialog that there is, and how to get there.
import type { Console } from './console.ts';

export interface Shown {
  name: string;
  path: string;
  as?: 'editor' | 'viewer' | 'admin';
  /** What is done once the page is there, such as opening a dialog. */
  then?: (at: Console) => Promise<void>;
  isWideOnly?: boolean;
}

const press = (name: string | RegExp) => async (at: Console) => {
  await at.press(at.page.getByRole('button', { name }).first());
  await at.page.getByRole('dialog').waitFor();
};
const keys = (sequence: string) => async (at: Console) => {
  await at.page.keyboard.press(sequence);
  await at.page.getByRole('dialog').waitFor();
};

export const places: Shown[] = [
  { name: 'accounts', path: '/', as: 'viewer' },
  { name: 'rules', path: '/a/acme/rules' },
  { name: 'rules-findings', path: '/a/acme/rules?lint=1' },
  { name: 'rules-passthrough', path: '/a/acme/rules?kind=passthrough' },
  { name: 'rules-nothing-fits', path: '/a/acme/rules?q=no-such-rule' },
  { name: 'rules-viewer', path: '/a/acme/rules', as: 'viewer' },
  { name: 'rules-empty', path: '/a/empty/rules', as: 'viewer' },
  { name: 'rule', path: '/a/acme/rules/mapping/2' },
  { name: 'rule-history', path: '/a/acme/rules/mapping/2?tab=history' },
  { name: 'rule-viewer', path: '/a/acme/rules/passthrough/2', as: 'viewer' },
  { name: 'rule-new', path: '/a/acme/rules/mapping/new' },
  { name: 'import', path: '/a/acme/rules/import' },
  { name: 'packs', path: '/a/acme/rules?kind=passthrough', then: press('Packs…'), isWideOnly: true },
  { name: 'test-empty', path: '/a/acme/test' },
  { name: 'test', path: '/a/acme/test#r=https%3A%2F%2Fwww.trivago.es%2F' },
  { name: 'ai', path: '/a/acme/ai' },
  { name: 'ai-table', path: '/a/acme/ai?view=table' },
  { name: 'ai-empty', path: '/a/empty/ai', as: 'viewer' },
  { name: 'ai-no-days', path: '/a/acme/ai?from=2020-01-01&to=2020-01-07' },
  { name: 'history', path: '/a/acme/history' },
  { name: 'history-then', path: '/a/acme/history?at=60' },
  { name: 'history-empty', path: '/a/empty/history', as: 'viewer' },
  { name: 'ops-health', path: '/ops/health', as: 'admin' },
  { name: 'ops-tokens', path: '/ops/tokens', as: 'admin' },
  { name: 'ops-accounts', path: '/ops/accounts', as: 'admin' },
  { name: 'ops-account-new', path: '/ops/accounts', as: 'admin', then: press('New account') },
  { name: 'ops-account-erase', path: '/ops/accounts', as: 'admin', then: press('Erase…') },
  { name: 'ops-snapshots', path: '/ops/snapshots', as: 'admin' },
  { name: 'ops-checkpoints', path: '/ops/checkpoints', as: 'admin' },
  { name: 'no-such-page', path: '/a/acme/nowhere' },
  { name: 'palette', path: '/a/acme/rules', then: keys('Control+k') },
  { name: 'keys', path: '/a/acme/rules', then: keys('?') },
];

export async function goTo(at: Console, { path, as = 'editor', then }: Shown) {
  const token = at.tokenOf(as);
  if (at.isOpenFor(token)) await at.follow(path);
  else await at.open(path, token);
  await at.rested();
  await then?.(at);
}
