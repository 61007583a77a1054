import { useEffect, useState } from 'preact/hooks';

/** Whether a media query holds, now and whenever it changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => setHolds(list.matches);
    update();
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, [query]);
  return holds;
}

export const useIsPhone = () => useMedia('(max-width: 720px)');
/** Not so where fingers are all there is to point with: a phone, where keys would be named in vain. */
export const useHasKeys = () => !useMedia('(hover: none) and (pointer: coarse)');
