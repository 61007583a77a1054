// All shortcuts that work right now, made of the registry.
import { signal } from '@preact/signals';
import { Dialog } from '../parts/dialog';
import { bindings, type Key, shownKeys } from './keys';

export const isHelpOpen = signal(false);

export function KeyHelp() {
  if (!isHelpOpen.value) return null;
  const groups = new Map<string, Key[]>();
  for (const each of bindings.value) groups.set(each.group, [...(groups.get(each.group) ?? []), each]);
  return (
    <Dialog title="Keys" width="wide" onClose={() => (isHelpOpen.value = false)}>
      <div class="key-help">
        {[...groups].map(([group, keys]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {keys.map((each) => (
                <div key={each.keys + each.label}>
                  <dt>
                    {shownKeys(each.keys).map((key, index) => (
                      <kbd key={index}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{each.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="muted">Single keys do nothing while you type, and can be turned off in the menu at your initials.</p>
    </Dialog>
  );
}
