// Whether the server can take changes, as /readyz says; asked every minute while somebody looks.
import { signal } from '@preact/signals';
import { apiRoot } from '../base';

/** Why it is not ready; null if it is, or if nobody could tell. */
export const notReady = signal<string | null>(null);

async function ask() {
  if (document.hidden) return;
  try {
    const response = await fetch(`${apiRoot}/readyz`, { cache: 'no-store' });
    const body = await response.json();
    const status = body.data?.status ?? body.error?.message ?? body.status;
    notReady.value = response.ok && status === 'ready' ? null : String(status ?? `status ${response.status}`);
  } catch {
    // Then it cannot be reached, which another bar says.
  }
}

let timer = 0;
export function watchReadiness() {
  if (timer) return;
  ask();
  timer = window.setInterval(ask, 60_000);
}
