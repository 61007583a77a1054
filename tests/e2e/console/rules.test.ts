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
    await at.press(dialog.getByRole('button', { name: /Change 3 mappings/ }));
    await gone(dialog);
    const bulk = async () => (await mappings()).filter((each) => each.referrer_pattern.startsWith('bulk-')).map((each) => each.priority);
    expect(await bulk()).toEqual([321, 321, 321]);
    expect((await at.program.client().data<{ version: number }>('GET', '/accounts/acme/state')).version).toBe(before.version + 1);
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await expect.poll(bulk).toEqual([5, 5, 5]);
  });

  test.skipIf(look.isPhone)('a rule that was just made is in sight and marked, under the number by which History calls it', async () => {
    await at.open('/a/acme/rules');
    await at.settled();
    await at.press(button('New rule'));
    await field('Pattern').fill('seen-at-once.example');
    await field('Source').fill('seen');
    await at.press(button('Save'));
    const row = at.page.locator('.rule-row.is-open');
    await has(row, /seen-at-once\.example/);
    const { id } = (await mappings()).find((each) => each.referrer_pattern === 'seen-at-once.example') ?? { id: 0 };
    expect(await row.getByRole('gridcell').first().innerText()).toBe(String(id));
    const [box, list] = [await row.boundingBox(), await at.page.locator('.virtual').boundingBox()];
    expect(box!.y).toBeGreaterThanOrEqual(list!.y);
    expect(box!.y + box!.height).toBeLessThanOrEqual(list!.y + list!.height);
    await at.page.getByLabel('Filter rules').fill('trivago');
    await has(at.page.locator('.rules-status'), /the open rule is not among them/);
  });

  test('the last row is not below the bar of the selected, nor below a message', async () => {
    await at.open('/a/acme/rules?q=trivago');
    await at.settled();
    const boxes = at.page.getByRole('grid').getByRole('checkbox', { name: /^Select (?!all)/ });
    await boxes.first().check();
    await at.page.getByLabel('Filter rules').fill('');
    await has(at.page.getByRole('toolbar', { name: 'Selected rules' }), /1 selected/);
    await at.page.getByLabel('Filter rules').fill('adyen');
    await has(at.page.getByRole('toolbar', { name: 'Selected rules' }), /1 selected[^]*all hidden by the filter/);
    await at.page.getByLabel('Filter rules').fill('');
    await at.press(at.page.getByRole('switch').first());
    await said(/is off/);
    const last = await at.page.evaluate(async () => {
      const list = document.querySelector('.virtual') as HTMLElement;
      list.scrollTop = list.scrollHeight;
      await new Promise((resolve) => setTimeout(resolve, 200));
      const rows = [...document.querySelectorAll('.virtual .rule-row')].map((each) => each.getBoundingClientRect());
      const covers = ['.selection-bar', '.toasts'].map((each) => document.querySelector(each)!.getBoundingClientRect().top);
      return { foot: Math.max(...rows.map((each) => each.bottom)), covers };
    });
    for (const top of last.covers) expect(last.foot).toBeLessThanOrEqual(top + 1);
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await at.press(at.page.getByRole('toolbar').getByRole('button', { name: 'Clear' }));
  });

  test.skipIf(look.isPhone)('more than ten rules are deleted only by whoever types how many they are', async () => {
    for (let number = 1; number <= 11; number++) await create(`many-${number}.example`);
    await at.open('/a/acme/rules?q=many-');
    await at.settled();
    await at.page.getByLabel('Select all that are shown').check();
    await at.press(at.page.getByRole('toolbar').getByRole('button', { name: 'Delete' }));
    const dialog = at.page.getByRole('dialog');
    const go = dialog.getByRole('button', { name: 'Delete 11 mappings' });
    await has(dialog, /Tried on the server/);
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByLabel('This deletes 11 rules. Type 11 to go on.').fill('10');
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByLabel('This deletes 11 rules. Type 11 to go on.').fill('11');
    await at.press(go);
    await gone(dialog);
    expect((await mappings()).filter((each) => each.referrer_pattern.startsWith('many-'))).toEqual([]);
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await expect.poll(async () => (await mappings()).filter((each) => each.referrer_pattern.startsWith('many-')).length).toBe(11);
  });

  test('a rule that somebody deleted says so, by whom, and can be brought back', async () => {
    at.watch.allow(404, /referrer-mappings/);
    const { id } = await create('gone-meanwhile.example');
    await at.open(`/a/acme/rules/mapping/${id}`);
    await field('Medium').fill('typed-then');
    await at.program.client(at.demo.editor).data('DELETE', `/referrer-mappings/${id}?account_id=acme`);
    await at.press(button('Save'));
    const told = at.page.locator('.gone-rule');
    await has(told, new RegExp(`Mapping ${id} was deleted by Ana`));
    await holds(field('Medium'), 'typed-then');
    await at.open(`/a/acme/rules/mapping/${id}`);
    await has(told, new RegExp(`Mapping ${id} was deleted by Ana`));
    expect(await told.getByRole('link', { name: 'Its history' }).getAttribute('href')).toContain(`rule=mapping:${id}`);
    await at.press(told.getByRole('button', { name: /Bring it back/ }));
    await holds(field('Pattern'), 'gone-meanwhile.example');
    await at.open('/a/acme/rules/mapping/987654');
    await has(told, /There was never a rule Mapping 987654/);
    await at.press(told.getByRole('link', { name: 'Back to the rules' }));
    await path(at.page, '/a/acme/rules');
  });

  test('a number that cannot be read is not on its way for ever', async () => {
    at.watch.allow(500, /rules\/lint/);
    await at.page.route('**/rules/lint?*', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }));
    await at.open('/a/acme/rules');
    await has(button(/^Findings/), /\?/);
    await at.page.unroute('**/rules/lint?*');
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
    for (const address of ['/a/acme/rules/import', '/a/acme/rules/mapping/new']) {
      await at.open(address, at.demo.viewer);
      await has(at.page.locator('#content'), /Your token may look but not change/);
      expect(await at.page.locator('#content').locator('.drop-zone, .rule-form').count(), address).toBe(0);
    }
    await at.open('/a/empty/history', at.demo.viewer);
    await has(at.page.locator('#content'), /Nothing has happened yet/);
    expect(await at.page.locator('#content').innerText()).not.toContain('make the first');
  });
});
