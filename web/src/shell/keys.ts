// The one registry of shortcuts. The help and the palette are made of it.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { preferences } from './stored';

export interface Key {
  /** 'Mod+k', '/', or two keys in a row: 'g r'. Mod is Ctrl, and Cmd on a Mac. */
  keys: string;
  label: string;
  group: string;
  /** Absent where the part that has the focus handles it by itself; then it only stands in the help. */
  run?: () => void;
  /** Offered in the palette as an action, too. */
  isAction?: boolean;
}

export const bindings = signal<readonly Key[]>([]);
export const singleKeysWork = signal(preferences.get('single-keys') !== 'off');

export function setSingleKeys(work: boolean) {
  singleKeysWork.value = work;
  preferences.set('single-keys', work ? null : 'off');
}

/** Makes shortcuts known for as long as a component is shown. */
export function useKeys(keys: Key[]) {
  const latest = useRef(keys);
  latest.current = keys;
  const names = keys.map((each) => each.keys + each.label).join('|');
  useEffect(() => {
    const stable = latest.current.map((key, index): Key => ({
      ...key,
      run: key.run && (() => latest.current[index]?.run?.()),
    }));
    bindings.value = [...bindings.value, ...stable];
    return () => {
      bindings.value = bindings.value.filter((each) => !stable.includes(each));
    };
  }, [names]);
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
export const shownKeys = (keys: string) =>
  keys.split(/[ +]/).map((each) => (each === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : each.length === 1 ? each.toUpperCase() : each));

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
}

let first = '';
let firstAt = 0;

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing) return;
  const withMod = isMac ? event.metaKey : event.ctrlKey;
  const isOpenDialog = document.querySelector('dialog:modal') !== null;
  let pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.shiftKey && /^[a-z]$/.test(pressed)) pressed = `Shift+${pressed}`;
  if (withMod) pressed = `Mod+${pressed}`;
  else if (event.ctrlKey || event.altKey || event.metaKey) return;
  else if (isTyping(event.target) || !singleKeysWork.value || isOpenDialog) return;

  const sequence = first && performance.now() - firstAt < 1200 ? `${first} ${pressed}` : pressed;
  // The newest comes first, so a dialog's key wins over the page's.
  const known = bindings.value.findLast((each) => each.run && each.keys === sequence);
  if (known) {
    // Undoing and saving belong to the field while somebody types, unless a form says otherwise.
    if (known.keys === 'Mod+z' && isTyping(event.target)) return;
    if (isOpenDialog && !['Mod+k', 'Mod+Enter'].includes(known.keys)) return;
    event.preventDefault();
    first = '';
    known.run?.();
    return;
  }
  first = bindings.value.some((each) => each.keys.startsWith(`${pressed} `)) ? pressed : '';
  firstAt = performance.now();
}
addEventListener('keydown', onKeyDown);
