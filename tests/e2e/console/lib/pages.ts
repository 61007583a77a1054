// Each page, dialog and state, at each width and in each theme: no violation of accessibility rules, nothing outside its
// place or cut without its whole text at hand; and pictures for the contact sheet, down to the foot of the page.
import { createRequire } from 'node:module';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { openConsole, output } from './console.ts';
import { expect } from './expect.ts';
import { misfits } from './fit.ts';
import { type Look, looks } from './looks.ts';
import { goTo, places } from './places.ts';
import { clear } from './weather.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const pictures = join(output, 'screenshots');
const mostPictures = 4;

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}
interface Axe {
  run: (on: string, options: object) => Promise<{ violations: Violation[] }>;
}

/** Scrolls whatever holds more than it shows by one window, and says whether there was anything. The long list is left out. */
function scrollOn(): boolean {
  const top = document.querySelector('dialog[open]');
  const within = [...(top ?? document.body).querySelectorAll<HTMLElement>('*'), ...(top ? [top] : [document.documentElement])];
  const isLeft = (each: Element) => each.scrollHeight - each.clientHeight - each.scrollTop > 8 && each.clientHeight > 150;
  const scrolled = within.filter((each) => (each === document.documentElement || /auto|scroll/.test(getComputedStyle(each).overflowY)) && !each.matches('.virtual, .exact-set') && isLeft(each));
  for (const each of scrolled) each.scrollTop += Math.min(each.clientHeight, innerHeight) * 0.85;
  return scrolled.length > 0;
}

/** Registers the tests of all pages for these looks. */
export const lookAtPages = (these: Look[]) => describe.each(these)('at $name', (look: Look) => {
  let isLeftBehind = false;
  // Hooks that were registered later run before: by now the test was looked over.
  afterEach(async () => {
    await clear(at);
    if (at.page.isClosed()) return;
    await at.page.keyboard.press('Escape');
    if (isLeftBehind) await at.page.goto('about:blank');
    else if (at.isOpen) await at.follow('/a/acme/nowhere');
  });
  const at = openConsole({ look, hasProxy: true, provokes: [[422, /\/resolve$/]] });
  const mine = `-${look.width}-${look.theme}`;
  beforeAll(() => {
    mkdirSync(pictures, { recursive: true });
    for (const each of readdirSync(pictures)) if (each.includes(mine)) rmSync(join(pictures, each));
  });

  const takePictures = async (name: string) => {
    const devtools = await at.context.newCDPSession(at.page);
    for (let number = 1; number <= mostPictures; number++) {
      // Packing them well takes longer than everything else that is done with a page.
      const { data } = await devtools.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
      writeFileSync(join(pictures, `${name}${mine}${number > 1 ? `-${number}` : ''}.png`), Buffer.from(data, 'base64'));
      if (!(await at.page.evaluate(scrollOn))) break;
    }
    await devtools.detach();
  };
  const violations = async (within: string) => {
    // The page's own policy forbids script tags, so axe is evaluated by the browser's debugger, once in each document.
    if (!(await at.page.evaluate(() => 'axe' in window))) await at.page.evaluate(axe);
    const found = await at.page.evaluate(
      async ([within_, tags_]) => (await (window as unknown as { axe: Axe }).axe.run(within_, { runOnly: tags_, resultTypes: ['violations'], preload: false, elementRef: false })).violations,
      [within, tags] as const,
    );
    return found.flatMap((each) => each.nodes.slice(0, 3).map((node) => `${each.id}: ${each.help}\n    ${node.html.slice(0, 160)}\n    ${(node.failureSummary ?? '').replace(/\s+/g, ' ').slice(0, 200)}`));
  };
  const isInOrder = async (name: string, within = ':root') => {
    const [ill, unfit] = [await violations(within), await at.page.evaluate(misfits)];
    await takePictures(name);
    expect(ill, name).toEqual([]);
    expect(unfit, name).toEqual([]);
  };

  test('sign-in', async () => {
    await at.page.goto(at.at('/sign-in'));
    await at.page.getByLabel('Token').waitFor();
    await isInOrder('sign-in');
  });

  test('sign-in-refused', async () => {
    at.watch.allow(401, /api-tokens\/self/);
    await at.page.goto(at.at('/sign-in'));
    await at.page.getByLabel('Token').fill('hw_nobody_has_this');
    await at.press(at.page.getByRole('button', { name: 'Sign in' }));
    await at.page.locator('.fault').waitFor();
    await isInOrder('sign-in-refused');
  });

  test.each(places.filter(({ on }) => !on || (on === 'phone') === look.isPhone))('$name', async (place) => {
    isLeftBehind = place.isLeftBehind ?? place.alsoFails !== undefined;
    if (place.provokes) at.watch.allow(...place.provokes);
    await goTo(at, place);
    await isInOrder(place.name, place.within);
  });
});

export const writeContactSheet = () => afterAll(() => {
  const there = readdirSync(pictures);
  const cell = (name: string, look: Look) => {
    const first = `${name}-${look.width}-${look.theme}`;
    const files = there.filter((each) => each === `${first}.png` || (each.startsWith(`${first}-`) && /-\d\.png$/.test(each))).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    return `<td>${files.map((each) => `<img src="screenshots/${each}" alt="" loading="lazy">`).join('')}</td>`;
  };
  const names = [...new Set(['sign-in', 'sign-in-refused', ...places.map((each) => each.name)])];
  const rows = names.map((name) => `<tr><th>${name}</th>${looks.map((look) => cell(name, look)).join('')}</tr>`);
  const style = 'body{font:14px system-ui}td{vertical-align:top;padding:6px}img{max-width:640px;max-height:640px;border:1px solid #888;margin:2px}';
  writeFileSync(join(output, 'contact-sheet.html'), `<!doctype html><meta charset="utf-8"><title>The console, page by page</title><style>${style}</style><table>${rows.join('\n')}</table>\n`);
});
