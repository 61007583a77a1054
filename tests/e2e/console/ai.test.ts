// AI referrals: the chart and its table, filters that stack, comparisons, and the figures of the report itself.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, has, path, visible } from './lib/expect.ts';
import { looks } from './lib/looks.ts';

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look });

  const sessions = async (more = '') => {
    const today = new Date().toISOString().slice(0, 10);
    const first = new Date(Date.parse(today) - 29 * 86_400_000).toISOString().slice(0, 10);
    const { body } = await at.program.client(at.demo.viewer).send('GET', `/v1/1/ai-referrals?group_by=date&limit=1&start_date=${first}&end_date=${today}${more}`);
    return new Intl.NumberFormat('en-GB').format(body.totals.sessions as number);
  };

  test('the chart says in words what it shows, with the figure of the report', async () => {
    await at.openSigningIn('/a/acme/ai');
    await at.settled();
    const total = await sessions();
    await visible(at.page.getByRole('img', { name: new RegExp(`Sessions by platform.*${total} in all`) }));
    const colours = await at.page.locator('canvas').first().evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
      return new Set(new Uint32Array(data.buffer)).size;
    });
    expect(colours).toBeGreaterThan(10);
  });

  test('filters stack, hold for the whole page, stay in the link and can be taken off', async () => {
    await at.open('/a/acme/ai');
    await at.settled();
    const all = await at.page.getByRole('region', { name: 'Top pages' }).getByRole('row').nth(1).innerText();
    await at.press(at.page.getByRole('button', { name: /^ChatGPT/i }).first());
    await path(at.page, /platform=/);
    await at.settled();
    await expect.poll(() => at.page.getByRole('region', { name: 'Top pages' }).getByRole('row').nth(1).innerText(), { timeout: 15_000 }).not.toBe(all);
    await at.press(at.page.getByRole('region', { name: 'Top pages' }).getByRole('button').first());
    await path(at.page, /platform=.*page=|page=.*platform=/);
    const link = at.page.url();
    await at.page.goBack();
    await path(at.page, /^\/a\/acme\/ai\?platform=[^&]+$/);
    await at.page.goForward();
    expect(at.page.url()).toBe(link);
    await at.press(at.page.getByRole('button', { name: 'Clear filters' }).first());
    await path(at.page, '/a/acme/ai');
  });

  test('the table has a row for each day, and a range stays relative in the link', async () => {
    await at.open('/a/acme/ai?range=7d&view=table');
    await at.settled();
    await expect.poll(() => at.page.getByRole('region', { name: 'Sessions' }).locator('tbody tr').count()).toBe(7);
    await at.page.getByLabel('Days', { exact: true }).selectOption('90d');
    await path(at.page, '/a/acme/ai?range=90d&view=table');
    await at.page.getByLabel('Compare', { exact: true }).selectOption('none');
    await path(at.page, /cmp=none/);
    await at.settled();
    expect(await at.page.getByRole('columnheader', { name: 'Change' }).count()).toBe(0);
  });

  test('a card and its change are of the same days, which are named, and today is in neither', async () => {
    await at.open('/a/acme/ai');
    await at.settled();
    const day = (back: number) => new Date(Date.parse(new Date().toISOString().slice(0, 10)) - back * 86_400_000).toISOString().slice(0, 10);
    const total = async (from: string, to: string) =>
      (await at.program.client(at.demo.viewer).send('GET', `/v1/1/ai-referrals?group_by=date&limit=1&start_date=${from}&end_date=${to}`)).body.totals.sessions as number;
    const [now, before] = [await total(day(29), day(1)), await total(day(64), day(36))];
    const number = (value: number) => new Intl.NumberFormat('en-GB', value >= 10_000 ? { notation: 'compact', maximumFractionDigits: 1 } : {}).format(value);
    const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 0 }).format(Math.abs(now / before - 1));
    const card = at.page.locator('.figure').first();
    await expect.poll(async () => (await card.locator('.figure-value').getAttribute('title'))).toBe(new Intl.NumberFormat('en-GB').format(now));
    await has(card, new RegExp(`${percent} from ${number(before)}`));
    const word = (text: string) => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(text));
    await has(at.page.locator('.ai-days'), `Figures of ${word(day(29))} – ${word(day(1))} compared with ${word(day(64))} – ${word(day(36))}.`);
  });

  test('of days without figures nothing is claimed', async () => {
    await at.open('/a/acme/ai?range=90d');
    await at.settled();
    await has(at.page.locator('.ai-days'), /There are no figures of|Figures begin on/);
    expect(await at.page.locator('.figure').allInnerTexts()).not.toContainEqual(expect.stringMatching(/new|from|few/));
    expect(await at.page.getByRole('columnheader', { name: 'Change' }).count()).toBe(0);
  });

  test('nothing moves when the names of the assistants come', async () => {
    await at.open('/a/acme/rules');
    await at.settled();
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await at.page.route(/group_by=platform/, async (route) => {
      await held;
      await route.continue();
    });
    await at.follow('/a/acme/ai');
    const cards = at.page.locator('.cards');
    await visible(cards);
    const before = (await cards.boundingBox())?.y;
    answer();
    await visible(at.page.locator('.ai-filters .chip').first());
    expect((await cards.boundingBox())?.y).toBe(before);
    await at.page.unroute(/group_by=platform/);
  });

  test('a figure of thirteen digits stays in its card', async () => {
    await at.page.route(/ai-referrals\?.*group_by=date/, async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      body.totals = { sessions: 1234567890123, pageviews: 1234567890123, transactions: 1234567890123, purchase_revenue: 1234567890123.45 };
      await route.fulfill({ response, json: body });
    });
    await at.open('/a/acme/ai');
    await at.settled();
    await has(at.page.locator('.figure').last(), /1\.2tn/);
    for (const each of await at.page.locator('.figure').all()) {
      const [card, value] = [await each.boundingBox(), await each.locator('.figure-value').boundingBox()];
      expect(value!.x + value!.width).toBeLessThanOrEqual(card!.x + card!.width);
    }
    await at.page.unroute(/ai-referrals\?.*group_by=date/);
  });

  test('a connection whose last push was refused in part says so', async () => {
    await at.open('/a/acme/ai');
    await at.settled();
    const connections = at.page.getByRole('region', { name: 'Connections' });
    await has(connections, /\d+ rows are of no known AI assistant/);
    await at.press(connections.getByRole('link').filter({ hasText: 'of no known AI assistant' }).first());
    await path(at.page, /^\/a\/acme\/ai\/connections\/.+/);
    await has(at.page.getByRole('row').filter({ hasText: /\b12\b/ }).first(), /\w+/);
  });

  test('an account with nothing says how to begin, and to a viewer who can', async () => {
    await at.open('/a/empty/ai', at.demo.viewer);
    await has(at.page.locator('#content'), /Connect an analytics tool[^]*an editor can connect one/);
    expect(await at.page.getByRole('button', { name: 'Connect a tool' }).count()).toBe(0);
  });
});
