// Browsers may refuse storage altogether; then a preference lasts as long as the page.
function guarded(storage: () => Storage) {
  const kept = new Map<string, string>();
  return {
    get(key: string): string | null {
      try {
        return storage().getItem(`headwater.${key}`);
      } catch {
        return kept.get(key) ?? null;
      }
    },
    set(key: string, value: string | null) {
      if (value === null) kept.delete(key);
      else kept.set(key, value);
      try {
        if (value === null) storage().removeItem(`headwater.${key}`);
        else storage().setItem(`headwater.${key}`, value);
      } catch {
        // Kept above, for this page.
      }
    },
  };
}

/** For this browser: looks and habits, nothing of the data. */
export const preferences = guarded(() => localStorage);
/** For this tab: the token, if the user asked for it. */
export const tab = guarded(() => sessionStorage);
