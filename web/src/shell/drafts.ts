// What is typed and not saved, by form: it outlives the form, and is there again when the form is. In memory only, so
// whoever closes the page is asked first.
import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { go, pathWith } from './place';
import { token } from './session';
import { say, unsay } from './toasts';

interface Kept {
  value: unknown;
  /** Where its form is. */
  path: string;
}
const kept = new Map<string, Kept>();

export const isAnythingUnsaved = () => kept.size > 0;

addEventListener('beforeunload', (event) => isAnythingUnsaved() && event.preventDefault());
// What somebody typed is not for whoever signs in next.
effect(() => {
  if (token.value === null) kept.clear();
});

export interface Draft<T> {
  value: T;
  set: (change: (before: T) => T) => void;
  /** The form was left before, and this is what was typed then. */
  isBack: boolean;
  /** It is saved, or not wanted. */
  settle: (change: (before: T) => T) => void;
}

/** What a form holds. `word` is what it is about: "Mapping 12". */
export function useDraft<T>(called: string, word: string, saved: T, isUnsaved: (value: T) => boolean): Draft<T> {
  const [name] = useState(called);
  const [isBack, setBack] = useState(() => kept.has(name));
  const [value, setValue] = useState<T>(() => (kept.get(name)?.value as T | undefined) ?? saved);
  const latest = useRef(value);
  useEffect(() => {
    unsay(name);
    return () => {
      const left = kept.get(name);
      if (left) say(`Not saved: ${word}. What you typed is kept.`, { about: name, action: { word: 'Go back', run: () => go(left.path) } });
    };
  }, []);
  // At once, since a save may be answered after its form was left.
  const set = (change: (before: T) => T) => {
    const next = change((kept.get(name)?.value as T | undefined) ?? latest.current);
    latest.current = next;
    if (isUnsaved(next)) kept.set(name, { value: next, path: kept.get(name)?.path ?? pathWith({}) });
    else kept.delete(name);
    setValue(next);
  };
  const settle = (change: (before: T) => T) => {
    set(change);
    setBack(false);
  };
  return { value, set, isBack, settle };
}
