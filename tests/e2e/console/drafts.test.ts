// What is typed and not saved: kept when its form is left, in whichever way, and there again when the form is.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, gone, has, holds, path, visible } from './lib/expect.ts';
import { looks } from './lib/looks.ts';

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look, provokes: [[422, /\/resolve$/]], hasOwnWindows: true });
  const button = (name: string | RegExp) => at.page.getByRole('button', { name });
  const form = () => at.page.getByRole('complementary');
  const field = (name: string) => form().getByLabel(name, { exact: false }).first();
  const toasts = () => at.page.locator('.toasts');
  const priorityOf = async (id: number) => (await at.program.client().data<{ priority: number }>('GET', `/referrer-mappings/${id}?account_id=acme`)).priority;

  test('a rule that is left for another, for another page, and by the back of the browser', async () => {
    const before = await priorityOf(2);
    await at.open('/a/acme/rules');
    await at.settled();
    await at.follow('/a/acme/rules/mapping/2');
    await field('Medium').fill('typed-medium');
    await at.follow('/a/acme/rules/mapping/3');
    await has(toasts(), /Not saved: Mapping 2\. What you typed is kept/);
    expect(await field('Medium').inputValue()).not.toBe('typed-medium');
    await at.press(toasts().getByRole('button', { name: 'Go back' }));
    await path(at.page, '/a/acme/rules/mapping/2');
    await holds(field('Medium'), 'typed-medium');
    await has(form().locator('.draft-note'), /You left before saving/);
    await gone(toasts().getByText(/Not saved: Mapping 2/));

    await at.press(at.page.getByRole('link', { name: 'History' }).last());
    await path(at.page, /history/);
    await at.page.goBack();
    await holds(field('Medium'), 'typed-medium');
    await at.page.goBack();
    await at.page.goForward();
    await holds(field('Medium'), 'typed-medium');

    await at.press(form().locator('.draft-note').getByRole('button', { name: 'Discard' }));
    await gone(form().locator('.draft-note'));
    expect(await field('Medium').inputValue()).not.toBe('typed-medium');
    expect(await priorityOf(2)).toBe(before);
  });

  test('a draft that is saved is a draft no longer, and the page may be closed', async () => {
    await at.open('/a/acme/rules/mapping/4');
    await field('Priority').fill('44');
    await at.follow('/a/acme/rules');
    await at.follow('/a/acme/rules/mapping/4');
    await holds(field('Priority'), '44');
    await at.press(button('Save'));
    await has(toasts(), /Mapping 4 is saved/);
    expect(await priorityOf(4)).toBe(44);
    await gone(form().locator('.draft-note'));
    let isAsked = false;
    at.page.once('dialog', (dialog) => {
      isAsked = true;
      void dialog.accept();
    });
    await at.page.reload();
    await visible(field('Priority'));
    expect(isAsked).toBe(false);
  });

  test('whoever closes the page while something is typed is asked first', async () => {
    await at.open('/a/acme/rules/mapping/new');
    await field('Pattern').click();
    await at.page.keyboard.type('half-a-rule.example');
    const asked = new Promise<string>((resolve) =>
      at.page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      }),
    );
    await at.page.reload();
    expect(await asked).toBe('beforeunload');
  });

  test('a draft of a rule that somebody has changed meanwhile meets it side by side', async () => {
    at.watch.allow(412, /referrer-mappings/);
    await at.open('/a/acme/rules/mapping/5');
    await field('Medium').fill('mine');
    await at.follow('/a/acme/rules');
    await at.program.client().data('PATCH', '/referrer-mappings/5?account_id=acme', { utm_medium: 'theirs' });
    await at.follow('/a/acme/rules/mapping/5');
    await holds(field('Medium'), 'mine');
    await at.press(button('Save'));
    await has(at.page.getByRole('region', { name: 'Conflict' }), /mine[^]*theirs/);
  });

  test('settings, and a half-made connection in its dialog', async () => {
    await at.open('/a/acme/rules/settings');
    await at.page.getByLabel('Own domains').fill('typed.example');
    await at.follow('/a/acme/ai');
    await has(toasts(), /Not saved: the settings/);
    await at.press(button('Connect a tool').first());
    await at.page.getByRole('dialog').getByLabel('Website').fill('https://half.example');
    await at.page.keyboard.press('Escape');
    await has(toasts(), /Not saved: the new connection/);
    await at.press(button('Connect a tool').first());
    await holds(at.page.getByRole('dialog').getByLabel('Website'), 'https://half.example');
    await at.press(at.page.getByRole('dialog').getByRole('button', { name: 'Discard' }));
    await holds(at.page.getByRole('dialog').getByLabel('Website'), '');
    await at.page.keyboard.press('Escape');
    await at.follow('/a/acme/rules/settings');
    await holds(at.page.getByLabel('Own domains'), 'typed.example');
  });

  test('signing out says that it would be lost', async () => {
    await at.open('/a/acme/rules/mapping/new');
    await field('Pattern').fill('unsaved.example');
    await at.press(at.page.getByTitle(/Signed in as/));
    await at.press(button('Sign out'));
    const sure = button('Sign out, and lose what is not saved');
    await visible(sure);
    at.isTokenKept = false;
    await at.press(sure);
    await visible(at.page.getByLabel('Token'));
  });

  test('an emptied priority is an error at its field, and is not saved as 0', async () => {
    const before = await priorityOf(6);
    await at.open('/a/acme/rules/mapping/6');
    await field('Priority').fill('');
    await has(at.page.locator('.preview'), /Shown as soon as the rule can be saved\. Type a whole number from 0 to 1000/);
    await at.press(button('Save'));
    await has(at.page.locator('.field-of-priority .fault'), 'Type a whole number from 0 to 1000.');
    await field('Priority').fill('1001');
    await has(at.page.locator('.field-of-priority .fault'), 'Type a whole number from 0 to 1000.');
    expect(await priorityOf(6)).toBe(before);
    await at.press(button('Discard'));
    await gone(at.page.locator('.fault'));
  });
});
