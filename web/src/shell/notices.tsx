// Bars above the page: the server cannot be reached, or asked to wait.
import { useEffect, useState } from 'preact/hooks';
import { isUnreachable, nextTry, tryNow } from '../api/reach';
import { waitsUntil } from '../api/waits';
import { Icon } from '../parts/icon';
import { notReady, watchReadiness } from './readiness';

/** Seconds until a moment, counting down. */
function useCountdown(until: number) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (until <= Date.now()) return;
    const timer = setInterval(() => tick((value) => value + 1), 500);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil((until - Date.now()) / 1000));
}

export function Notices() {
  const retry = useCountdown(isUnreachable.value ? nextTry.value : 0);
  const waiting = useCountdown(waitsUntil.value);
  useEffect(watchReadiness, []);
  return (
    <div class="notices" role="status">
      {isUnreachable.value && (
        <p class="notice notice-bad">
          <Icon name="warning" />
          <span>
            {navigator.onLine ? 'Headwater cannot be reached.' : 'You are offline.'} What is shown may be old.
            {retry > 0 ? ` Next try in ${retry} s.` : ' Trying…'}
          </span>
          <button type="button" class="link" onClick={tryNow}>
            Try now
          </button>
        </p>
      )}
      {notReady.value && !isUnreachable.value && (
        <p class="notice notice-bad">
          <Icon name="warning" />
          <span>
            The server is not ready: <bdi>{notReady.value}</bdi>
          </span>
        </p>
      )}
      {waiting > 0 && (
        <p class="notice">
          <Icon name="history" />
          <span>The server asks to wait. Trying again in {waiting} s.</span>
        </p>
      )}
    </div>
  );
}
