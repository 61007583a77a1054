// Bad days, by a proxy in front of the program: slow, cut, somebody else's page, busy, gone and back. Nothing typed is lost.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, gone, has, holds, visible } from './lib/expect.ts';
import { looks } from './lib/looks.ts';

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look, hasProxy: true, provokes: [[422, /\/resolve$/]] });
  const proxy = () => {
    if (!at.proxy) throw new Error('no proxy');
    return at.proxy;
  };
  const isList = (url: string | undefined) => url?.startsWith('/referrer-mappings?') === true;
  const rows = () => at.page.getByRole('grid').getByRole('row');

  test('a slow answer shows that it is on its way, and then itself', async () => {
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    proxy().intercept = (request, _response, pass) => {
      if (!isList(request.url)) return false;
      void held.then(pass);
      return true;
    };
    await at.open('/a/acme/rules');
    await visible(at.page.locator('.skeleton-bar').first());
    expect(await at.page.locator('.skeleton').first().getAttribute('aria-busy')).toBe('true');
    answer();
    await visible(rows().nth(3));
    await expect.poll(() => at.page.locator('.skeleton').count()).toBe(0);
    proxy().intercept = null;
  });

  test('an answer that is cut in the middle is a failure of that panel, with Retry', async () => {
    at.watch.allowCuts();
    proxy().intercept = (request, response) => {
      if (!isList(request.url)) return false;
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '5000' });
      response.write('{"data":{"mappings":[', () => response.destroy());
      return true;
    };
    await at.open('/a/acme/rules');
    const alert = at.page.getByRole('alert');
    await visible(alert);
    proxy().intercept = null;
    const retry = alert.getByRole('button', { name: 'Retry' });
    if (await retry.isVisible()) await at.press(retry);
    await visible(rows().nth(3));
    await gone(alert);
  });

  test("a proxy's own 500 page is told in words, and its HTML is not shown", async () => {
    at.watch.allow(500, /referrer-mappings/);
    proxy().intercept = (request, response) => {
      if (!isList(request.url)) return false;
      response.writeHead(500, { 'Content-Type': 'text/html' });
      response.end('<html><body><h1>It broke</h1><script>document.title = "owned"</script></body></html>');
      return true;
    };
    await at.open('/a/acme/rules');
    const alert = at.page.getByRole('alert');
    await has(alert, /Rules:[^]*500/);
    expect(await alert.innerText()).not.toContain('It broke');
    proxy().intercept = null;
    await at.press(alert.getByRole('button', { name: 'Retry' }));
    await visible(rows().nth(3));
    expect(await at.page.title()).not.toBe('owned');
  });

  test('503 with Retry-After is waited for in sight, and the change is made once', async () => {
    at.watch.allow(503, /referrer-mappings/);
    let refusals = 0;
    proxy().intercept = (request, response) => {
      if (request.method !== 'POST' || !isList(request.url) || refusals >= 2) return false;
      refusals++;
      request.resume();
      response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'application/json' });
      response.end('{"success":false,"error":{"code":"overloaded","message":"busy"}}');
      return true;
    };
    await at.open('/a/acme/rules/mapping/new');
    await at.page.getByRole('complementary').getByLabel('Pattern').first().fill('patient.example');
    await at.page.getByRole('complementary').getByLabel('Source').first().fill('patient');
    await at.press(at.page.getByRole('button', { name: 'Save' }));
    await visible(at.page.getByText(/The server asks to wait/));
    await has(at.page.locator('.toasts'), /Mapping \d+ is saved/);
    expect(refusals).toBe(2);
    proxy().intercept = null;
    const { mappings } = await at.program.client().data<{ mappings: { referrer_pattern: string }[] }>('GET', '/referrer-mappings?account_id=acme');
    expect(mappings.filter((each) => each.referrer_pattern === 'patient.example')).toHaveLength(1);
  });

  test('a change whose answer is lost is told as such, and trying again makes no second one', async () => {
    at.watch.allowCuts();
    // Every time, since a browser may send a request anew by itself when a kept connection ends.
    proxy().intercept = (request, response, pass) => {
      if (request.method !== 'POST' || !isList(request.url)) return false;
      response.writeHead = () => response.destroy() as never; // the program does it; nobody hears of it
      pass();
      return true;
    };
    await at.open('/a/acme/rules/mapping/new');
    const panel = at.page.getByRole('complementary');
    await panel.getByLabel('Pattern').first().fill('lost-answer.example');
    await panel.getByLabel('Source').first().fill('lost');
    await at.press(at.page.getByRole('button', { name: 'Save' }));
    await has(panel.getByRole('alert'), /may have been saved/);
    await holds(panel.getByLabel('Source').first(), 'lost');
    proxy().intercept = null;
    await gone(at.page.getByText(/cannot be reached/));
    await at.press(at.page.getByRole('button', { name: 'Save' }));
    await has(at.page.locator('.toasts'), /Mapping \d+ is saved/);
    const { mappings } = await at.program.client().data<{ mappings: { referrer_pattern: string }[] }>('GET', '/referrer-mappings?account_id=acme');
    expect(mappings.filter((each) => each.referrer_pattern === 'lost-answer.example')).toHaveLength(1);
  });

  test('a server that is killed and started again is found by itself, and the form is as it was', async () => {
    at.watch.allowCuts();
    await at.open('/a/acme/rules/mapping/new');
    const panel = at.page.getByRole('complementary');
    await panel.getByLabel('Source').first().fill('still here');
    await at.program.kill();
    await panel.getByLabel('Pattern').first().fill('after-restart.example');
    await visible(at.page.getByText(/Headwater cannot be reached/));
    await at.program.start();
    await gone(at.page.getByText(/Headwater cannot be reached/));
    await holds(panel.getByLabel('Source').first(), 'still here');
    await at.press(at.page.getByRole('button', { name: 'Save' }));
    await has(at.page.locator('.toasts'), /Mapping \d+ is saved/);
  });

  test('a page of an old release whose chunk is gone says that there is a new one', async () => {
    at.watch.allow(404, /\/console\/assets\//);
    await at.open('/a/acme/rules');
    await at.settled();
    proxy().intercept = (request, response) => {
      if (!/\/console\/assets\/history/.test(request.url ?? '')) return false;
      response.writeHead(404).end();
      return true;
    };
    await at.press(at.page.getByRole('link', { name: 'History' }));
    await visible(at.page.getByRole('button', { name: 'Reload' }));
    await has(at.page.locator('#content'), /new version/i);
    proxy().intercept = null;
  });
});
