// Short messages at the edge of the page. One may offer to undo, for ten seconds.
import { signal } from '@preact/signals';
import { asFailure } from '../api/failure';
import { Icon } from '../parts/icon';
import { useKeys } from './keys';

interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  undo?: () => Promise<unknown>;
}

const toasts = signal<Toast[]>([]);
let lastId = 0;

const drop = (id: number) => (toasts.value = toasts.value.filter((each) => each.id !== id));

export function say(text: string, { tone = 'plain', undo }: { tone?: Toast['tone']; undo?: Toast['undo'] } = {}) {
  const id = ++lastId;
  toasts.value = [...toasts.value.slice(-3), { id, text, tone, undo }];
  setTimeout(() => drop(id), undo || tone === 'bad' ? 10_000 : 4_000);
}

export const sayFailure = (error: unknown) => {
  const failure = asFailure(error);
  say(failure.requestId ? `${failure.message} (request ${failure.requestId})` : failure.message, { tone: 'bad' });
};

async function runUndo(toast: Toast) {
  drop(toast.id);
  try {
    await toast.undo?.();
  } catch (error) {
    sayFailure(error);
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
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((each) => (
        <div key={each.id} class={`toast toast-${each.tone}`}>
          <span>{each.text}</span>
          {each.undo && (
            <button type="button" class="link" onClick={() => runUndo(each)}>
              Undo
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
