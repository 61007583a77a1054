// Links: every address opened cold shows what a click had led to, and back brings the place in the list with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { openConsole, output } from './lib/console.ts';
import { expect, has, holds, path, visible, withoutTimes } from './lib/expect.ts';
import { looks } from './lib/looks.ts';

const addresses = [
  '/a/acme/rules',
  '/a/acme/rules?kind=passthrough',
  '/a/acme/rules?q=trivago',
  '/a/acme/rules?lint=1',
  '/a/acme/rules/mapping/2',
  '/a/acme/rules/mapping/2?tab=history',
  '/a/acme/rules/passthrough/1?kind=passthrough',
  '/a/acme/rules/import',
  '/a/acme/test#r=https%3A%2F%2Fwww.trivago.es%2F',
  '/a/acme/ai?range=7d&view=table&metric=pageviews',
  '/a/acme/ai?from=2026-01-01&to=2026-01-07',
  '/a/acme/history?at=60',
];

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look });
  const shown = async () => withoutTimes(await at.page.locator('#content').innerText());

  test('every address shows the same from a click as cold', async () => {
    await at.open('/a/acme/rules');
    await at.settled();
    for (const address of addresses) {
      await at.page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
      await at.follow(address);
      await path(at.page, address);
      await at.settled();
      const warm = await shown();
      expect(warm).not.toMatch(/^…$/m);
      expect(await at.page.evaluate(() => (globalThis as { isSamePage?: boolean }).isSamePage), address).toBe(true);
      await at.page.reload();
      await expect.poll(shown, { timeout: 15_000 }).toBe(warm);
      await path(at.page, address);
    }
  });

  test('back and forward bring the place in the list', async () => {
    const rules = Array.from({ length: 200 }, (_, index) => `far-${index}.example,exact,far,referral,${index}`).join('\n');
    await at.program.client().data('POST', '/referrer-mappings/import?account_id=acme', `referrer_pattern,match_type,utm_source,utm_medium,priority\n${rules}\n`, { 'Content-Type': 'text/csv' });
    await at.open('/a/acme/rules?q=far-');
    await at.settled();
    const list = at.page.locator('[data-scroll]').first();
    const isOwnScroll = await list.evaluate((each) => each.scrollHeight > each.clientHeight + 100);
    const top = () => (isOwnScroll ? list.evaluate((each) => each.scrollTop) : at.page.evaluate(() => scrollY));
    if (isOwnScroll) await list.evaluate((each) => (each.scrollTop = 3000));
    else await at.page.evaluate(() => scrollTo(0, 3000));
    await expect.poll(top).toBe(3000);
    await at.press(at.page.getByRole('gridcell', { name: /^far-\d+\.example/ }).nth(8));
    await path(at.page, /mapping\/\d+\?q=far-$/);
    await at.page.goBack();
    await path(at.page, '/a/acme/rules?q=far-');
    await holds(at.page.getByLabel('Filter rules'), 'far-');
    await expect.poll(top).toBe(3000);
    await at.page.goForward();
    await visible(at.page.getByRole('complementary').getByLabel('Pattern').first());
    await at.press(at.page.getByRole('link', { name: /^Test/ }).first());
    await path(at.page, /^\/a\/acme\/test/);
    await at.page.goBack();
    await at.page.goBack();
    await expect.poll(top).toBe(3000);
  });

  test('in a recording of the network a token stands in its header and nowhere else', async () => {
    const recording = join(output, `network-${look.width}.har`);
    const context = await at.browser.newContext({ recordHar: { path: recording, content: 'embed' }, hasTouch: look.isPhone, viewport: at.page.viewportSize() });
    const page = await context.newPage();
    await page.goto(at.at('/'));
    await page.getByLabel('Token').fill(at.demo.editor);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#content h1').waitFor();
    for (const name of [/^Test/, /^AI/, /^History/]) {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      await page.locator('#content h1').waitFor();
    }
    await context.close();
    const { log } = JSON.parse(readFileSync(recording, 'utf8')) as { log: { entries: { request: { headers: { name: string; value: string }[] } }[] } };
    let sent = 0;
    for (const { request } of log.entries) {
      const others = request.headers.filter((each) => each.name.toLowerCase() !== 'authorization');
      sent += request.headers.length - others.length;
      request.headers = others;
    }
    expect(sent).toBeGreaterThan(3);
    const rest = JSON.stringify(log);
    for (const secret of at.program.secrets) expect(rest.includes(secret)).toBe(false);
  });

  test.each(['/a/%E0%A4%A/rules', '/a/acme/ai/connections/%E0%A4%A', '/a/%/history'])('an address that nobody could have written, %s, is no page, and says so', async (address) => {
    await at.open(address);
    await has(at.page.locator('#content'), /There is no such page/);
  });
});
