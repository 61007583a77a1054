// Text that others wrote, in every field that shows it: it runs nothing, is shown as text, and moves nothing.
import { readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, has } from './lib/expect.ts';
import { looks } from './lib/looks.ts';
import { goTo } from './lib/places.ts';

const owned = 'globalThis.owned=1';
const texts = [
  `<script>${owned}</script>`,
  `"><img src=x onerror=${owned}>`,
  `<svg onload=${owned}>`,
  `javascript:${owned}`,
  `\${${owned}} {{${owned}}}`,
  'safe\u202Egpj.exe',
  '\u{1F469}\u200D\u{1F469}\u200D\u{1F467} \u{20BB7}\u{29E3D}',
  'שלום עולם مرحبا بالعالم',
  `=HYPERLINK("http://evil.example","x")`,
  'w'.repeat(200),
];

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look });

  test('in rules, accounts, tokens and connections it is inert, and the layout stays', async () => {
    const admin = at.program.client();
    const rules: string[] = [];
    for (const [index, text] of texts.entries()) {
      const body = { referrer_pattern: `hostile-${index}.example`, match_type: 'exact', utm_source: text.slice(0, 100), utm_medium: text.slice(0, 100), utm_campaign: text.slice(0, 100), label: text.slice(0, 100), description: text };
      const answer = await admin.send('POST', '/referrer-mappings?account_id=acme', body);
      if (answer.status === 201) rules.push(text.slice(0, 100));
      else expect(answer.status, `${text}: ${JSON.stringify(answer.body)}`).toBe(422); // refused is as good as inert
      await admin.send('POST', '/passthrough-referrers?account_id=acme', { domain: `hostile-${index}.example`, utm_source: 'x', service_name: text.slice(0, 100) });
      await admin.send('POST', '/api-tokens', { name: text.slice(0, 60), role: 'viewer', account_ids: ['acme'] }).then(({ body: made }) => made.data?.token && at.program.secrets.add(made.data.token as string));
      await admin.send('POST', '/accounts', { account_id: `hostile-${index}`, name: text.slice(0, 60), brand_ids: [] });
      await admin.send('POST', '/v1/1/ai-referrals/connections', { website: `https://xn--mnchen-3ya-${index}.example`, provider: 'custom' });
    }
    expect(rules.length).toBeGreaterThan(5);
    const { mappings } = await admin.data<{ mappings: { id: number; referrer_pattern: string; label: string }[] }>('GET', '/referrer-mappings?account_id=acme');
    const hostile = mappings.filter((each) => each.referrer_pattern.startsWith('hostile-'));
    const paths = ['/a/acme/rules?q=hostile-', '/a/acme/rules?kind=passthrough&q=hostile-', ...hostile.slice(0, 3).map((each) => `/a/acme/rules/mapping/${each.id}`), '/a/acme/test#r=https%3A%2F%2Fhostile-1.example%2F', '/a/acme/history', '/a/acme/ai', '/ops/tokens', '/ops/accounts', '/'];
    for (const path of paths) {
      await goTo(at, { path, as: 'admin' });
      expect(await at.page.evaluate(() => (globalThis as { owned?: unknown }).owned), path).toBeUndefined();
      expect(await at.page.locator('#content :is(script, img, iframe, svg[onload], a[href^="javascript:"])').count(), path).toBe(0);
      expect(await at.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${path} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await goTo(at, { path: '/a/acme/rules?q=hostile-1.example', as: 'admin' });
    const first = hostile.find((each) => each.referrer_pattern === 'hostile-1.example');
    if (first) await expect.poll(() => at.page.getByRole('grid').innerText()).toContain(texts[1]?.slice(0, 30));
  });

  test('pages that an analytics tool pushed are shown as text, however long, and their CSV has no formulas', async () => {
    const pages = [...texts.map((text) => `/${text}`), '=1+1', `/${'long'.repeat(500)}`];
    const { body: listed } = await at.program.client().send('GET', '/v1/1/ai-referrals/connections');
    const [connection] = (listed as { items: { id: string }[] }).items;
    const date = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    for (const page of pages) {
      const row = { date, raw_referrer_value: 'chatgpt.com', raw_page_value: page, pageviews: 90_000, sessions: 90_000, transactions: 1, purchase_revenue: 1 };
      const { status } = await at.program.client().send('POST', `/v1/1/ai-referrals/connections/${connection?.id}/events`, [row]);
      expect(status, page.slice(0, 40)).toBeLessThan(300);
    }
    await goTo(at, { path: '/a/acme/ai?range=7d', as: 'admin' });
    const table = at.page.getByRole('region', { name: 'Top pages' });
    await has(table, /script|svg|HYPERLINK|long/);
    expect(await at.page.evaluate(() => (globalThis as { owned?: unknown }).owned)).toBeUndefined();
    expect(await at.page.locator('#content :is(script, img, iframe, svg[onload], a[href^="javascript:"])').count()).toBe(0);
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    const save = at.page.getByRole('button', { name: /CSV/ }).first();
    if (!look.isPhone) {
      const [download] = await Promise.all([at.page.waitForEvent('download'), at.press(save)]);
      const cells = readFileSync(await download.path(), 'utf8').split(/[\n,]/);
      expect(cells.filter((cell) => /^"?[=+@]/.test(cell))).toEqual([]);
    }
  });

  test.skipIf(look.isPhone)('rules with such text are exported as a file that brings back the same rules', async () => {
    await goTo(at, { path: '/a/acme/rules', as: 'admin' });
    await at.press(at.page.getByRole('button', { name: 'More', exact: true }).first());
    const [download] = await Promise.all([at.page.waitForEvent('download'), at.press(at.page.getByRole('button', { name: 'Export as CSV' }))]);
    const exported = readFileSync(await download.path());
    expect(exported.toString()).toContain('HYPERLINK');
    expect(exported.toString().split(/[\n,]/).filter((cell) => /^"?=/.test(cell))).toEqual([]);
    await goTo(at, { path: '/a/acme/rules/import', as: 'admin' });
    await at.page.getByLabel('File to import').setInputFiles({ name: 'again.csv', mimeType: 'text/csv', buffer: exported });
    await has(at.page.locator('.import-counts'), /Added 0[^]*Changed 0[^]*Deleted 0[^]*Same [1-9]/);
  });
});
