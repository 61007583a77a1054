// Short messages at the edge of the page. One may offer to undo or to go back, for ten seconds; an undo of many things says how far it
// is, and one that stops in the middle stays, and goes on where it stopped.
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { asFailure } from '../api/failure';
import { count } from '../formats';
import { Icon } from '../parts/icon';
import { useKeys } from './keys';

/** Tells how many of many things are undone. */
export type Tell = (done: number) => void;

interface Said {
  tone?: 'plain' | 'bad';
  undo?: (tell: Tell) => Promise<unknown>;
  /** What else can be done about it. */
  action?: { word: string; run: () => void };
  /** Of how many things the undo consists, if it may take a while. */
  things?: number;
  /** What was changed. A later change of it takes this message away, since its undo would be refused. */
  about?: string;
}
interface Toast extends Said {
  id: number;
  text: string;
  /** What the button of the undo says. */
  word: string;
}

const toasts = signal<Toast[]>([]);
let lastId = 0;

const drop = (id: number) => (toasts.value = toasts.value.filter((each) => each.id !== id));

/** What was said about something does not hold any more. */
export const unsay = (about: string) => (toasts.value = toasts.value.filter((each) => each.about !== about));

/** Stands until it is dropped. */
function show(text: string, said: Said = {}, word = 'Undo'): number {
  const id = ++lastId;
  const others = toasts.value.filter((each) => !said.about || each.about !== said.about);
  toasts.value = [...others.slice(-3), { ...said, id, text, word }];
  return id;
}

export function say(text: string, said: Said = {}) {
  const id = show(text, said);
  setTimeout(() => drop(id), said.undo || said.action || said.tone === 'bad' ? 10_000 : 4_000);
}

const messageOf = (error: unknown) => {
  const failure = asFailure(error);
  return failure.requestId ? `${failure.message} (request ${failure.requestId})` : failure.message;
};
export const sayFailure = (error: unknown) => say(messageOf(error), { tone: 'bad' });

async function undoMany(undo: NonNullable<Said['undo']>, things: number) {
  let done = 0;
  const text = () => `Undoing: ${count(done)} of ${count(things)}`;
  const id = show(text());
  try {
    await undo((now) => {
      done = now;
      toasts.value = toasts.value.map((each) => (each.id === id ? { ...each, text: text() } : each));
    });
    say(`Undone: all ${count(things)} are as they were`);
  } catch (error) {
    show(`Undone: ${count(done)} of ${count(things)}. Then it stopped: ${messageOf(error)}`, { tone: 'bad', undo, things }, 'Go on');
  }
  drop(id);
}

async function runUndo({ id, undo, things }: Toast) {
  drop(id);
  if (!undo) return;
  if (things !== undefined) return undoMany(undo, things);
  try {
    await undo(() => {});
  } catch (error) {
    if (asFailure(error).kind === 'changed') say('Not undone: somebody has changed it since. History can put back what you choose.', { tone: 'bad' });
    else sayFailure(error);
  }
}

export function Toasts() {
  useKeys([
    {
      keys: 'Mod+z',
      label: 'Undo the last change',
      group: 'Rules',
      run: () => {
        const last = toasts.value.findLast((each) => each.undo);
        if (last) runUndo(last);
      },
    },
  ]);
  const box = useRef<HTMLDivElement>(null);
  const isAny = toasts.value.length > 0;
  useLayoutEffect(() => {
    const top = box.current?.getBoundingClientRect().top ?? innerHeight;
    document.documentElement.style.setProperty('--toasts', `${isAny ? Math.ceil(innerHeight - top) : 0}px`);
  }, [toasts.value]);
  return (
    <div ref={box} class="toasts" role="status" aria-live="polite">
      {toasts.value.map((each) => (
        <div key={each.id} class={`toast toast-${each.tone ?? 'plain'}`}>
          <span>{each.text}</span>
          {each.undo && (
            <button type="button" class="link" onClick={() => runUndo(each)}>
              {each.word}
            </button>
          )}
          {each.action && (
            <button type="button" class="link" onClick={() => { drop(each.id); each.action?.run(); }}>
              {each.action.word}
            </button>
          )}
          <button type="button" class="bare" aria-label="Close message" onClick={() => drop(each.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
