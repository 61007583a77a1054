// History: the slider, one rule restored, all rules restored, and the proof.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, gone, has, path, visible, withoutTimes } from './lib/expect.ts';
import { looks } from './lib/looks.ts';

interface Mapping {
  id: number;
  referrer_pattern: string;
  priority: number;
}

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look, flags: ['--checkpoint-seconds', '1'] });
  const client = () => at.program.client();
  const version = async () => (await client().data<{ version: number }>('GET', '/accounts/acme/state')).version;
  const mappings = async () => (await client().data<{ mappings: Mapping[] }>('GET', '/referrer-mappings?account_id=acme&include_inactive=true')).mappings;
  const asOf = () => at.page.getByRole('region', { name: 'As of then' });

  test('the slider shows the rules as they were, and its link shows the same when it is opened cold', async () => {
    await at.openSigningIn('/a/acme/history');
    await at.settled();
    const end = await version();
    const slider = at.page.getByRole('slider', { name: 'Version' });
    await expect.poll(() => slider.inputValue()).toBe(String(end));
    await slider.focus();
    for (let step = 0; step < 3; step++) await at.page.keyboard.press('ArrowLeft');
    await path(at.page, `/a/acme/history?at=${end - 3}`);
    await visible(asOf());
    await has(at.page.getByRole('region', { name: 'Versions' }), new RegExp(`version ${end - 3} of ${end}`));
    await at.settled();
    const listed = async () => (await asOf().getByRole('listitem').allInnerTexts()).map(withoutTimes);
    const shown = await listed();
    expect(shown.length).toBeGreaterThan(0);
    await at.open(`/a/acme/history?at=${end - 3}`);
    await expect.poll(listed, { timeout: 15_000 }).toEqual(shown);
    await at.press(at.page.getByRole('button', { name: 'Back to now' }));
    await gone(asOf());
    await path(at.page, '/a/acme/history');
  });

  test('one rule is put back as it was, and what others did since stays', async () => {
    const [first, second] = (await mappings()) as [Mapping, Mapping];
    const before = await version();
    await client().data('PATCH', `/referrer-mappings/${first.id}?account_id=acme`, { priority: first.priority + 1 });
    await client().data('PATCH', `/referrer-mappings/${second.id}?account_id=acme`, { priority: second.priority + 2 });
    await at.open(`/a/acme/history?at=${before}`);
    const row = asOf().getByRole('listitem').filter({ hasText: new RegExp(`Mapping ${first.id}\\b`) });
    await at.press(row.getByRole('button', { name: 'change back' }));
    await has(at.page.locator('.toasts'), new RegExp(`Mapping ${first.id} is as it was`));
    const now = new Map((await mappings()).map((each) => [each.id, each.priority]));
    expect([now.get(first.id), now.get(second.id)]).toEqual([first.priority, second.priority + 2]);
    await gone(row);
  });

  test('all rules are restored after a look at what changes, and that can be undone', async () => {
    const before = await version();
    const were = await mappings();
    const made = await client().data<Mapping>('POST', '/referrer-mappings?account_id=acme', { referrer_pattern: 'mistake.example', match_type: 'exact', utm_source: 'm' });
    await at.open(`/a/acme/history?at=${before}`);
    await at.press(at.page.getByRole('button', { name: /Restore all as of here/ }));
    const dialog = at.page.getByRole('dialog', { name: /Restore all rules/ });
    await expect.poll(() => dialog.getByRole('row', { name: /Mappings/ }).getByRole('cell').allInnerTexts()).toEqual(['0', '0', '1']);
    expect((await mappings()).some((each) => each.id === made.id)).toBe(true);
    await at.press(dialog.getByRole('button', { name: 'Restore' }));
    await has(at.page.locator('.toasts'), /All rules are as they were/);
    expect((await mappings()).map((each) => each.id)).toEqual(were.map((each) => each.id));
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await expect.poll(async () => (await mappings()).some((each) => each.id === made.id)).toBe(true);
  });

  test('this browser proves that a change is in the signed log', async () => {
    await at.open('/a/acme/history');
    const proof = at.page.getByRole('region', { name: 'Proof' });
    await has(proof, /\d+ events signed/);
    // Those of the last moments are signed within a second: see the flag above.
    await expect.poll(async () => {
      const again = proof.getByRole('button', { name: 'Look again' });
      if (await again.isVisible()) await at.press(again);
      return proof.innerText();
    }, { timeout: 15_000, interval: 500 }).toMatch(/Change \d+ is included/);
    expect(await proof.innerText()).not.toMatch(/says the server|checked by the server/);
  });

  test('a viewer may look at every version and restore nothing', async () => {
    await at.open(`/a/acme/history?at=${(await version()) - 5}`, at.demo.viewer);
    await visible(asOf());
    await at.settled();
    await expect.poll(() => asOf().getByRole('listitem').count()).toBeGreaterThan(0);
    expect(await asOf().getByRole('button').count()).toBe(0);
  });

  test('a version that is not there is said to be none, and nothing is drawn for it', async () => {
    for (const none of ['999999999999999', '-3', '1e9', 'then']) {
      await at.open(`/a/acme/history?at=${none}`);
      await at.settled();
      await has(at.page.locator('#content .note').first(), `There is no change ${none}`);
      expect(await asOf().count()).toBe(0);
      expect(await at.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    }
  });

  test('what was brought back is not offered again', async () => {
    const made = await client().data<Mapping>('POST', '/referrer-mappings?account_id=acme', { referrer_pattern: 'there-and-back.example', match_type: 'exact', utm_source: 'm' });
    await client().data('DELETE', `/referrer-mappings/${made.id}?account_id=acme`);
    await at.open('/a/acme/history?what=referrer_mapping_deleted');
    await at.settled();
    const back = at.page.getByRole('button', { name: `Bring it back: Mapping ${made.id}` });
    await at.press(back);
    await has(at.page.locator('.toasts'), new RegExp(`Mapping ${made.id} is as it was`));
    await gone(back);
    await at.page.reload();
    await at.settled();
    expect(await back.count()).toBe(0);
    expect((await mappings()).some((each) => each.id === made.id)).toBe(true);
  });

  test('what was there before is not struck through, which would hide its hyphens', async () => {
    const made = await client().data<Mapping>('POST', '/referrer-mappings?account_id=acme', { referrer_pattern: 'hyphens.example', match_type: 'exact', utm_source: 'my-old-name' });
    await client().data('PATCH', `/referrer-mappings/${made.id}?account_id=acme`, { utm_source: 'my-new-name' });
    await at.open('/a/acme/history');
    const old = at.page.locator('.old').filter({ hasText: 'my-old-name' }).first();
    await visible(old);
    expect(await old.evaluate((element) => getComputedStyle(element).textDecorationLine)).toBe('none');
  });
});
