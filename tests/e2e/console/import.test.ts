// Bringing rules in from a file: faults are shown and block, the mended file shows what it would change, one undo.
import { readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, has, path, visible } from './lib/expect.ts';
import { looks } from './lib/looks.ts';

const head = 'referrer_pattern,match_type,utm_source,utm_medium,priority\n';
const file = (text: string) => ({ name: 'partners.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look });
  const total = async () => (await at.program.client().data<{ total: number }>('GET', '/referrer-mappings?account_id=acme&include_inactive=true')).total;

  test('a file with faults changes nothing; mended, it shows its changes, and undo takes them back', async () => {
    at.watch.allow(422, /import/);
    const before = await total();
    await at.open('/a/acme/rules');
    await at.press(at.page.getByRole('button', { name: 'More', exact: true }).first());
    await at.press(at.page.getByRole('button', { name: 'Import…' }));
    await path(at.page, '/a/acme/rules/import');
    const picker = at.page.getByLabel('File to import');
    await picker.setInputFiles(file(`${head}in-1.example,exact,,referral,10\nin-2.example,sideways,in-2,referral,10\nin-3.example,exact,in-3,referral,10\n`));
    const faults = at.page.getByRole('alert');
    await has(faults, /2 errors in/);
    await has(faults.getByRole('row').nth(1), /utm_source/);
    await has(faults.getByRole('row').nth(2), /match_type/);
    const confirm = at.page.getByRole('button', { name: /^Import/ }).last();
    expect(await confirm.isDisabled()).toBe(true);
    expect(await total()).toBe(before);

    await picker.setInputFiles(file(`${head}in-1.example,exact,in-1,referral,10\nin-2.example,contains,in-2,referral,10\nin-3.example,exact,in-3,referral,10\n`));
    await has(at.page.locator('.import-counts'), /Added 3[^]*Changed 0[^]*Deleted 0[^]*Same 0/);
    await has(at.page.getByRole('list', { name: 'What would change' }), /in-1\.example[^]*in-3\.example/);
    expect(await total()).toBe(before);
    await at.press(at.page.getByRole('button', { name: 'Import 3 changes' }));
    await path(at.page, '/a/acme/rules');
    await has(at.page.locator('.toasts'), /Imported partners\.csv: 3 changes/);
    expect(await total()).toBe(before + 3);
    await at.press(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }));
    await expect.poll(total).toBe(before);
  });

  test('replacing asks for the number of rules that go', async () => {
    const before = await total();
    await at.open('/a/acme/rules/import');
    await at.page.getByLabel('File to import').setInputFiles(file(`${head}only.example,exact,only,referral,10\n`));
    await at.press(at.page.getByText('are deleted (replace)'));
    const typed = at.page.getByLabel(new RegExp(`This deletes ${before} rules`));
    await visible(typed);
    const confirm = at.page.getByRole('button', { name: /^Import \d+ changes/ });
    expect(await confirm.isDisabled()).toBe(true);
    await typed.fill(String(before - 1));
    expect(await confirm.isDisabled()).toBe(true);
    await typed.fill(String(before));
    await expect.poll(() => confirm.isDisabled()).toBe(false);
  });

  test.skipIf(look.isPhone)('an export comes back in as a file that changes nothing', async () => {
    await at.open('/a/acme/rules');
    await at.settled();
    await at.press(at.page.getByRole('button', { name: 'More', exact: true }).first());
    const [download] = await Promise.all([at.page.waitForEvent('download'), at.press(at.page.getByRole('button', { name: 'Export as CSV' }))]);
    const exported = readFileSync(await download.path());
    await at.open('/a/acme/rules/import');
    await at.page.getByLabel('File to import').setInputFiles({ name: 'again.csv', mimeType: 'text/csv', buffer: exported });
    await has(at.page.locator('.import-counts'), new RegExp(`Added 0[^]*Changed 0[^]*Deleted 0[^]*Same ${await total()}`));
    expect(await at.page.getByRole('button', { name: 'Nothing to change' }).isDisabled()).toBe(true);
  });
});
