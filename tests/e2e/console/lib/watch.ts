// Everything that a page must never do: break its policy, throw, ask another server, complain in the browser's console,
// or let a token get where it stays. A test that provokes a refusal says which.
import type { BrowserContext, Page, Request } from 'playwright-core';

interface Allowed {
  status: number;
  path: RegExp;
}

export class Watch {
  readonly faults: string[] = [];
  private allowed: Allowed[] = [];
  private areCutsAllowed = false;
  private requested: string[] = [];
  private said: string[] = [];
  private readonly unanswered = new Set<Request>();
  private lastChange = 0;

  /** A test begins: what another was allowed holds no longer. */
  begin(provoked: [status: number, path: RegExp][]) {
    this.allowed = provoked.map(([status, path]) => ({ status, path }));
    this.areCutsAllowed = false;
    this.requested = [];
    this.said = [];
    this.faults.length = 0;
  }

  /** Answers of this status for these paths are part of the test. */
  allow(status: number, path: RegExp) {
    this.allowed.push({ status, path });
  }

  /** Connections that are lost are part of the test. */
  allowCuts() {
    this.areCutsAllowed = true;
  }

  private isAllowed(status: number, url: string) {
    return this.allowed.some((each) => each.status === status && each.path.test(new URL(url).pathname));
  }

  async over(context: BrowserContext, origin: string) {
    await context.exposeFunction('__policyBroken', (what: string) => this.faults.push(`against the policy: ${what}`));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        (window as unknown as { __policyBroken: (what: string) => void }).__policyBroken(`${event.violatedDirective} ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber} ${event.sample}`),
      );
    });
    context.on('request', (request) => {
      this.requested.push(`${request.method()} ${request.url()}`);
      if (/^https?:/.test(request.url()) && new URL(request.url()).origin !== origin) this.faults.push(`a request to another server: ${request.url()}`);
    });
    for (const [event, isOver] of [['request', false], ['requestfinished', true], ['requestfailed', true]] as const)
      context.on(event as 'request', (request) => {
        if (!isOver && request.isNavigationRequest()) this.forget(request.frame().page());
        if (isOver) this.unanswered.delete(request);
        else this.unanswered.add(request);
        this.lastChange = Date.now();
      });
    context.on('response', (response) => {
      if (response.status() >= 400 && !this.isAllowed(response.status(), response.url())) this.faults.push(`an answer that no test provoked: ${response.status()} ${response.url()}`);
    });
    context.on('weberror', (error) => this.faults.push(`thrown: ${error.error().stack ?? error.error()}`));
    context.on('console', (message) => {
      const text = message.text();
      this.said.push(text);
      if (!['error', 'warning'].includes(message.type())) return;
      const status = Number(/Failed to load resource: the server responded with a status of (\d+)/.exec(text)?.[1] ?? 0);
      if (status && this.isAllowed(status, message.location().url)) return;
      if (/net::ERR_/.test(text) && this.areCutsAllowed) return;
      this.faults.push(`in the browser's console: ${text} (${message.location().url})`);
    });
  }

  /** What a page asked that is left now is never answered. */
  private forget(page: Page) {
    for (const each of this.unanswered) if (!each.isNavigationRequest() && each.frame().page() === page) this.unanswered.delete(each);
  }

  /** Until every request is answered and no other has followed for a moment. */
  async quiet(moment = 100, patience = 15_000) {
    for (const began = Date.now(); Date.now() - began < patience; await new Promise((resolve) => setTimeout(resolve, 20)))
      if (this.unanswered.size === 0 && Date.now() - Math.max(this.lastChange, began) >= moment) return;
    throw new Error(`still unanswered: ${[...this.unanswered].map((each) => each.url()).join(', ')}`);
  }

  /** Where a token could stay: addresses that were asked, what was said in the browser's console, and the page's own places. */
  async searchFor(secrets: Iterable<string>, page: Page, isKept = false) {
    if (!page.url().startsWith('http')) return; // it went nowhere, so nothing has a place there
    const places = await page.evaluate((kept) => ({
      address: location.href,
      state: JSON.stringify(history.state),
      ...(globalThis as { hasNoStorage?: boolean }).hasNoStorage ? {} : { local: JSON.stringify({ ...localStorage }), session: JSON.stringify({ ...sessionStorage, ...(kept ? { 'headwater.token': '' } : {}) }) },
      cookies: document.cookie,
      title: document.title,
    }), isKept);
    const searched = { requests: this.requested.join('\n'), console: this.said.join('\n'), ...places };
    for (const secret of secrets)
      for (const [place, text] of Object.entries(searched)) if (text.includes(secret)) this.faults.push(`a token is in the ${place}: ${text.slice(0, 200)}`);
  }

  verify() {
    const faults = [...new Set(this.faults)];
    this.faults.length = 0;
    if (faults.length) throw new Error(faults.join('\n'));
  }
}
