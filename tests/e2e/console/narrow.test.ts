// The narrowest phones: 320 px (WCAG 2.2, 1.4.10). Nothing may have to be scrolled sideways to be read.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect } from './lib/expect.ts';
import { wide } from './lib/looks.ts';

const pages = [
  '/', '/a/acme/rules', '/a/acme/rules/mapping/new', '/a/acme/rules/settings', '/a/acme/rules/import', '/a/acme/test',
  '/a/acme/test?try=1#u=https%3A%2F%2Fwww.acme-hotels.example%2F&r=https%3A%2F%2Fwww.trivago.de%2F&s=utm_source%3Dgoogle', '/a/acme/ai', '/a/acme/history', '/operations',
];

describe('at 320 px', () => {
  const at = openConsole({ look: { ...wide, name: '320 light', width: 320, height: 640, isPhone: true }, provokes: [[422, /\/resolve$/]] });
  test.each(pages)('%s fits', async (page) => {
    await at.openSigningIn(page);
    await at.settled();
    const beyond = await at.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      return [...document.querySelectorAll('body *')].filter((each) => !each.closest('.test-try') && each.getBoundingClientRect().right > width + 1).map((each) => `${each.parentElement?.className} > ${each.tagName}.${each.className} ${Math.round(each.getBoundingClientRect().left)} to ${Math.round(each.getBoundingClientRect().right)}`).slice(0, 12);
    });
    expect(beyond).toEqual([]);
  });
});
