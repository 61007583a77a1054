// The console in a browser, for the tests of one file: a program with the demo's data, a browser, and for each test a
// page of its own that is watched.
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { isLong, type Look, wide } from './looks.ts';
import { type Demo, Program, root } from './program.ts';
import { Proxy } from './proxy.ts';
import { Watch } from './watch.ts';

export const output = join(root, 'build/console');
const patience = 15_000;

/** Debian's Chromium without its own windows, menus and accounts, which take half the processor of a test. */
const launch = () =>
  chromium.launch({
    executablePath: process.env.HEADWATER_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      // A tenth less work on a machine whose cores are busy anyway; where times are measured, it is as people have it.
      ...(isLong ? [] : ['--js-flags=--single-threaded']),
    ],
  });

let running: Browser | undefined;
/** One for all files of a worker, with which it ends: what a test does stays in its own context. */
async function browserOfWorker() {
  if (!running?.isConnected()) running = await launch();
  return running;
}

export interface Options {
  look?: Look;
  flags?: string[];
  /** The browser speaks to a proxy in front of the program. */
  hasProxy?: boolean;
  /** Refusals that each test of the file may meet. */
  provokes?: [status: number, path: RegExp][];
  /** The program has no account yet, instead of what tools/demo makes. */
  isNew?: boolean;
  /** Each test has a window of its own, in which nobody was before; else the tests of a file follow each other in one. */
  hasOwnWindows?: boolean;
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

  /** Goes to a link, and signs in on the way, as somebody who has just come. */
  async openSigningIn(path: string, token = this.demo.editor, { keep = false } = {}) {
    if (this.keptToken) await this.page.evaluate(() => sessionStorage.clear());
    this.keptToken = '';
    this.isTokenKept = keep;
    await this.page.goto(this.at(path));
    await this.signIn(token, keep);
  }

  private keptToken = '';
  /** Goes to a link in a tab whose user has signed in before and asked to stay so. */
  async open(path: string, token = this.demo.editor) {
    this.isTokenKept = true;
    if (this.page.url() !== 'about:blank') await this.page.goto('about:blank'); // else a link that differs behind the # alone loads nothing
    if (this.keptToken === token) await this.page.goto(this.at(path));
    else {
      const keeping = await this.page.addInitScript((kept) => sessionStorage.setItem('headwater.token', kept), token);
      await this.page.goto(this.at(path));
      await keeping.dispose();
      this.keptToken = token;
    }
    await this.page.locator('#content').waitFor();
  }

  get isOpen() {
    return this.keptToken !== '' && this.page.url().startsWith(this.at('/'));
  }

  /** Whether the page is open for this token, so that it need not be loaded anew. */
  isOpenFor(token: string) {
    return this.keptToken === token && this.isOpen;
  }

  tokenOf(role: 'editor' | 'viewer' | 'admin') {
    return role === 'admin' ? this.program.admin : this.demo[role];
  }

  /** Goes to a link of the console without loading the page anew, as a click or back and forward do. */
  async follow(path: string) {
    await this.page.evaluate((to) => {
      history.pushState({}, '', to);
      dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
    }, `/console${path}`);
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

  /** The page is drawn, and nothing is on its way any more. */
  async settled() {
    await this.page.locator('#content h1').first().waitFor();
    await this.rested();
  }

  /** Whatever is shown stays so: nothing was asked for a moment, and nothing waits for an answer. */
  async rested() {
    // What is typed there is asked a quarter of a second after the last key, and so is the visit of a link.
    const moment = /\/test\b/.test(this.page.url()) ? 350 : 100;
    const isBusy = () => document.querySelector('[aria-busy="true"], .is-stale') !== null;
    do {
      await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .is-stale'));
      await this.watch.quiet(moment);
    } while (await this.page.evaluate(isBusy));
  }

  async begin() {
    const { flags, hasProxy, isNew } = this.options;
    const dist = process.env.HEADWATER_CONSOLE_DIST;
    const prepared = inject('prepared');
    this.program = await new Program(flags, isNew ? undefined : prepared).start();
    this.demo = prepared.demo;
    this.url = this.program.url;
    if (hasProxy || dist) {
      this.proxy = await new Proxy(this.program, dist).start();
      this.url = this.proxy.url;
    }
    this.browser = await browserOfWorker();
  }

  async end() {
    await this.context?.close();
    await this.proxy?.close();
    await this.program?.close();
  }

  /** A window for somebody elsewhere, instead of the test's own: another language, another time zone. */
  async elsewhere(also: Options) {
    await this.context.close();
    await this.beginTest(also);
  }

  async beginTest(also: Options = {}) {
    const provokes = also.provokes ?? this.options.provokes ?? [];
    if (!this.options.hasOwnWindows && this.page && !this.page.isClosed()) return this.watch.begin(provokes);
    this.keptToken = '';
    this.isTokenKept = false;
    this.context = await this.newContext(also);
    this.watch = new Watch();
    this.watch.begin(provokes);
    await this.watch.over(this.context, this.url);
    this.page = await this.context.newPage();
  }

  async endTest(name: string, hasFailed: boolean) {
    if (hasFailed) {
      mkdirSync(join(output, 'failed'), { recursive: true });
      await this.page.screenshot({ path: join(output, 'failed', `${name.replace(/[^\w]+/g, '-').slice(0, 120)}.png`) });
    }
    await this.watch.searchFor(this.program.secrets, this.page, this.isTokenKept);
    if (this.options.hasOwnWindows || hasFailed) await this.context.close();
    else for (const other of this.context.pages()) if (other !== this.page) await other.close();
    this.watch.verify();
  }

  /** Whether the token stays in the tab, because its user asked for that. */
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
