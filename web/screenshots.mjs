// Takes pictures of the console in a headless Chromium, over a pipe: nothing to install besides it.
//
//   node screenshots.mjs URL TOKEN_FILE DIR
//
// URL is that of a service which tools/demo has filled; the browser is chromium-headless-shell, or what CHROMIUM names.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [url, tokenFile, target] = process.argv.slice(2);
if (!target) {
  console.error('usage: node screenshots.mjs URL TOKEN_FILE DIR');
  process.exit(2);
}
const visit = new URLSearchParams({
  u: 'https://www.acme.example/thanks',
  r: 'https://checkout.stripe.com/',
  s: 'utm_source=newsletter&utm_medium=email',
});
const pictures = [
  { name: 'rules', path: '/a/acme/rules/mapping/3', shows: '.preview-result' },
  { name: 'test', path: `/a/acme/test#${visit}`, shows: '.cascade' },
];

const profile = mkdtempSync(join(tmpdir(), 'headwater-screenshots-'));
const flags = ['--headless', '--remote-debugging-pipe', '--hide-scrollbars', '--window-size=1280,800', '--lang=en-GB', '--no-first-run', `--user-data-dir=${profile}`];
if (process.getuid?.() === 0) flags.push('--no-sandbox'); // Chromium's sandbox does not work for root
const browser = spawn(process.env.CHROMIUM ?? 'chromium-headless-shell', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const [, , , into, from] = browser.stdio;

const answers = new Map();
let lastId = 0;
let rest = '';
from.setEncoding('utf8');
from.on('data', (text) => {
  const messages = (rest + text).split('\0');
  rest = messages.pop();
  for (const each of messages) {
    const { id, result, error } = JSON.parse(each);
    const waiting = answers.get(id);
    answers.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
});
const isOver = new Promise((resolve) => browser.once('exit', resolve));
const died = new Promise((_, reject) => {
  browser.once('error', (error) => reject(new Error(`the browser does not start: ${error.message}`)));
  browser.once('exit', () => reject(new Error('the browser has ended')));
  into.on('error', reject);
});
died.catch(() => {}); // whoever waits for an answer is told
function call(method, params = {}, sessionId = undefined) {
  const id = ++lastId;
  const answer = new Promise((resolve, reject) => answers.set(id, { resolve, reject }));
  into.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  return Promise.race([answer, died]);
}

try {
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const page = (method, params) => call(method, params, sessionId);
  const evaluate = async (expression) => (await page('Runtime.evaluate', { expression, returnByValue: true })).result.value;
  const until = async (expression) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await evaluate(expression)) return;
      await pause(100);
    }
    throw new Error(`the page never came to this: ${expression}`);
  };
  await page('Emulation.setDeviceMetricsOverride', { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false });
  await page('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: 'light' }, { name: 'prefers-reduced-motion', value: 'reduce' }] });
  await page('Page.navigate', { url: `${url}/console/sign-in` });
  await until(`document.querySelector('.sign-in-form') !== null`);
  // As if somebody had signed in and asked to stay so in this tab.
  await evaluate(`sessionStorage.setItem('headwater.token', ${JSON.stringify(readFileSync(tokenFile, 'utf8').trim())})`);
  mkdirSync(target, { recursive: true });
  for (const { name, path, shows } of pictures) {
    await page('Page.navigate', { url: 'about:blank' });
    await page('Page.navigate', { url: `${url}/console${path}` });
    await until(`document.querySelector(${JSON.stringify(shows)}) !== null && document.querySelector('.skeleton, .is-stale') === null`);
    await pause(500);
    await evaluate('document.activeElement?.blur()');
    const { data } = await page('Page.captureScreenshot', { format: 'png' });
    writeFileSync(join(target, `${name}.png`), Buffer.from(data, 'base64'));
    console.log(join(target, `${name}.png`));
  }
  await call('Browser.close');
} catch (error) {
  console.error(`screenshots: ${error.message}`);
  process.exitCode = 1;
  browser.kill();
}
await isOver;
rmSync(profile, { recursive: true, force: true });
