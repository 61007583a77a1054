// Waiting because the server asked for it, where the user can see it.
import { signal } from '@preact/signals';

/** When the longest wait ends, in milliseconds since 1970; 0: nobody waits. */
export const waitsUntil = signal(0);

export function wait(seconds: number, cancelled?: AbortSignal | null): Promise<void> {
  const until = Date.now() + seconds * 1000;
  waitsUntil.value = Math.max(waitsUntil.value, until);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      if (waitsUntil.value <= Date.now() + 20) waitsUntil.value = 0;
      resolve();
    }, seconds * 1000);
    cancelled?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        waitsUntil.value = 0;
        reject(cancelled.reason);
      },
      { once: true },
    );
  });
}
