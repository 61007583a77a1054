// Every page, dialog and state that there is, and how to get there.
import type { Console } from './console.ts';
import { has, visible } from './expect.ts';
import { goThrough, type Weather } from './weather.ts';

type Role = 'editor' | 'viewer' | 'admin';

export interface Shown {
  name: string;
  /** A link, or how to find it. */
  path: string | ((at: Console) => Promise<string>);
  as?: Role;
  weather?: Weather;
  /** A request of the frame that meets the weather too. */
  alsoFails?: RegExp;
  /** What is done once the page is there, such as opening a dialog. */
  then?: (at: Console) => Promise<void>;
  /** Refusals that belong to it. */
  provokes?: [status: number, path: RegExp];
  /** The next place is loaded anew, since going on from this one leaves something behind. */
  isLeftBehind?: boolean;
  /** Where axe looks, if what is open lies over what it is not about. */
  within?: string;
  on?: 'wide' | 'phone';
}

const button = (at: Console, name: string | RegExp) => at.page.getByRole('button', { name }).first();
const press = (name: string | RegExp) => async (at: Console) => {
  await at.press(button(at, name));
  await visible(at.page.getByRole('dialog'));
  await at.rested();
};
const pressMore = (name: string) => async (at: Console) => {
  await at.press(at.page.getByRole('button', { name: 'More', exact: true }).first());
  await press(name)(at);
};
const keys = (sequence: string) => async (at: Console) => {
  await at.page.keyboard.press(sequence);
  await visible(at.page.getByRole('dialog'));
};
const select = async (at: Console) => {
  await at.page.getByRole('grid').getByRole('checkbox', { name: /^Select (?!all)/ }).first().check();
  await visible(at.page.getByRole('toolbar', { name: 'Selected rules' }));
};
const selectAnd = (name: string) => async (at: Console) => {
  await select(at);
  await at.press(at.page.getByRole('toolbar').getByRole('button', { name }));
  const dialog = at.page.getByRole('dialog');
  if (name === 'Priority…') await dialog.getByLabel('New priority').fill('321');
  await has(dialog, /Tried on the server/);
};
/** The one whose last push was refused in part. */
const connection = async (at: Console) => {
  const { body } = await at.program.client().send('GET', '/v1/1/ai-referrals/connections');
  const { id } = (body as { items: { id: string; website: string }[] }).items.find((each) => each.website.includes('book.acme')) ?? { id: 'none' };
  return `/a/acme/ai/connections/${id}`;
};
const deletedRule = async (at: Console) => {
  const { events } = await at.program.client().data<{ events: { part: { payload: { id: number } } }[] }>('GET', '/events?account_id=acme&order=desc&limit=1&type=referrer_mapping_deleted');
  return `/a/acme/rules/mapping/${events[0]?.part.payload.id ?? 0}`;
};
const newConnection = async (at: Console) => {
  const { body } = await at.program.client().send('POST', '/v1/1/ai-referrals/connections', { website: 'https://new.acme.example', provider: 'custom' });
  return `/a/acme/ai/connections/${body.id}`;
};
const importing = (rows: string, shows: string) => async (at: Console) => {
  const text = `referrer_pattern,match_type,utm_source,utm_medium,priority\n${rows}`;
  await at.page.getByLabel('File to import').setInputFiles({ name: 'partners.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await visible(at.page.locator(shows).first());
  await at.rested();
};

async function meetColleague(at: Console) {
  const form = at.page.getByRole('complementary');
  const mapping = '/referrer-mappings/2?account_id=acme';
  const { priority } = await at.program.client().data<{ priority: number }>('GET', mapping);
  await form.getByLabel('Priority').fill(String(priority + 2));
  await at.program.client().data('PATCH', mapping, { priority: priority + 1 });
  await at.press(button(at, 'Save'));
  await visible(at.page.getByRole('region', { name: 'Conflict' }));
}
async function refuseAtFields(at: Console) {
  await at.page.getByRole('complementary').getByLabel('Pattern').first().fill('(');
  await at.page.getByRole('complementary').getByLabel('Match').selectOption('regex');
  await at.page.getByRole('complementary').getByLabel('Source').first().fill('x');
  await at.press(button(at, 'Save'));
  await visible(at.page.locator('[aria-invalid="true"]').first());
  await at.rested();
}
async function leaveAndComeBack(at: Console) {
  await at.page.getByRole('complementary').getByLabel('Medium').fill('half-typed');
  await at.follow('/a/acme/rules');
  await at.rested();
  await at.follow('/a/acme/rules/mapping/7');
  await visible(at.page.locator('.draft-note'));
  await at.rested();
}
async function deleteAll(at: Console) {
  await at.page.getByLabel('Select all that are shown').check();
  await at.press(at.page.getByRole('toolbar').getByRole('button', { name: 'Delete' }));
  await has(at.page.getByRole('dialog'), /Tried on the server/);
}
async function refuseVisit(at: Console) {
  await at.page.getByLabel('Landing page').fill('nowhere');
  await visible(at.page.getByRole('alert'));
}
async function makeToken(at: Console) {
  const form = at.page.locator('form');
  await form.getByLabel('Name').fill('For the contact sheet');
  await form.getByLabel('All, also those to come').check();
  await at.press(form.getByRole('button', { name: 'Create' }));
  const secret = at.page.getByRole('dialog', { name: 'The new token' }).getByRole('textbox', { name: 'Secret' });
  at.program.secrets.add((await secret.innerText()).trim());
}
async function makeSnapshot(at: Console) {
  await at.press(button(at, 'Make a snapshot'));
  await visible(at.page.locator('tbody tr').first());
  await at.rested();
}
async function switchOff(at: Console) {
  await at.press(at.page.getByRole('switch').first());
  await visible(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
  await at.rested();
}

const pages: Shown[] = [
  { name: 'rules', path: '/a/acme/rules' },
  { name: 'rule', path: '/a/acme/rules/mapping/2' },
  { name: 'rule-history', path: '/a/acme/rules/mapping/2?tab=history' },
  { name: 'settings', path: '/a/acme/rules/settings' },
  { name: 'packs', path: '/a/acme/rules?kind=passthrough', then: pressMore('Packs…'), on: 'wide' },
  { name: 'test', path: '/a/acme/test#r=https%3A%2F%2Fwww.trivago.es%2F' },
  { name: 'ai', path: '/a/acme/ai' },
  { name: 'connection', path: connection },
  { name: 'history', path: '/a/acme/history' },
  { name: 'history-then', path: '/a/acme/history?at=60' },
  { name: 'ops-health', path: '/ops/health', as: 'admin', alsoFails: /^\/readyz$/ },
  { name: 'ops-tokens', path: '/ops/tokens', as: 'admin' },
  { name: 'ops-accounts', path: '/ops/accounts', as: 'admin', alsoFails: /^\/accounts$/ },
  { name: 'ops-snapshots', path: '/ops/snapshots', as: 'admin' },
  { name: 'ops-checkpoints', path: '/ops/checkpoints', as: 'admin' },
];

const others: Shown[] = [
  { name: 'accounts', path: '/', as: 'viewer' },
  { name: 'accounts-failing', path: '/', as: 'viewer', weather: 'failing', alsoFails: /^\/accounts$/ },
  { name: 'rules-findings', path: '/a/acme/rules?lint=1' },
  { name: 'rules-passthrough', path: '/a/acme/rules?kind=passthrough' },
  { name: 'rules-nothing-fits', path: '/a/acme/rules?q=no-such-rule' },
  { name: 'rules-selected', path: '/a/acme/rules', then: select },
  { name: 'rules-priority', path: '/a/acme/rules', then: selectAnd('Priority…') },
  { name: 'rules-delete', path: '/a/acme/rules', then: selectAnd('Delete') },
  { name: 'rules-undo', path: '/a/acme/rules', then: switchOff, isLeftBehind: true },
  { name: 'rules-viewer', path: '/a/acme/rules', as: 'viewer' },
  { name: 'rules-empty', path: '/a/empty/rules', as: 'viewer' },
  { name: 'passthrough-empty', path: '/a/empty/rules?kind=passthrough', as: 'admin' },
  { name: 'packs', path: '/a/empty/rules?kind=passthrough', as: 'admin', then: pressMore('Packs…'), on: 'phone' },
  { name: 'rule-viewer', path: '/a/acme/rules/passthrough/2', as: 'viewer' },
  { name: 'rule-new', path: '/a/acme/rules/mapping/new' },
  { name: 'rule-draft', path: '/a/acme/rules/mapping/7', then: leaveAndComeBack, isLeftBehind: true },
  { name: 'rule-gone', path: deletedRule, provokes: [404, /referrer-mappings/], then: (at) => visible(at.page.locator('.gone-rule')) },
  { name: 'rules-delete-many', path: '/a/acme/rules', then: deleteAll, on: 'wide' },
  { name: 'rule-refused', path: '/a/acme/rules/mapping/new', then: refuseAtFields, provokes: [422, /referrer-mappings/] },
  { name: 'rule-conflict', path: '/a/acme/rules/mapping/2', then: meetColleague, provokes: [412, /referrer-mappings/] },
  { name: 'settings-viewer', path: '/a/acme/rules/settings', as: 'viewer' },
  { name: 'import', path: '/a/acme/rules/import' },
  { name: 'import-faults', path: '/a/acme/rules/import', then: importing('in-1.example,exact,,referral,10\nin-2.example,sideways,in-2,referral,10\n', '[role="alert"]'), provokes: [422, /import/] },
  { name: 'import-changes', path: '/a/acme/rules/import', then: importing('in-1.example,exact,in-1,referral,10\nin-2.example,contains,in-2,referral,10\n', '.import-counts') },
  { name: 'import-viewer', path: '/a/acme/rules/import', as: 'viewer' },
  { name: 'test-refused', path: '/a/acme/test', then: refuseVisit, provokes: [422, /resolve/] },
  { name: 'test-empty', path: '/a/acme/test' },
  { name: 'ai-table', path: '/a/acme/ai?view=table' },
  { name: 'ai-empty', path: '/a/empty/ai', as: 'viewer' },
  { name: 'ai-account-failing', path: '/a/empty/ai', as: 'viewer', weather: 'failing', alsoFails: /^\/accounts$/ },
  { name: 'ai-no-days', path: '/a/acme/ai?from=2020-01-01&to=2020-01-07' },
  { name: 'ai-nothing-before', path: '/a/acme/ai?range=90d' },
  { name: 'ai-new-connection', path: '/a/acme/ai', then: press('Connect a tool') },
  { name: 'connection-empty', path: newConnection },
  { name: 'history-no-version', path: '/a/acme/history?at=999999999999999' },
  { name: 'history-restore', path: '/a/acme/history?at=60', then: press(/^Restore all/) },
  { name: 'history-empty', path: '/a/empty/history', as: 'viewer' },
  { name: 'ops-token-made', path: '/ops/tokens', as: 'admin', then: makeToken },
  { name: 'ops-token-revoke', path: '/ops/tokens', as: 'admin', then: press(/^Revoke/) },
  { name: 'ops-account-new', path: '/ops/accounts', as: 'admin', then: press('New account') },
  { name: 'ops-account-erase', path: '/ops/accounts', as: 'admin', then: press('Erase…') },
  { name: 'ops-snapshot-made', path: '/ops/snapshots', as: 'admin', then: makeSnapshot },
  { name: 'no-such-page', path: '/a/acme/nowhere' },
  { name: 'palette', path: '/a/acme/rules', then: keys('Control+k') },
  { name: 'keys', path: '/a/acme/rules', then: keys('?') },
  { name: 'person', path: '/a/acme/rules', then: (at) => at.press(at.page.getByTitle(/^Signed in as/)), within: '.top-bar' },
  { name: 'switcher', path: '/a/acme/rules', as: 'viewer', then: (at) => at.press(at.page.getByTitle('Switch the account')), within: '.top-bar' },
  { name: 'unreachable', path: '/a/acme/history', weather: 'unreachable', isLeftBehind: true },
  { name: 'busy', path: '/a/acme/history', weather: 'busy', isLeftBehind: true },
  { name: 'lapsed', path: '/a/acme/history', weather: 'lapsed', isLeftBehind: true },
];

const inWeather = (weather: Weather) => pages.filter((each) => !each.then).map((each) => ({ ...each, name: `${each.name}-${weather}`, weather }));

/** By who sees them, so that the page is seldom loaded anew. */
const roles: Role[] = ['editor', 'viewer', 'admin'];
const all = [...pages, ...others, ...inWeather('loading'), ...inWeather('failing')];
export const places = roles.flatMap((role) => all.filter((each) => (each.as ?? 'editor') === role));

export async function goTo(at: Console, { path: link, as = 'editor', weather, alsoFails, then }: Omit<Shown, 'name'>) {
  const token = at.tokenOf(as);
  const path = typeof link === 'string' ? link : await link(at);
  if (weather) return goThrough(at, weather, path, token, alsoFails);
  if (at.isOpenFor(token)) await at.follow(path);
  else await at.open(path, token);
  await at.rested();
  await then?.(at);
}
