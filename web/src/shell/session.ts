// Who is signed in. The token is in memory; sessionStorage has it only if the user asked for that. It is never part
// of a URL, an error or a log.
import { computed, signal } from '@preact/signals';
import type { components } from '../api/schema';
import { publicPath } from '../base';
import { tab } from './stored';

export type OwnToken = components['schemas']['ApiToken'];

export const token = signal<string | null>(tab.get('token'));
export const self = signal<OwnToken | null>(null);
/** The token was good and is not any more: sign-in stands over the page, and what is on it stays. */
export const hasLapsed = signal(false);
/** Grows with each sign-in, so that what failed meanwhile is asked again. */
export const signIns = signal(0);

const scopes = computed(() => new Set<string>(self.value?.scopes ?? []));
export const canRead = computed(() => scopes.value.has('read'));
export const canWrite = computed(() => scopes.value.has('write'));
export const isAdmin = computed(() => scopes.value.has('admin'));
/** Whoever runs the server: an admin of all accounts. */
export const isOperator = computed(() => isAdmin.value && (self.value?.account_ids ?? []).includes('*'));

const others = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`headwater${publicPath}`);

let waiting: (() => void)[] = [];

/** Resolves once somebody has signed in again, for requests that were answered 401. */
export function signedInAgain(signal?: AbortSignal | null): Promise<void> {
  hasLapsed.value = true;
  return new Promise((resolve, reject) => {
    waiting.push(resolve);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

export function signedIn(newToken: string, who: OwnToken, keep: boolean) {
  token.value = newToken;
  self.value = who;
  tab.set('token', keep ? newToken : null);
  hasLapsed.value = false;
  signIns.value++;
  const resumed = waiting;
  waiting = [];
  for (const resume of resumed) resume();
}

function forget() {
  token.value = null;
  self.value = null;
  hasLapsed.value = false;
  waiting = [];
  tab.set('token', null);
}

export function signOut() {
  others?.postMessage('sign-out');
  forget();
}

others?.addEventListener('message', (event) => {
  if (event.data === 'sign-out') forget();
});
