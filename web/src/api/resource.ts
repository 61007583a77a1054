// Data that a part of a page shows: asked when its key changes, dimmed while newer data is on its way, asked again
// when the server is back or somebody has signed in.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { signIns } from '../shell/session';
import { asFailure, isCancelled, type Failure } from './failure';
import { returns } from './reach';

export interface Resource<T> {
  data: T | undefined;
  failure: Failure | undefined;
  /** Being asked; `data` is what was there before, if anything. */
  isLoading: boolean;
  reload: () => void;
  /** Puts known data in, so that one edit does not fetch everything again. */
  set: (change: (data: T) => T) => void;
}

/** `key` names what is asked for; null asks for nothing. */
export function useResource<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const [state, setState] = useState<{ data?: T; failure?: Failure; isLoading: boolean }>({ isLoading: key !== null });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const again = returns.value + signIns.value;
  const startedAt = useRef(again);
  const hasFailed = state.failure !== undefined;

  useEffect(() => {
    if (key === null) return setState({ isLoading: false });
    startedAt.current = again;
    const cancel = new AbortController();
    setState((before) => ({ data: before.data, failure: before.failure, isLoading: true }));
    latest.current(cancel.signal).then(
      (data) => !cancel.signal.aborted && setState({ data, isLoading: false }),
      (error) => {
        if (cancel.signal.aborted || isCancelled(error)) return;
        setState((before) => ({ data: before.data, failure: asFailure(error), isLoading: false }));
      },
    );
    return () => cancel.abort();
  }, [key, round]);

  // After a lost connection or a sign-in, only what failed is asked again.
  useEffect(() => {
    if (hasFailed && startedAt.current !== again) setRound((value) => value + 1);
  }, [again, hasFailed]);

  const reload = useCallback(() => setRound((value) => value + 1), []);
  const set = useCallback(
    (change: (data: T) => T) =>
      setState((before) => (before.data === undefined ? before : { ...before, data: change(before.data) })),
    [],
  );
  return { data: state.data, failure: state.failure, isLoading: state.isLoading, reload, set };
}
