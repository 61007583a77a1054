// Each page and dialog, at each width and in each theme: no violation of accessibility rules, nothing beyond the edge,
// nothing cut without its whole text at hand; and a picture for the contact sheet.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, test } from 'vitest';
import { openConsole, output } from './console.ts';
import { expect } from './expect.ts';
import { type Look, looks } from './looks.ts';
import { goTo, places } from './places.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const pictures = join(output, 'screenshots');
mkdirSync(pictures, { recursive: true });

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** Registers the tests of all pages for these looks. */
export const lookAtPages = (these: Look[]) => describe.each(these)('at $name', (look: Look) => {
  const at = openConsole({ look });
  const fits = async (name: string) => {
    // The page's own policy forbids script tags, so axe is evaluated by the browser's debugger.
    await at.page.evaluate(axe);
    const violations = await at.page.evaluate(
      async (tags_) => (await (window as unknown as { axe: { run: (on: Document, options: object) => Promise<{ violations: Violation[] }> } }).axe.run(document, { runOnly: tags_, resultTypes: ['violations'] })).violations,
      tags,
    );
    const told = violations.flatMap((each) => each.nodes.slice(0, 3).map((node) => `${each.id}: ${each.help}\n    ${node.html.slice(0, 160)}\n    ${(node.failureSummary ?? '').replace(/\s+/g, ' ').slice(0, 200)}`));
    await at.page.screenshot({ path: join(pictures, `${name}-${look.width}-${look.theme}.png`) });
    expect(told, name).toEqual([]);
    const overflow = await at.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
    const cut = await at.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('#content *, dialog *')]
        .filter((each) => getComputedStyle(each).textOverflow === 'ellipsis' && each.scrollWidth > each.clientWidth + 1)
        .filter((each) => !each.closest('[title]') && !each.querySelector('[title]'))
        .map((each) => each.outerHTML.slice(0, 160)),
    );
    expect(cut, `${name}: text is cut without a title`).toEqual([]);
  };

  test('sign-in', async () => {
    await at.page.goto(at.at('/sign-in'));
    await at.page.getByLabel('Token').waitFor();
    await fits('sign-in');
  });

  test.each(places.filter((each) => !(each.isWideOnly && look.isPhone)))('$name', async (place) => {
    at.watch.allow(422, /\/resolve$/);
    await goTo(at, place);
    await fits(place.name);
  });
});

export const writeContactSheet = () => afterAll(() => {
  const picture = (name: string, look: Look) => `<td><img src="screenshots/${name}-${look.width}-${look.theme}.png" alt="" loading="lazy"></td>`;
  const rows = ['sign-in', ...places.map((each) => each.name)].map((name) => `<tr><th>${name}</th>${looks.map((look) => picture(name, look)).join('')}</tr>`);
  const style = 'body{font:14px system-ui}td{vertical-align:top;padding:6px}img{max-width:640px;max-height:640px;border:1px solid #888}';
  writeFileSync(join(output, 'contact-sheet.html'), `<!doctype html><meta charset="utf-8"><title>The console, page by page</title><style>${style}</style><table>${rows.join('\n')}</table>\n`);
});
