// What stands in the place of data: on its way, absent, or failed.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Failure } from '../api/failure';
import type { Resource } from '../api/resource';
import { copyText } from './copy';
import { Icon } from './icon';

/** Bars of the size of what will come, after 150 ms. */
export function Skeleton({ lines = 6 }: { lines?: number }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="skeleton" aria-busy="true" role="status">
      <span class="for-readers">Loading</span>
      {isShown && Array.from({ length: lines }, (_, index) => <div key={index} class="skeleton-bar" />)}
    </div>
  );
}

const advice: Partial<Record<Failure['kind'], string>> = {
  forbidden: 'Somebody with an admin token can give yours what it lacks.',
  unreachable: 'It is asked again by itself as soon as the server is back.',
  unknown_outcome: 'It may have been saved: look before you try again.',
  busy: 'The server is busy.',
  changed: 'Look at it again before you go on.',
};

export function FailurePanel({ failure, onRetry, what }: { failure: Failure; onRetry?: () => void; what?: string }) {
  return (
    <div class="panel-message failure" role="alert">
      <Icon name="warning" />
      <div>
        <p>
          <strong>{what ? `${what}: ` : ''}</strong>
          <bdi>{failure.message}</bdi>
        </p>
        {advice[failure.kind] && <p class="muted">{advice[failure.kind]}</p>}
        <p class="row">
          {onRetry && (
            <button type="button" onClick={onRetry}>
              Retry
            </button>
          )}
          {failure.requestId && (
            <button type="button" class="link" title="Copy the number of the request, for whoever runs the server" onClick={() => copyText(failure.requestId ?? '')}>
              request {failure.requestId}
            </button>
          )}
        </p>
      </div>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="panel-message empty">
      <Icon name="box" />
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}

/** Shows a resource in whichever state it is; newer data replaces older, which stays dimmed meanwhile. */
export function Loaded<T>({ from, lines, what, children }: { from: Resource<T>; lines?: number; what?: string; children: (data: T) => ComponentChildren }) {
  if (from.data === undefined)
    return from.failure ? <FailurePanel failure={from.failure} what={what} onRetry={from.reload} /> : <Skeleton lines={lines} />;
  return (
    <div class={from.isLoading ? 'is-stale' : undefined} aria-busy={from.isLoading}>
      {from.failure && <FailurePanel failure={from.failure} what={what} onRetry={from.reload} />}
      {children(from.data)}
    </div>
  );
}
