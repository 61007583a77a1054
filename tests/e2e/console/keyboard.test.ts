// Without a mouse: a rule is made, tested and undone by keys alone; focus is seen, and comes back where it was.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, focused, gone, has, path, visible } from './lib/expect.ts';
import { wide } from './lib/looks.ts';

describe('with keys alone', () => {
  const at = openConsole({ look: wide, provokes: [[422, /\/resolve$/]] });
  const keys = async (...all: string[]) => {
    for (const each of all) await at.page.keyboard.press(each);
  };
  const type = (text: string) => at.page.keyboard.type(text);

  test('signing in, making a rule, testing it and undoing it', async () => {
    await at.page.goto(at.at('/a/acme/rules'));
    await focused(at.page.getByLabel('Token'));
    await type(at.demo.editor);
    await keys('Enter');
    await at.settled();
    await keys('n');
    const panel = at.page.getByRole('complementary');
    await focused(panel.getByLabel('Pattern').first());
    await type('keys-only.example');
    await keys('Tab', 'Tab');
    await focused(panel.getByLabel('Source').first());
    await type('keys-only');
    await keys('Control+Enter');
    await has(at.page.locator('.toasts'), /Mapping \d+ is saved/);
    await keys('Control+k');
    const palette = at.page.getByRole('combobox', { name: /Page, rule, account or host/ });
    await focused(palette);
    await type('why keys-only.example');
    await visible(at.page.getByRole('option', { name: /Why keys-only/ }));
    await keys('Enter');
    await path(at.page, /^\/a\/acme\/test#r=/);
    await has(at.page.locator('.answer'), /^Your rule[^]*keys-only/);
    await at.page.locator('body').click({ position: { x: 2, y: 400 } });
    await keys('Control+z');
    await expect.poll(async () => (await at.program.client().data<{ mappings: { referrer_pattern: string }[] }>('GET', '/referrer-mappings?account_id=acme')).mappings.some((each) => each.referrer_pattern === 'keys-only.example')).toBe(false);
  });

  test('single keys do nothing in a field, and one layer closes at a time with the focus back', async () => {
    await at.open('/a/acme/rules');
    await at.settled();
    await keys('/');
    const filter = at.page.getByLabel('Filter rules');
    await focused(filter);
    await type('ng?xe');
    await expect.poll(() => filter.inputValue()).toBe('ng?xe');
    await path(at.page, '/a/acme/rules?q=ng%3Fxe');
    await expect.poll(() => at.page.getByRole('dialog').count()).toBe(0);
    await keys('Control+k');
    await visible(at.page.getByRole('dialog', { name: 'Search or jump to' }));
    await keys('Escape');
    await gone(at.page.getByRole('dialog'));
    await focused(filter);
  });

  test('rows are walked, opened and switched by keys, and Escape leads back to the list', async () => {
    await at.open('/a/acme/rules');
    await at.settled();
    const grid = at.page.getByRole('grid');
    await grid.focus();
    await keys('ArrowDown', 'ArrowDown', 'Enter');
    await path(at.page, /^\/a\/acme\/rules\/mapping\/\d+$/);
    await visible(at.page.getByRole('complementary'));
    await keys('Escape');
    await path(at.page, '/a/acme/rules');
    await focused(grid);
    const active = await grid.getAttribute('aria-activedescendant');
    expect(active).toMatch(/^rule-\d+$/);
    await keys('Space');
    await has(at.page.locator('.toasts'), /is (off|on)/);
  });

  test('Tab shows where it is at every stop, and is caught nowhere', async () => {
    await at.open('/a/acme/rules?q=trivago');
    await at.settled();
    await at.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const stops: string[] = [];
    for (let step = 0; step < 60; step++) {
      await keys('Tab');
      const stop = await at.page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const seen = (each: Element) => {
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
          return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
        };
        const isSeen = seen(element) || [...element.querySelectorAll('*')].some(seen) || (element.nextElementSibling !== null && seen(element.nextElementSibling));
        return { name: element.outerHTML.slice(0, 120), isBody: element === document.body, isSeen };
      });
      if (stop.isBody) break;
      expect(stop.isSeen, `no focus is seen at ${stop.name}`).toBe(true);
      stops.push(stop.name);
    }
    expect(stops.length).toBeGreaterThan(10);
    expect(new Set(stops).size).toBeGreaterThan(10);
  });
});
