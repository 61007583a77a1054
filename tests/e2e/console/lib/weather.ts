// What every page has to live through: its data is on its way, fails, is absent, or the way to the server is lost.
import type { ServerResponse } from 'node:http';
import type { Console } from './console.ts';
import type { Proxy } from './proxy.ts';

export type Weather = 'loading' | 'failing' | 'busy' | 'unreachable' | 'lapsed';

/** What the frame of every page asks for; the rest is the data of one page. */
const isOfFrame = (url: string) => /^\/(console\/|openapi\.json|api-tokens\/self|readyz|livez|accounts$)/.test(url);

const answers: Record<Exclude<Weather, 'loading' | 'unreachable'>, { status: number; headers?: Record<string, string>; code: string; message: string }> = {
  failing: { status: 500, code: 'internal_error', message: 'Something broke on the server, and its log says what.' },
  busy: { status: 503, headers: { 'Retry-After': '30' }, code: 'overloaded', message: 'The server is busy.' },
  lapsed: { status: 401, code: 'unauthorized', message: 'The token is not valid any more.' },
};

function answer(response: ServerResponse, weather: keyof typeof answers) {
  const { status, headers, code, message } = answers[weather];
  const requestId = '0198c5f2-7a31-7d7e-9a51-3f6b5c0de001';
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Request-ID': requestId, ...headers });
  response.end(JSON.stringify({ success: false, error: { code, message }, request_id: requestId }));
}

/** How the page looks when that weather has arrived. */
const signs: Record<Weather, string> = {
  loading: '.skeleton-bar',
  failing: '.failure',
  busy: '.notice:has-text("asks to wait")',
  unreachable: '.notice:has-text("cannot be reached")',
  lapsed: 'dialog:has-text("Sign in again")',
};

const held = new Set<ServerResponse>();

function begin(proxy: Proxy, weather: Weather, isOutside: (url: string) => boolean) {
  proxy.intercept = (request, response) => {
    if (isOutside(request.url ?? '')) return false;
    request.resume();
    if (weather === 'loading') held.add(response);
    else if (weather === 'unreachable') response.destroy();
    else answer(response, weather);
    return true;
  };
}

/** Goes to a place whose data meets this weather. What the frame asks for comes as always, except for `alsoFails`. */
export async function goThrough(at: Console, weather: Weather, path: string, token: string, alsoFails?: RegExp) {
  const { proxy } = at;
  if (!proxy) throw new Error('weather needs a proxy');
  if (weather === 'failing') at.watch.allow(500, /./);
  if (weather === 'busy') at.watch.allow(503, /./);
  if (weather === 'lapsed') at.watch.allow(401, /./);
  if (weather === 'unreachable') at.watch.allowCuts();
  const isOutside = (url: string) => isOfFrame(url) && !alsoFails?.test(url) && !(weather === 'unreachable' && url === '/livez');
  if (alsoFails) {
    await at.page.goto('about:blank'); // the frame asks once for as long as the page is open
    begin(proxy, weather, isOutside);
    await at.open(path, token);
  } else {
    // From a page that asks for nothing, so that what another one has is not shown meanwhile.
    if (at.isOpenFor(token)) await at.follow('/a/acme/nowhere');
    else await at.open('/a/acme/nowhere', token);
    await at.rested();
    begin(proxy, weather, isOutside);
    await at.follow(path);
  }
  await at.page.locator(signs[weather]).first().waitFor();
  if (weather === 'failing') await at.rested();
}

/** The sun shines again, and what was held is given up. */
export async function clear(at: Console) {
  if (at.proxy) at.proxy.intercept = null;
  if (held.size === 0) return;
  if (!at.page.isClosed()) await at.page.goto('about:blank'); // which takes its questions back
  for (const each of held) each.destroy();
  held.clear();
}
