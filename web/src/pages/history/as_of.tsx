// The rules as they were at a version: what differs from now, and how to have it back.
import { useState } from 'preact/hooks';
import { answered, api, ask } from '../../api/client';
import { asFailure, type Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import { Changes } from '../../log/changes';
import { changeWords, type DiffRow, diffRows, readDiff } from '../../log/diff';
import type { LogEvent } from '../../log/events';
import { changesOf, restoreAll, type RestoreOutcome } from '../../log/restore';
import { RestoreButton } from '../../log/restore_button';
import { count } from '../../formats';
import { Dialog } from '../../parts/dialog';
import { Icon } from '../../parts/icon';
import { FailurePanel, Loaded, Skeleton } from '../../parts/states';
import { Host, Time } from '../../parts/text';
import { canWrite } from '../../shell/session';
import { say, sayFailure } from '../../shell/toasts';
import { kindWords } from '../../words';

interface Properties {
  account: string;
  version: number;
  event?: LogEvent;
  /** After everything was restored. */
  onRestored: () => void;
  /** After one thing was: the page stays where it is. */
  onChanged: () => void;
}

const backWords = { added: 'delete', removed: 'bring back', changed: 'change back' } as const;

/** Settings are put back one by one: a restore of chosen rules leaves them alone. */
async function restoreSettings(account: string, row: DiffRow) {
  const body = Object.fromEntries(row.changes.map(([name, from]) => [name, from]));
  await answered(api.PATCH('/accounts/{account_id}/attribution', { params: { path: { account_id: account } }, body }));
}

export function AsOf({ account, version, event, onRestored, onChanged: changed }: Properties) {
  const state = useResource(`${account} ${version} state`, (signal) =>
    ask(api.GET('/accounts/{account_id}/state', { params: { path: { account_id: account }, query: { as_of: String(version) } }, signal })),
  );
  const diff = useResource(`${account} ${version} diff`, (signal) => readDiff(account, version, undefined, signal));
  const [isAsking, setAsking] = useState(false);

  const onChanged = () => {
    diff.reload();
    changed();
  };
  const settings = async (row: DiffRow) => {
    try {
      await restoreSettings(account, row);
      say('The settings are as they were');
      onChanged();
    } catch (error) {
      sayFailure(error);
    }
  };

  return (
    <section class="card as-of" aria-label="As of then">
      <div class="row spread">
        <h2>
          {event ? (
            <>
              As of <Time at={event.at} isRelative={false} />
            </>
          ) : (
            `Version ${version}`
          )}
        </h2>
        {canWrite.value && diff.data && diffRows(diff.data).length > 0 && (
          <button type="button" class="primary" onClick={() => setAsking(true)}>
            <Icon name="undo" /> Restore all as of here…
          </button>
        )}
      </div>
      {state.data && (
        <p class="muted">
          {count(state.data.referrer_mappings.total)} mappings ({count(state.data.referrer_mappings.active_count)} on), {count(state.data.passthrough_referrers.total)} passthrough rules (
          {count(state.data.passthrough_referrers.active_count)} on). What has changed since:
        </p>
      )}
      <Loaded from={diff} what="Differences">
        {(data) => {
          const rows = diffRows(data);
          if (rows.length === 0) return <p>Nothing: the rules now are as they were then.</p>;
          return (
            <ul class="since">
              {rows.slice(0, 200).map((row) => (
                <li key={`${row.kind} ${row.id}`}>
                  <span class={`badge ${row.what === 'added' ? 'badge-accent' : row.what === 'removed' ? 'badge-bad' : 'badge-warn'}`}>{changeWords[row.what]}</span>
                  <div>
                    <p>
                      {row.kind === 'settings' ? 'Settings' : `${kindWords[row.kind]} ${row.id}`} <Host name={row.subject} />{' '}
                      <span class="muted">
                        {row.by && (
                          <>
                            by <bdi>{row.by}</bdi>
                          </>
                        )}{' '}
                        {row.at && <Time at={row.at} />}
                      </span>
                    </p>
                    {row.what === 'changed' && <Changes changes={row.changes} />}
                  </div>
                  {canWrite.value &&
                    (row.kind === 'settings' || row.id === null ? (
                      <button type="button" class="chip" onClick={() => settings(row)}>
                        <Icon name="undo" /> {backWords[row.what]}
                      </button>
                    ) : (
                      <RestoreButton account={account} rule={{ kind: row.kind, id: row.id }} version={version} word={backWords[row.what]} title="This rule alone" onDone={onChanged} />
                    ))}
                </li>
              ))}
              {rows.length > 200 && <li class="muted">and {count(rows.length - 200)} more</li>}
            </ul>
          );
        }}
      </Loaded>
      {isAsking && <RestoreAll account={account} version={version} onClose={() => setAsking(false)} onRestored={() => { setAsking(false); onRestored(); }} />}
    </section>
  );
}

function RestoreAll({ account, version, onClose, onRestored }: { account: string; version: number; onClose: () => void; onRestored: () => void }) {
  const look = useResource(`${account} ${version} dry`, (signal) => restoreAll(account, version, true, signal));
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const done = await restoreAll(account, version, false);
      const before = done.version - (changesOf(done) > 0 ? 1 : 0);
      say(`All rules are as they were at version ${version}`, {
        undo: async () => {
          await restoreAll(account, before, false);
          onRestored();
        },
      });
      onRestored();
    } catch (error) {
      setFailure(asFailure(error));
      setBusy(false);
    }
  };
  const part = (name: string, counts: RestoreOutcome['referrer_mappings']) => (
    <tr>
      <th scope="row">{name}</th>
      <td class="number" data-label="Brought back">{count(counts.added)}</td>
      <td class="number" data-label="Changed back">{count(counts.changed)}</td>
      <td class="number" data-label="Deleted">{count(counts.removed)}</td>
    </tr>
  );
  return (
    <Dialog title={`Restore all rules as of version ${version}`} onClose={onClose}>
      {look.failure && <FailurePanel failure={look.failure} onRetry={look.reload} />}
      {failure && <FailurePanel failure={failure} />}
      {!look.data && !look.failure && <Skeleton lines={3} />}
      {look.data && (
        <>
          <table class="plain">
            <thead>
              <tr>
                <th>
                  <span class="for-readers">Kind</span>
                </th>
                <th class="number">Brought back</th>
                <th class="number">Changed back</th>
                <th class="number">Deleted</th>
              </tr>
            </thead>
            <tbody>
              {part('Mappings', look.data.referrer_mappings)}
              {part('Passthrough', look.data.passthrough_referrers)}
            </tbody>
          </table>
          <p class="muted">{look.data.attribution.changed ? 'The settings change back, too. ' : ''}It is a change like any other: nothing of the history is lost, and it can be undone.</p>
        </>
      )}
      <footer class="dialog-foot">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="primary" disabled={!look.data || isBusy} onClick={run}>
          Restore
        </button>
      </footer>
    </Dialog>
  );
}
