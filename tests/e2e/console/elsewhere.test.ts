// Browsers that are not like ours: other languages and time zones, a clock that is wrong, no storage, no network.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, gone, has, visible } from './lib/expect.ts';
import { isLong, looks } from './lib/looks.ts';

const day = 86_400_000;

// What differs by the browser's settings differs on one screen as on another: CI takes the wide one.
describe.each(isLong ? looks : looks.slice(0, 1))('at $name', (look) => {
  const at = openConsole({ look, hasOwnWindows: true });
  const editor = () => at.program.client(at.demo.editor);
  const totals = async () => {
    const today = Date.parse(new Date().toISOString().slice(0, 10));
    const [first, last] = [29, 1].map((back) => new Date(today - back * day).toISOString().slice(0, 10)); // today is not over
    return (await editor().send('GET', `/v1/1/ai-referrals?limit=1&start_date=${first}&end_date=${last}`)).body.totals as { sessions: number };
  };
  const nothingIsBroken = async () => {
    const text = await at.page.locator('body').innerText();
    expect(text).not.toMatch(/NaN|Invalid Date|undefined|\[object /);
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  };

  test.each(['de-DE', 'ar-EG', 'ja-JP'])('numbers and days are those of %s', async (locale) => {
    await at.elsewhere({ locale });
    await at.open('/a/acme/ai?view=table');
    await at.settled();
    const { sessions } = await totals();
    await has(at.page.locator('#content'), new Intl.NumberFormat(locale, sessions < 10_000 ? {} : { notation: 'compact', maximumFractionDigits: 1 }).format(sessions));
    const yesterday = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.now() - day);
    expect(await at.page.getByRole('region', { name: 'Sessions' }).innerText()).toContain(yesterday);
    await nothingIsBroken();
    for (const page of ['Rules', 'Test', 'History']) {
      await at.press(at.page.getByRole('link', { name: page, exact: true }).first());
      await at.settled();
      await nothingIsBroken();
    }
  });

  test.each(['Pacific/Kiritimati', 'America/St_Johns'])('in %s times are the reader\'s, and the days of a report stay those of the report', async (timezoneId) => {
    await at.elsewhere({ timezoneId });
    const { created_at: created } = await editor().data<{ created_at: string }>('POST', '/referrer-mappings?account_id=acme', { referrer_pattern: `${timezoneId.replace(/\W/g, '-').toLowerCase()}.example`, match_type: 'exact', utm_source: 'x' });
    await at.open('/a/acme/history');
    await at.settled();
    const title = await at.page.getByRole('region', { name: 'Versions' }).locator('time').first().or(at.page.locator('#content time').first()).first().getAttribute('title');
    const options: Intl.DateTimeFormatOptions = { dateStyle: 'full', timeStyle: 'long', timeZone: timezoneId };
    expect(title?.slice(0, 12)).toBe(new Intl.DateTimeFormat('en-GB', options).format(new Date(created)).slice(0, 12));
    await at.open('/a/acme/ai?view=table&range=7d');
    await at.settled();
    const rows = at.page.getByRole('region', { name: 'Sessions' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(7);
    const shown = await rows.locator('th, td:first-child').allInnerTexts();
    const written = Array.from({ length: 7 }, (_, back) => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.now() - back * day));
    for (const each of written) expect(shown.some((text) => text.includes(each)), `${each} among ${shown.join(', ')}`).toBe(true);
  });

  test.each([['10 minutes slow', -600_000], ['10 minutes fast', 600_000], ['two days slow', -2 * day]])('a clock that is %s puts nothing into the future or the past', async (_, off) => {
    await at.page.clock.setSystemTime(Date.now() + off);
    await editor().data('POST', '/referrer-mappings?account_id=acme', { referrer_pattern: `clock${off}.example`.replace('-', 'minus'), match_type: 'exact', utm_source: 'x' });
    await at.open('/a/acme/history');
    await at.settled();
    const times = await at.page.locator('#content time').allInnerTexts();
    expect(times.length).toBeGreaterThan(3);
    expect(times[0]).toMatch(/^(now|1\s?min\.? ago)$/i);
    expect(times.filter((each) => /^in /.test(each))).toEqual([]);
  });

  test('a browser that refuses storage shows every page', async () => {
    await at.context.addInitScript(() => {
      Object.assign(globalThis, { hasNoStorage: true });
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(globalThis, name, { get: () => { throw new DOMException('The operation is insecure.', 'SecurityError'); } });
    });
    await at.openSigningIn('/a/acme/rules', at.demo.editor, { keep: true });
    for (const page of [/^Test/, /^AI/, /^History/, /^Rules/]) {
      await at.press(at.page.getByRole('navigation').getByRole('link', { name: page }).first());
      await at.settled();
    }
    await nothingIsBroken();
  });

  test('offline is told, what is typed stays, and back online the change is made', async () => {
    at.watch.allowCuts();
    await at.open('/a/acme/rules/mapping/new');
    await at.settled();
    await at.context.setOffline(true);
    await visible(at.page.getByText(/You are offline/));
    const panel = at.page.getByRole('complementary');
    const pattern = `offline-${look.width}.example`;
    await panel.getByLabel('Pattern').first().fill(pattern);
    await panel.getByLabel('Source').first().fill('typed offline');
    await at.press(at.page.getByRole('button', { name: 'Save' }));
    await visible(panel.getByRole('alert'));
    await at.context.setOffline(false);
    await gone(at.page.getByText(/You are offline/));
    at.watch.allow(422, /\/resolve$/);
    await at.press(at.page.getByRole('button', { name: 'Save' }));
    await has(at.page.locator('.toasts'), /Mapping \d+ is saved/);
    const { mappings } = await editor().data<{ mappings: { referrer_pattern: string; utm_source: string }[] }>('GET', '/referrer-mappings?account_id=acme');
    expect(mappings.filter((each) => each.referrer_pattern === pattern).map((each) => each.utm_source)).toEqual(['typed offline']);
  });

  test('offline, a page that was not loaded yet says so, and comes when the network is back', async () => {
    at.watch.allowCuts();
    await at.open('/a/acme/rules');
    await at.settled();
    await at.context.setOffline(true);
    await at.press(at.page.getByRole('link', { name: 'History', exact: true }).first());
    await has(at.page.locator('#content'), /offline|cannot be reached|could not be loaded/i);
    expect(await at.page.locator('#content [aria-busy="true"]').count()).toBe(0);
    await at.context.setOffline(false);
    await visible(at.page.getByRole('slider', { name: 'Version' }));
  });
});
