// Whether the server can be reached. While it cannot, a bar says so, and /livez is asked again after 1 to 30 s.
import { signal } from '@preact/signals';
import { apiRoot } from '../base';

export const isUnreachable = signal(false);
/** Grows each time the server is back; what failed meanwhile is asked again. */
export const returns = signal(0);
export const nextTry = signal(0);

let pause = 1;
let timer = 0;

export function reached() {
  if (!isUnreachable.value) return;
  clearTimeout(timer);
  pause = 1;
  isUnreachable.value = false;
  returns.value++;
}

export function unreachable() {
  if (isUnreachable.value) return;
  isUnreachable.value = true;
  schedule();
}

function schedule() {
  nextTry.value = Date.now() + pause * 1000;
  timer = window.setTimeout(tryNow, pause * 1000);
  pause = Math.min(pause * 2, 30);
}

export async function tryNow() {
  clearTimeout(timer);
  try {
    await fetch(`${apiRoot}/livez`, { cache: 'no-store' });
    reached();
  } catch {
    schedule();
  }
}

addEventListener('online', () => isUnreachable.value && tryNow());
addEventListener('offline', unreachable);
