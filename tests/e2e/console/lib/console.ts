// The console in a browser, for the tests of one file: a program with the demo's data, a browser, and for each test a
// page of its own that is watched.
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Look, wide } from './looks.ts';
import { type Demo, Program, root } from './program.ts';
import { Proxy } from './proxy.ts';
import { Watch } from './watch.ts';

export const output = join(root, 'build/console');
const patience = 15_000;

/** Debian's Chromium without its own windows, menus and accounts, which take half the processor of a test. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.HEADWATER_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });

export interface Options {
  look?: Look;
  flags?: string[];
  demo?: string[];
  /** The browser speaks to a proxy in front of the program. */
  hasProxy?: boolean;
  /** Refusals that each test of the file may meet. */
  provokes?: [status: number, path: RegExp][];
  locale?: string;
  timezoneId?: string;
}

export class Console {
  program!: Program;
  proxy: Proxy | undefined;
  demo!: Demo;
  browser!: Browser;
  context!: BrowserContext;
  page!: Page;
  watch!: Watch;
  url = '';
  readonly look: Look;
  private readonly options: Options;

  constructor(options: Options) {
    this.options = options;
    this.look = options.look ?? wide;
  }

  /** A browser window of its own; `also` for what this one has differently. */
  async newContext(also: Options = {}) {
    const { width, height, theme, isPhone } = this.look;
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      hasTouch: isPhone,
      isMobile: isPhone,
      reducedMotion: 'reduce',
      locale: also.locale ?? this.options.locale ?? 'en-GB',
      timezoneId: also.timezoneId ?? this.options.timezoneId ?? 'Europe/Madrid',
      acceptDownloads: true,
    });
    context.setDefaultTimeout(patience);
    return context;
  }

  at = (path: string) => `${this.url}/console${path}`;

  /** Goes to a link, and signs in on the way. */
  async open(path: string, token = this.demo.editor, { keep = false } = {}) {
    await this.page.goto(this.at(path));
    await this.signIn(token, keep);
  }

  async signIn(token: string, keep = false) {
    await this.page.getByLabel('Token').fill(token);
    if (keep) await this.page.getByLabel('Stay signed in for this tab').check();
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.locator('#content').waitFor();
  }

  /** A click, or on phones a tap, which is what a person does there. */
  press(target: Locator) {
    return this.look.isPhone ? target.tap() : target.click();
  }

  private role = '';
  /** Goes to a link as somebody; whoever was there before on this page need not sign in again. */
  async openAs(role: 'editor' | 'viewer' | 'admin', path: string) {
    this.isTokenKept = true;
    if (this.role === role) {
      await this.page.goto('about:blank'); // else a link that differs behind the # alone loads nothing
      await this.page.goto(this.at(path));
      await this.page.locator('#content').waitFor();
      return;
    }
    if (this.role) await this.page.evaluate(() => sessionStorage.clear());
    this.role = '';
    await this.open(path, role === 'admin' ? this.program.admin : this.demo[role], { keep: true });
    this.role = role;
  }

  /** The page is drawn, and nothing is on its way any more. */
  async settled() {
    await this.page.locator('#content h1').first().waitFor();
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .is-stale'));
  }

  async begin() {
    const { flags, demo = [], hasProxy } = this.options;
    const dist = process.env.HEADWATER_CONSOLE_DIST;
    this.program = await new Program(flags).start();
    this.demo = await this.program.fill(...demo);
    this.url = this.program.url;
    if (hasProxy || dist) {
      this.proxy = await new Proxy(this.program, dist).start();
      this.url = this.proxy.url;
    }
    this.browser = await launch();
  }

  async end() {
    await this.browser?.close();
    await this.proxy?.close();
    await this.program?.close();
  }

  /** A window for somebody elsewhere, instead of the test's own: another language, another time zone. */
  async elsewhere(also: Options) {
    await this.context.close();
    await this.beginTest(also);
  }

  async beginTest(also: Options = {}) {
    this.role = '';
    this.context = await this.newContext(also);
    this.watch = new Watch();
    for (const [status, path] of also.provokes ?? this.options.provokes ?? []) this.watch.allow(status, path);
    await this.watch.over(this.context, this.url);
    this.page = await this.context.newPage();
  }

  async endTest(name: string, hasFailed: boolean) {
    if (hasFailed) {
      mkdirSync(join(output, 'failed'), { recursive: true });
      await this.page.screenshot({ path: join(output, 'failed', `${name.replace(/[^\w]+/g, '-').slice(0, 120)}.png`) });
    }
    await this.watch.searchFor(this.program.secrets, this.page, this.isTokenKept);
    await this.context.close();
    this.isTokenKept = false;
    this.watch.verify();
  }

  /** Set by a test that asked for the token to be kept in the tab. */
  isTokenKept = false;
}

/** Registers what a file's tests need, and gives it. */
export function openConsole(options: Options = {}): Console {
  const stands = new Console(options);
  beforeAll(() => stands.begin());
  afterAll(() => stands.end());
  beforeEach(() => stands.beginTest());
  afterEach((test) => stands.endTest(`${stands.look.name} ${test.task.name}`, test.task.result?.state === 'fail'));
  return stands;
}
