// Field-level old -> new, for one event or one rule.
import { useState } from 'preact/hooks';
import { useResource } from '../api/resource';
import { count } from '../formats';
import { Value } from '../parts/text';
import { fieldWord, valueWord } from '../words';
import { changeWords, type DiffRow, diffRows, readDiff } from './diff';
import type { LogEvent } from './events';
import type { RuleName } from './restore';

export function Changes({ changes, most = 12 }: { changes: [string, unknown, unknown][]; most?: number }) {
  return (
    <ul class="changes field-changes">
      {changes.slice(0, most).map(([name, from, to]) => (
        <li key={name}>
          <span class="muted">{fieldWord(name)}</span>{' '}
          <span>
            {from !== undefined && to !== undefined && (
              <>
                <Value isOld text={valueWord(from)} /> <span class="muted">→</span>{' '}
              </>
            )}
            <Value text={valueWord(to === undefined ? from : to)} />
          </span>
        </li>
      ))}
      {changes.length > most && <li class="muted">and {changes.length - most} more</li>}
    </ul>
  );
}

const fewRows = 12;

/** What an event changed, or what it changed of one rule: events carry only the new state, so the server is asked. */
export function EventChanges({ account, event, rule }: { account: string; event: LogEvent; rule?: RuleName }) {
  const diff = useResource(`${account} ${event.sequence}`, (signal) => readDiff(account, event.sequence - 1, event.sequence, signal));
  if (diff.failure) return <p class="muted">{diff.failure.message}</p>;
  if (!diff.data) return <p class="muted changes">…</p>;
  return <RowChanges rows={diffRows(diff.data).filter((each) => !rule || (each.kind === rule.kind && each.id === rule.id))} />;
}

export function RowChanges({ rows }: { rows: DiffRow[] }) {
  const [most, setMost] = useState(fewRows);
  const only = rows.length === 1 ? rows[0] : undefined;
  if (only) return <Changes changes={only.changes} />;
  return (
    <>
      <ul class="changes many-changes">
        {rows.slice(0, most).map((each) => (
          <li key={`${each.kind}${each.id}`}>
            <span class="muted">{each.what === 'changed' ? '' : changeWords[each.what]}</span> <bdi>{each.subject || `${each.kind} ${each.id ?? ''}`}</bdi>
            {each.what === 'changed' && <Changes changes={each.changes} />}
          </li>
        ))}
      </ul>
      {rows.length > most && (
        <button type="button" class="link" onClick={() => setMost(most + 200)}>
          {rows.length - most > 200 ? 'Show 200 more' : `Show the other ${count(rows.length - most)}`}
        </button>
      )}
    </>
  );
}
