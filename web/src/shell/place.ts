// The whole state of what is shown is in the URL. A click that leads somewhere pushes; typing and refreshing replace.
import { signal } from '@preact/signals';
import { consoleRoot } from '../base';

export interface Place {
  /** What follows /console, such as /a/acme/rules */
  path: string;
  query: URLSearchParams;
  /** What stands behind #: inputs that must reach no log */
  fragment: URLSearchParams;
}

function read(): Place {
  const path = location.pathname.slice(consoleRoot.length).replace(/\/+$/, '') || '/';
  return { path, query: new URLSearchParams(location.search), fragment: new URLSearchParams(location.hash.slice(1)) };
}

/** A part of a path as it was before it was encoded; null for one that nobody encoded so. */
export function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

export const place = signal<Place>(read());

export interface Way {
  replace?: boolean;
}

/** The URL of a path of the console, for links. */
export const href = (path: string) => `${consoleRoot}${path}`;

export function go(path: string, { replace = false }: Way = {}) {
  const url = href(path);
  if (url === location.pathname + location.search + location.hash) return;
  if (replace) history.replaceState({ ...history.state }, '', url);
  else {
    saveScroll();
    history.pushState({}, '', url);
  }
  const before = place.value.path;
  place.value = read();
  if (!replace && before !== place.value.path) window.scrollTo(0, 0);
}

export type Changes = Record<string, string | null | undefined>;

function changed(parameters: URLSearchParams, changes: Changes) {
  const result = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes))
    if (value === null || value === undefined || value === '') result.delete(name);
    else result.set(name, value);
  return result;
}

const written = (lead: string, parameters: URLSearchParams) => (parameters.size ? lead + parameters.toString() : '');

/** A path of the console with some parameters changed; the others stay, so nothing in a link is lost by a click. */
export function pathWith({ path, query = {}, fragment = {} }: { path?: string; query?: Changes; fragment?: Changes }) {
  const now = place.value;
  return (
    (path ?? now.path) + written('?', changed(now.query, query)) + written('#', changed(now.fragment, fragment))
  );
}

export const setQuery = (query: Changes, way?: Way) => go(pathWith({ query }), way);
export const setFragment = (fragment: Changes, way?: Way) => go(pathWith({ fragment }), way);

// Back and forward bring the scroll position with them, also that of lists that scroll by themselves: those are
// marked with data-scroll and a name.
interface Kept {
  window: number;
  lists: Record<string, number>;
}

function saveScroll() {
  const lists: Record<string, number> = {};
  for (const each of document.querySelectorAll<HTMLElement>('[data-scroll]'))
    lists[each.dataset.scroll ?? ''] = each.scrollTop;
  const kept: Kept = { window: window.scrollY, lists };
  history.replaceState({ ...history.state, kept }, '');
}

function restoreScroll(kept: Kept | undefined, until = performance.now() + 1500) {
  if (!kept) return;
  let missing = false;
  if (document.documentElement.scrollHeight - window.innerHeight >= kept.window) window.scrollTo(0, kept.window);
  else missing = true;
  for (const [name, top] of Object.entries(kept.lists)) {
    const list = [...document.querySelectorAll<HTMLElement>('[data-scroll]')].find((each) => each.dataset.scroll === name);
    if (list && list.scrollHeight - list.clientHeight >= top) list.scrollTop = top;
    else missing = true;
  }
  // What is shown may still be on its way.
  if (missing && performance.now() < until) setTimeout(() => restoreScroll(kept, until), 50);
}

history.scrollRestoration = 'manual';
let pending = 0;
addEventListener(
  'scroll',
  () => {
    clearTimeout(pending);
    pending = window.setTimeout(saveScroll, 150);
  },
  { capture: true, passive: true },
);
addEventListener('popstate', (event) => {
  clearTimeout(pending);
  place.value = read();
  requestAnimationFrame(() => restoreScroll(event.state?.kept));
});
addEventListener('hashchange', () => (place.value = read()));
