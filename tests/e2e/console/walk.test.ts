// "In the browser" of docs/quickstart.md, step by step on an installation without anything in it. With --long it is
// walked as somebody walks it who looks for three seconds before each step and types five letters a second, and the time
// is printed.
import type { Locator } from 'playwright-core';
import { test } from 'vitest';
import { counts, expect, has, path, visible } from './lib/expect.ts';
import { openConsole } from './lib/console.ts';
import { isLong } from './lib/looks.ts';

const at = openConsole({ isNew: true, provokes: [[422, /\/resolve$/]] }); // the preview of a half-filled form
const pace = isLong ? { look: 3000, key: 200 } : { look: 0, key: 0 };
const longest = 300; // seconds

const choose = async (target: Locator) => {
  await target.waitFor();
  await at.page.waitForTimeout(pace.look);
  await at.press(target);
};
const put = async (field: Locator, text: string) => {
  await choose(field);
  await field.press('Control+a');
  await field.pressSequentially(text, { delay: pace.key });
};
const button = (name: string, within: Locator = at.page.locator('body')) => within.getByRole('button', { name, exact: true }).first();
/** Once the message of this change has taken the place of those of earlier changes of the rule. */
const undo = async (said: string) => {
  const message = at.page.locator('.toast').filter({ hasText: said });
  await counts(at.page.locator('.toasts').getByRole('button', { name: 'Undo' }), 1);
  await choose(button('Undo', message));
};
const link = (name: string | RegExp) => at.page.getByRole('link', { name }).first();

test('from an empty installation to a rule made, tested and undone takes less than five minutes', { timeout: 2 * longest * 1000 }, async () => {
  const began = performance.now();

  await at.page.goto(at.url); // leads to the console
  await put(at.page.getByLabel('Token'), at.program.admin);
  await choose(button('Sign in'));

  await has(at.page.locator('#content'), /There is no account yet/);
  await choose(link('Make the first one'));
  await choose(button('New account'));
  const form = at.page.getByRole('dialog');
  await put(form.getByLabel('Id'), 'acme');
  await put(form.getByLabel('Name'), 'Acme Hotels');
  await put(form.getByLabel('Brand numbers'), '1');
  await choose(button('Save', form));
  await choose(link('Acme Hotels'));

  await has(at.page.locator('#content'), /No mappings yet/);
  await choose(button('New mapping'));
  await put(at.page.getByLabel('Pattern'), 'partner-site.com');
  await put(at.page.getByLabel('Source'), 'partner');
  await has(at.page.locator('.preview'), /Now\s+Other site[^]*With this\s+Your rule/);
  await choose(button('Save'));
  await visible(at.page.getByRole('heading', { name: 'Mapping 1' }));

  await choose(link('Test'));
  await put(at.page.getByLabel('Came from'), 'https://www.partner-site.com/deals');
  await has(at.page.locator('.answer'), /Your rule[^]*partner\s*\/\s*referral[^]*Mapping 1/);
  await visible(at.page.getByRole('heading', { name: 'How it was decided' }));

  await choose(link('Rules'));
  await choose(at.page.getByRole('grid').getByText('partner-site.com'));
  await put(at.page.getByLabel('Medium'), 'affiliate');
  await choose(button('Save'));
  await has(at.page.getByRole('grid'), /affiliate/);
  await undo('Mapping 1 is saved');
  await expect.poll(() => at.page.getByLabel('Medium').inputValue()).toBe('referral');

  await choose(button('Delete'));
  await undo('Mapping 1 is deleted');
  await visible(at.page.getByRole('grid').getByText('partner-site.com'));
  await choose(link('History'));
  await path(at.page, '/a/acme/history');
  await has(at.page.locator('#content'), /deleted/i);

  const took = (performance.now() - began) / 1000;
  if (isLong) console.log(`the walk of docs/quickstart.md took ${Math.round(took)} s`);
  expect(took).toBeLessThan(longest);
  const rule = await at.program.client().data<{ utm_medium: string }>('GET', '/referrer-mappings/1?account_id=acme');
  expect(rule.utm_medium).toBe('referral');
});
