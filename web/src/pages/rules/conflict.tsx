// Somebody else changed the rule or the settings meanwhile: for each field that differs, the user picks whose value stays.
import { useState } from 'preact/hooks';
import { fieldWord, valueWord } from '../../words';
import { Time } from '../../parts/text';

export interface ConflictState {
  found: Record<string, unknown>;
  yours: Record<string, unknown>;
  now: Record<string, unknown>;
  etag: string | null;
}

interface Properties {
  /** What was changed: "this rule". */
  what: string;
  /** The fields of which two versions differ. */
  differ: (one: Record<string, unknown>, other: Record<string, unknown>) => string[];
  state: ConflictState;
  isBusy: boolean;
  onSave: (picked: Record<string, unknown>) => void;
  onCancel: () => void;
}

export function Conflict({ what, differ, state, isBusy, onSave, onCancel }: Properties) {
  const { found, yours, now } = state;
  const names = [...new Set([...differ(found, yours), ...differ(found, now)])];
  // Yours where you changed something, theirs where only they did.
  const mine = new Set(differ(found, yours));
  const [picks, setPicks] = useState<Record<string, 'yours' | 'now'>>(Object.fromEntries(names.map((name) => [name, mine.has(name) ? 'yours' : 'now'])));
  const picked = { ...now, ...Object.fromEntries(names.filter((name) => picks[name] === 'yours').map((name) => [name, yours[name]])) };
  return (
    <section class="stack" aria-label="Conflict">
      <p class="note" role="alert">
        Somebody changed {what} {typeof now.updated_at === 'string' && <Time at={now.updated_at} />} while you were editing. Choose what stays.
      </p>
      <table class="plain">
        <thead>
          <tr>
            <th>Field</th>
            <th>You found</th>
            <th>Yours</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <td data-label="Field">{fieldWord(name)}</td>
              <td data-label="You found" class="muted"><bdi>{valueWord(found[name])}</bdi></td>
              {(['yours', 'now'] as const).map((side) => (
                <td key={side} data-label={side === 'yours' ? 'Yours' : 'Now'}>
                  <label class="check">
                    <input type="radio" name={`pick-${name}`} checked={picks[name] === side} onChange={() => setPicks({ ...picks, [name]: side })} />
                    <bdi>{valueWord(state[side][name])}</bdi>
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <footer class="panel-foot">
        <button type="button" class="primary" disabled={isBusy} onClick={() => onSave(picked)}>
          Save
        </button>
        <button type="button" onClick={onCancel}>
          Back to editing
        </button>
      </footer>
    </section>
  );
}
