// Signing in: refusals at the field, links that are kept, and a token that ends while the page is open.
import { expect, gone, has, holds, path, visible } from './lib/expect.ts';
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { looks } from './lib/looks.ts';

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look, hasOwnWindows: true, provokes: [[422, /\/resolve$/]] }); // the preview of a half-filled form

  test('the field says why a token is refused, and what was typed stays', async () => {
    at.watch.allow(401, /api-tokens\/self/);
    await at.page.goto(at.at('/'));
    const field = at.page.getByLabel('Token');
    await field.fill('hw_nobody_has_this');
    await at.page.getByRole('button', { name: 'Sign in' }).click();
    const fault = at.page.locator('.fault');
    await has(fault, /^This token is not known here/);
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.getAttribute('aria-describedby')).toBe(await fault.getAttribute('id'));
    await holds(field, 'hw_nobody_has_this');
  });

  test('a token that may only ask about visits is told which it takes', async () => {
    const { token } = await at.program.newToken({ name: 'a site', role: 'tracker', account_ids: ['acme'] });
    await at.page.goto(at.at('/'));
    await at.page.getByLabel('Token').fill(token);
    await at.page.getByRole('button', { name: 'Sign in' }).click();
    await has(at.page.locator('.fault'), /one that may read/);
  });

  test('a deep link is kept through the sign-in, with its filter', async () => {
    await at.openSigningIn('/a/acme/rules?kind=passthrough&q=stripe');
    await path(at.page, '/a/acme/rules?kind=passthrough&q=stripe');
    await holds(at.page.getByLabel('Filter rules'), 'stripe');
    await visible(at.page.getByRole('row', { name: /stripe/i }).first());
  });

  test('with several accounts the console asks which, and with one it goes there', async () => {
    await at.openSigningIn('/', at.demo.viewer);
    await at.press(at.page.getByRole('link', { name: /Acme Hotels/ }));
    await path(at.page, '/a/acme/rules');
    const { token } = await at.program.newToken({ name: 'one account', role: 'viewer', account_ids: ['acme'] });
    const other = await at.context.newPage();
    await other.goto(at.at('/'));
    await other.getByLabel('Token').fill(token);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await path(other, '/a/acme/rules');
  });

  test('a token revoked while the page is open asks for another over the page, and nothing typed is lost', async () => {
    const { id, token } = await at.program.newToken({ name: 'soon gone', role: 'editor', account_ids: ['acme'] });
    await at.openSigningIn('/a/acme/rules/mapping/new', token);
    await at.page.getByLabel('Pattern').fill('kept-through.example');
    await at.page.getByLabel('Source').fill('kept');
    await has(at.page.locator('.preview'), /Now/); // else its question may be the first that is refused
    at.watch.allow(401, /./);
    await at.program.client().data('DELETE', `/api-tokens/${id}`);
    await at.press(at.page.getByRole('button', { name: 'Save' }));
    const dialog = at.page.getByRole('dialog', { name: 'Sign in again' });
    await visible(dialog);
    await dialog.getByLabel('Token').fill(at.demo.editor);
    await at.press(dialog.getByRole('button', { name: 'Sign in' }));
    await gone(dialog);
    // Ana signed in, and what somebody else was about to save is not done in her name unasked.
    await has(at.page.getByRole('complementary').getByRole('alert'), /Not saved[^]*as Ana/);
    const found = async () => {
      const { mappings } = await at.program.client().data<{ mappings: { referrer_pattern: string }[] }>('GET', '/referrer-mappings?account_id=acme');
      return mappings.filter((each) => each.referrer_pattern === 'kept-through.example').length;
    };
    expect(await found()).toBe(0);
    await holds(at.page.getByLabel('Source').first(), 'kept');
    await at.press(at.page.getByRole('button', { name: 'Save' }));
    await has(at.page.locator('.toasts'), /Mapping \d+ is saved/);
    expect(await found()).toBe(1);
  });

  test('signing out ends it in all tabs, and a kept token does not stay', async () => {
    at.isTokenKept = true;
    await at.openSigningIn('/a/acme/rules', at.demo.editor, { keep: true });
    await at.page.reload();
    await at.settled();
    const other = await at.context.newPage();
    await other.goto(at.at('/a/acme/test'));
    await other.getByLabel('Token').fill(at.demo.viewer);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.locator('#content').waitFor();
    await at.press(at.page.getByTitle(/Signed in as Ana/));
    await at.press(at.page.getByRole('button', { name: 'Sign out' }));
    await visible(at.page.getByLabel('Token'));
    await visible(other.getByLabel('Token'));
    at.isTokenKept = false;
  });
});
