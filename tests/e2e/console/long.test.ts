// What takes long: many rules, a slow machine on a slow line, and many page changes. Figures are printed, and fail only at
// three times the bar, since the machine may have other work.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, visible } from './lib/expect.ts';
import { isLong, wide } from './lib/looks.ts';
import { mainThreadBetween } from './lib/trace.ts';

const told = (what: string, took: number, bar: number, unit = 'ms') => {
  console.log(`${what}: ${took.toFixed(took < 10 ? 2 : 0)} ${unit} (bar ${bar})`);
  expect(took, what).toBeLessThanOrEqual(3 * bar);
};
const percentile = (list: number[], share: number) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor((list.length * share) / 100))] as number;
const median = (list: number[]) => percentile(list, 50);

describe.runIf(isLong)('in the long run', () => {
  const at = openConsole({ look: wide });

  async function manyRules(account: string, number: number) {
    const admin = at.program.client();
    await admin.data('POST', '/accounts', { account_id: account, name: account, brand_ids: [] });
    const lines = Array.from({ length: number }, (_, index) => `host-${index}.partner-${index % 97}.example,exact,source-${index % 50},referral,${index % 1000}`);
    await admin.data('POST', `/referrer-mappings/import?account_id=${account}`, `referrer_pattern,match_type,utm_source,utm_medium,priority\n${lines.join('\n')}\n`, { 'Content-Type': 'text/csv' });
  }

  test.each([[10_000, 1500], [50_000, 4000]])('%i rules are listed, filtered and scrolled', { timeout: 240_000 }, async (number, bar) => {
    await manyRules(`many-${number}`, number);
    await at.open('/a/acme/test', at.program.admin);
    const began = Date.now();
    await at.page.goto(at.at(`/a/many-${number}/rules`));
    await visible(at.page.getByRole('gridcell').nth(2));
    told(`list of ${number} rules`, Date.now() - began, bar);
    expect(await at.page.getByRole('row').count()).toBeLessThan(60);
    const painted = await at.page.getByLabel('Filter rules').evaluate(async (input: HTMLInputElement) => {
      const times: number[] = [];
      for (const text of ['h', 'ho', 'hos', 'host', 'host-', 'host-7', 'host-77']) {
        const start = performance.now();
        input.value = text;
        input.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        times.push(performance.now() - start);
      }
      return times;
    });
    told(`key in the filter to paint, ${number} rules`, median(painted), 50);
    await at.page.getByLabel('Filter rules').fill('');
    // The time from frame to frame is that of a browser which draws without a graphics card: it is told, and not judged.
    let frames: number[] = [];
    const work = await mainThreadBetween(at.browser, 'frame', async () => {
      frames = await at.page.locator('[data-scroll]').first().evaluate(async (list) => {
        const times: number[] = [];
        let last = performance.now();
        performance.mark('frame');
        for (let frame = 0; frame < 120; frame++) {
          list.scrollTop += 800;
          await new Promise(requestAnimationFrame);
          performance.mark('frame');
          times.push(performance.now() - last);
          last = performance.now();
        }
        return times;
      });
    });
    expect(work).toHaveLength(120);
    console.log(`scrolling 120 frames of 20 new rows, ${number} rules: from frame to frame p50 ${percentile(frames, 50).toFixed(0)} ms, p95 ${percentile(frames, 95).toFixed(0)} ms`);
    told(`script, style, layout and paint of such a frame, p95, ${number} rules`, percentile(work, 95), 17);
  });

  test('a quarter of the processor and 1.6 Mbit/s: the sign-in is usable, and nothing jumps', { timeout: 120_000 }, async () => {
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const context = await at.newContext();
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      await devtools.send('Network.enable');
      await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 });
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await page.addInitScript(() => {
        const shifts = { sum: 0 };
        Object.assign(globalThis, { shifts });
        // Usable: the field is there, has been painted, and the main thread is free again. Asked in the page itself, since
        // what a test driver does with a page takes a quarter of a second and more at a quarter of the processor.
        const look = new MutationObserver(() => {
          if (!document.querySelector('input[name="token"]')) return;
          look.disconnect();
          requestAnimationFrame(() => setTimeout(() => Object.assign(globalThis, { usableAfter: performance.now() })));
        });
        look.observe(document, { subtree: true, childList: true });
        new PerformanceObserver((list) => list.getEntries().forEach((each) => (shifts.sum += (each as unknown as { value: number }).value))).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(at.at('/'));
      times.push(await (await page.waitForFunction(() => (globalThis as { usableAfter?: number }).usableAfter)).jsonValue() as number);
      await page.keyboard.type('x');
      expect(await page.getByLabel('Token').inputValue()).toBe('x');
      expect(await page.evaluate(() => (globalThis as unknown as { shifts: { sum: number } }).shifts.sum)).toBeLessThanOrEqual(0.02);
      await context.close();
    }
    told('sign-in usable', median(times), 1200);
  });

  test('two hundred page changes leave no memory behind', { timeout: 240_000 }, async () => {
    await at.open('/a/acme/rules');
    const devtools = await at.context.newCDPSession(at.page);
    const heap = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      return ((await devtools.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
    };
    const change = async (times: number) => {
      for (let step = 0; step < times; step++) {
        await at.page.getByRole('link', { name: ['Rules', 'Test', 'AI referrals', 'History'][step % 4] as string, exact: true }).first().click();
        await at.settled();
      }
    };
    await change(40); // every page has been there, and what is kept on purpose is there
    const before = await heap();
    await change(200);
    told('heap after 200 page changes', (await heap()) / before, 1.1, 'times what it was');
  });
});
