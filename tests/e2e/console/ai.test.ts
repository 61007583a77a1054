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
