// Operations: tokens whose secret is shown once, accounts, snapshots, and pages that only operators see.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, gone, has, path, visible } from './lib/expect.ts';
import { looks } from './lib/looks.ts';

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look });

  test('the secret of a new token is shown once, works, and is nowhere afterwards', async () => {
    await at.openSigningIn('/ops/tokens', at.program.admin);
    const form = at.page.locator('form');
    await form.getByLabel('Name').fill('The newcomer');
    await at.press(form.getByText('Viewer', { exact: true }));
    await form.getByLabel('All, also those to come').check();
    await at.press(form.getByRole('button', { name: 'Create' }));
    const dialog = at.page.getByRole('dialog', { name: 'The new token' });
    const secret = (await dialog.getByRole('textbox', { name: 'Secret' }).innerText()).trim();
    expect(secret).toMatch(/^hw_\w{20,}$/);
    at.program.secrets.add(secret);
    await at.page.keyboard.press('Escape');
    await visible(dialog);
    const close = dialog.getByRole('button', { name: 'Close' });
    expect(await close.isDisabled()).toBe(true);
    await dialog.getByLabel('I have stored it').check();
    await at.press(close);
    await gone(dialog);
    expect(await at.page.content()).not.toContain(secret);
    const self = await at.program.client(secret).data<{ scopes: string[] }>('GET', '/api-tokens/self');
    expect(self.scopes).not.toContain('write');
    const row = at.page.getByRole('row').filter({ hasText: 'The newcomer' });
    await at.press(row.getByRole('button', { name: 'Revoke The newcomer' }));
    await at.press(at.page.getByRole('dialog').getByRole('button', { name: /^Revoke/ }));
    await has(at.page.locator('.toasts'), /is revoked/);
    expect((await at.program.client(secret).send('GET', '/api-tokens/self')).status).toBe(401);
  });

  test('an account is made, named anew, and erased only after its name was typed', async () => {
    await at.open('/ops/accounts', at.program.admin);
    await at.press(at.page.getByRole('button', { name: 'New account' }));
    const dialog = at.page.getByRole('dialog');
    await dialog.getByLabel(/^Id/).fill('short-lived');
    await dialog.getByLabel('Name').fill('Short lived');
    await at.press(dialog.getByRole('button', { name: 'Save' }));
    const row = at.page.getByRole('row').filter({ hasText: 'short-lived' });
    await at.press(row.getByRole('button', { name: 'Erase…' }));
    const erase = at.page.getByRole('dialog', { name: /^Erase Short lived/ });
    const confirm = erase.getByRole('button', { name: 'Erase for good' });
    await erase.getByRole('textbox').fill('short');
    expect(await confirm.isDisabled()).toBe(true);
    await erase.getByRole('textbox').fill('Short lived');
    await at.press(confirm);
    await has(at.page.locator('.note'), /Erasing short-lived/);
    await expect.poll(async () => (await at.program.client().data<{ accounts: { account_id: string }[] }>('GET', '/accounts')).accounts.map((each) => each.account_id), { timeout: 15_000 }).not.toContain('short-lived');
  });

  test('health tells of the traffic, and a snapshot is made by a button', async () => {
    await at.open('/ops/health', at.program.admin);
    await has(at.page.locator('#content'), /ready/i);
    if (look.isPhone) await at.page.getByLabel('Part of operations').selectOption('snapshots');
    else await at.press(at.page.getByRole('link', { name: 'Snapshots' }));
    await path(at.page, '/ops/snapshots');
    await at.press(at.page.getByRole('button', { name: 'Make a snapshot' }));
    await expect.poll(() => at.page.locator('tbody tr').count(), { timeout: 20_000 }).toBe(1);
    expect((await at.program.client().data<{ snapshots: unknown[] }>('GET', '/snapshots')).snapshots).toHaveLength(1);
  });

  test('nobody but operators sees these pages', async () => {
    await at.open('/ops/tokens', at.demo.editor);
    await has(at.page.locator('#content'), /need an admin token/);
    expect(await at.page.getByRole('link', { name: /^(Operations|Ops)$/ }).count()).toBe(0);
  });
});
