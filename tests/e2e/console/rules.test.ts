// Rules: made, refused at the field, edited, edited by somebody else meanwhile, deleted, and put back.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, focused, gone, has, holds, path, visible } from './lib/expect.ts';
import { plainFault } from '../../../web/src/api/plain.ts';
import { looks } from './lib/looks.ts';

interface Mapping {
  id: number;
  referrer_pattern: string;
  priority: number;
  utm_medium: string;
  label: string | null;
}

describe.each(looks)('at $name', (look) => {
  // The preview asks what a half-filled form would do, and is told that it is not filled.
  const at = openConsole({ look, provokes: [[422, /\/resolve$/]] });
  const button = (name: string | RegExp) => at.page.getByRole('button', { name });
  const field = (name: string) => at.page.getByRole('complementary').getByLabel(name, { exact: false }).first();
  const said = (text: RegExp) => has(at.page.locator('.toasts'), text);
  const mappings = async () => (await at.program.client().data<{ mappings: Mapping[] }>('GET', '/referrer-mappings?account_id=acme&include_inactive=true')).mappings;
  const create = (pattern: string) =>
    at.program.client().data<Mapping>('POST', '/referrer-mappings?account_id=acme', { referrer_pattern: pattern, match_type: 'exact', utm_source: 'somebody', utm_medium: 'referral', priority: 5 });

  test('a rule is made, stands in the list, and undo takes it away', async () => {
    await at.openSigningIn('/a/acme/rules');
    await at.settled();
    await at.press(button('New rule'));
    await focused(field('Pattern'));
    await field('Pattern').fill('new-partner.example');
    await field('Source').fill('new-partner');
    await at.press(button('Save'));
    await said(/Mapping \d+ is saved/);
    await path(at.page, /^\/a\/acme\/rules\/mapping\/\d+$/);
    const made = (await mappings()).find((each) => each.referrer_pattern === 'new-partner.example');
    expect(made).toMatchObject({ utm_source: 'new-partner', utm_medium: 'referral' });
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await expect.poll(async () => (await mappings()).some((each) => each.referrer_pattern === 'new-partner.example')).toBe(false);
    await path(at.page, '/a/acme/rules');
    await gone(at.page.getByRole('row', { name: /new-partner/ }));
  });

  test('what the server refuses stands at its field, and the focus is there', async () => {
    at.watch.allow(422, /referrer-mappings/);
    await at.open('/a/acme/rules/mapping/new');
    await field('Pattern').fill('(');
    await field('Match').selectOption('regex');
    await field('Source').fill('x');
    await at.press(button('Save'));
    const refused = await at.program.client().send('POST', '/referrer-mappings?account_id=acme', { referrer_pattern: '(', match_type: 'regex', utm_source: 'x' });
    expect(refused.status).toBe(422);
    await focused(field('Pattern'));
    await expect.poll(() => field('Pattern').getAttribute('aria-invalid')).toBe('true');
    await has(at.page.locator('.field-of-referrer_pattern .fault'), plainFault(refused.body.error.detail[0].message));
    await holds(field('Source'), 'x');
  });

  test('an undo that comes too late says why, in words, and takes nothing of the other back', async () => {
    const { id } = await create('too-late.example');
    at.watch.allow(412, /referrer-mappings/);
    await at.open(`/a/acme/rules/mapping/${id}`);
    await field('Medium').fill('metasearch');
    await at.press(button('Save'));
    await said(new RegExp(`Mapping ${id} is saved`));
    await at.program.client().data('PATCH', `/referrer-mappings/${id}?account_id=acme`, { utm_medium: 'email' });
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await said(/Not undone: somebody has changed it since/);
    expect(await at.page.locator('.toasts').innerText()).not.toMatch(/If-Match|ETag|resource/);
    expect((await mappings()).find((each) => each.id === id)?.utm_medium).toBe('email');
  });

  test('an edit changes only what was changed, and undo brings the old value back', async () => {
    const { id } = await create('edited.example');
    await at.open(`/a/acme/rules/mapping/${id}`);
    await field('Medium').fill('metasearch');
    await at.press(button('Save'));
    await said(new RegExp(`Mapping ${id} is saved`));
    expect((await mappings()).find((each) => each.id === id)).toMatchObject({ utm_medium: 'metasearch', priority: 5 });
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await holds(field('Medium'), 'referral');
    expect((await mappings()).find((each) => each.id === id)?.utm_medium).toBe('referral');
  });

  test('a colleague who was faster is not overwritten: both versions stand side by side', async () => {
    const { id } = await create('contested.example');
    at.watch.allow(412, /referrer-mappings/);
    await at.open(`/a/acme/rules/mapping/${id}`);
    await field('Priority').fill('50');
    await at.program.client().data('PATCH', `/referrer-mappings/${id}?account_id=acme`, { priority: 90, utm_medium: 'metasearch' });
    await at.press(button('Save'));
    const conflict = at.page.getByRole('region', { name: 'Conflict' });
    await visible(conflict);
    const row = (name: string) => conflict.getByRole('row', { name: new RegExp(name) });
    await has(row('priority'), /5[^]*50[^]*90/);
    await has(row('medium'), /metasearch/);
    await expect.poll(() => conflict.getByRole('row').count()).toBe(3);
    expect((await mappings()).find((each) => each.id === id)?.priority).toBe(90);
    await at.press(conflict.getByRole('button', { name: 'Save' }));
    await said(new RegExp(`Mapping ${id} is saved`));
    expect((await mappings()).find((each) => each.id === id)).toMatchObject({ priority: 50, utm_medium: 'metasearch' });
  });

  test('a deleted rule is back under its number after undo, and a colleague\'s change stays', async () => {
    const { id } = await create('deleted.example');
    const other = await create('untouched.example');
    await at.open(`/a/acme/rules/mapping/${id}`);
    await at.press(button('Delete'));
    await said(/is deleted/);
    await path(at.page, '/a/acme/rules');
    expect((await mappings()).some((each) => each.id === id)).toBe(false);
    await at.program.client().data('PATCH', `/referrer-mappings/${other.id}?account_id=acme`, { priority: 77 });
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await expect.poll(async () => (await mappings()).find((each) => each.id === id)?.referrer_pattern).toBe('deleted.example');
    expect((await mappings()).find((each) => each.id === other.id)?.priority).toBe(77);
  });

  test('a rule that is there already is refused with its number', async () => {
    at.watch.allow(409, /referrer-mappings/);
    await create('twice.example');
    await at.open('/a/acme/rules/mapping/new');
    await field('Pattern').fill('twice.example');
    await field('Source').fill('again');
    await at.press(button('Save'));
    await visible(at.page.getByRole('complementary').getByRole('alert'));
    const link = at.page.getByRole('complementary').getByRole('alert').getByRole('link');
    await at.press(link);
    await holds(field('Source'), 'somebody');
  });

  test('switching a rule off from the list is one click, and undo switches it on', async () => {
    const { id } = await create('switched.example');
    await at.open('/a/acme/rules?q=switched.example');
    const lever = at.page.getByRole('switch', { name: 'switched.example is on' });
    await at.press(lever);
    await said(new RegExp(`Mapping ${id} is off`));
    await expect.poll(() => lever.getAttribute('aria-checked')).toBe('false');
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await expect.poll(() => lever.getAttribute('aria-checked')).toBe('true');
  });

  test('back and forward bring what was shown, with the filter and the rule that was open', async () => {
    await at.open('/a/acme/rules?q=trivago');
    await at.settled();
    const rows = at.page.getByRole('grid').getByRole('row', { name: /trivago/ });
    const number = await rows.count();
    expect(number).toBeGreaterThan(0);
    await at.press(rows.first().getByRole('gridcell').nth(2));
    await path(at.page, /^\/a\/acme\/rules\/mapping\/\d+\?q=trivago$/);
    await holds(field('Source'), /trivago/.exec(await field('Source').inputValue())?.[0] ?? 'trivago');
    const there = at.page.url();
    await at.page.goBack();
    await path(at.page, '/a/acme/rules?q=trivago');
    await holds(at.page.getByLabel('Filter rules'), 'trivago');
    await expect.poll(() => rows.count()).toBe(number);
    await at.page.goForward();
    await expect.poll(() => at.page.url()).toBe(there);
    await visible(field('Source'));
  });

  test.skipIf(look.isPhone)('what many rules become is listed before it is done, and is one change that can be undone', async () => {
    for (const each of ['bulk-1.example', 'bulk-2.example', 'bulk-3.example']) await create(each);
    await at.open('/a/acme/rules?q=bulk-');
    await at.settled();
    await at.page.getByLabel('Select all that are shown').check();
    await at.press(at.page.getByRole('toolbar').getByRole('button', { name: 'Priority…' }));
    const dialog = at.page.getByRole('dialog');
    await dialog.getByLabel('New priority').fill('321');
    await has(dialog.getByRole('list', { name: 'Rules that change' }), /bulk-1\.example[^]*bulk-2\.example[^]*bulk-3\.example/);
    const before = await at.program.client().data<{ version: number }>('GET', '/accounts/acme/state');
    await at.press(dialog.getByRole('button', { name: /Change 3 mapping rules/ }));
    await gone(dialog);
    const bulk = async () => (await mappings()).filter((each) => each.referrer_pattern.startsWith('bulk-')).map((each) => each.priority);
    expect(await bulk()).toEqual([321, 321, 321]);
    expect((await at.program.client().data<{ version: number }>('GET', '/accounts/acme/state')).version).toBe(before.version + 1);
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await expect.poll(bulk).toEqual([5, 5, 5]);
  });

  test('a viewer sees rules and no button that would be refused', async () => {
    await at.open('/a/acme/rules', at.demo.viewer);
    await at.settled();
    for (const name of ['New rule', 'Import…', 'Packs…']) expect(await button(name).count(), name).toBe(0);
    for (const each of await at.page.getByRole('switch').all()) expect(await each.isDisabled()).toBe(true);
    await at.page.getByRole('grid').getByRole('checkbox', { name: /^Select / }).nth(look.isPhone ? 1 : 0).check();
    const bar = at.page.getByRole('toolbar', { name: 'Selected rules' });
    await expect.poll(() => bar.getByRole('button').allInnerTexts()).toEqual(['Export', 'Clear']);
    await at.press(bar.getByRole('button', { name: 'Clear' }));
    await at.press(at.page.getByRole('gridcell').nth(2));
    await visible(field('Pattern'));
    for (const name of ['Save', 'Delete', 'Discard']) expect(await button(name).count(), name).toBe(0);
    expect(await field('Pattern').getAttribute('readonly')).not.toBeNull();
    await visible(at.page.getByText('Your token may look but not change').first());
  });
});
