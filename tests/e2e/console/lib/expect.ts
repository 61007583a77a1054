// Assertions that wait: a page is asked again until it is so, or the patience is over.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const options = { timeout: 15_000, interval: 50 };

export const visible = (locator: Locator) => locator.waitFor({ state: 'visible' });
export const gone = (locator: Locator) => locator.waitFor({ state: 'detached' });
export const has = (locator: Locator, text: string | RegExp) => expect.poll(() => locator.innerText(), options).toMatch(text);
export const holds = (locator: Locator, value: string) => expect.poll(() => locator.inputValue(), options).toBe(value);
export const counts = (locator: Locator, number: number) => expect.poll(() => locator.count(), options).toBe(number);
export const path = (page: Page, wanted: string | RegExp) =>
  expect.poll(() => page.evaluate(() => location.pathname.replace(/^\/console/, '') + location.search + location.hash), options).toMatch(wanted);
export const focused = (locator: Locator) => expect.poll(() => locator.evaluate((element) => element === document.activeElement), options).toBe(true);
/** Times pass between two looks: "2 min ago" becomes "3 min ago". */
export const withoutTimes = (text: string) => text.replace(/\b(now|\d+ (sec|min|hr|h|m|s)\.? ago)\b/g, 'some time ago');
export { expect };
