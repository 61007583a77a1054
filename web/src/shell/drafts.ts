// What was typed into a form and not saved. It outlives the form, so that a click elsewhere loses nothing: whoever opens
// the form again finds it. Only in memory: a page that is closed asks first.
import { useLayoutEffect, useRef } from 'preact/hooks';

const drafts = new Map<string, unknown>();

export const draftOf = <T>(key: string): T | undefined => drafts.get(key) as T | undefined;
export const hasDrafts = () => drafts.size > 0;
export const dropDrafts = () => drafts.clear();

/** Keeps what is typed under the key for as long as it differs from what is saved. */
export function useDraft<T>(key: string, typed: T, isUnsaved: boolean) {
  const first = useRef(true);
  // At once: an effect that waits for the next frame is forgotten if the form is left before it.
  useLayoutEffect(() => {
    // A form that has just opened has not looked for its draft yet.
    if (first.current) first.current = false;
    else if (!isUnsaved) drafts.delete(key);
    if (isUnsaved) drafts.set(key, typed);
  });
}

export const dropDraft = (key: string) => drafts.delete(key);

addEventListener('beforeunload', (event) => {
  if (hasDrafts()) event.preventDefault();
});
