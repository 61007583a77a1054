// The rules as they were at a version: what differs from now, and how to have it back.
import { useState } from 'preact/hooks';
import { api, ask, fetchRaw } from '../../api/client';
import { takes } from '../../api/features';
import { asFailure, type Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import { Changes } from '../../log/changes';
import { type DiffRow, diffRows, readDiff } from '../../log/diff';
import type { LogEvent } from '../../log/events';
import { count } from '../../formats';
import { Dialog } from '../../parts/dialog';
import { Icon } from '../../parts/icon';
import { FailurePanel, Loaded, Skeleton } from '../../parts/states';
import { Host, Time } from '../../parts/text';
import { canWrite } from '../../shell/session';
import { say, sayFailure } from '../../shell/toasts';
import { kindWords } from '../../words';
import { changeRule, createRule, removeRule, versionNow } from '../rules/calls';
import { apiKinds, defaultsOf } from '../rules/model';

interface Properties {
  account: string;
  version: number;
  event?: LogEvent;
  onRestored: () => void;
}

const backWords = { added: 'take away', removed: 'bring back', changed: 'change back' } as const;

/** Puts one rule back as it was. Under its own number where the server can, or where the rule is still there. */
async function restoreOne(account: string, version: number, row: DiffRow) {
  if (row.kind === 'settings' || row.id === null) {
    const set = Object.fromEntries(row.changes.map(([name, from]) => [name, from]));
    await fetchRaw(`/accounts/${encodeURIComponent(account)}/attribution`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(set) });
  } else if (takes('/accounts/{account_id}/restore-rules', 'post', 'rules'))
    await fetchRaw(`/accounts/${encodeURIComponent(account)}/restore-rules?as_of=${version}&rules=${apiKinds[row.kind]}:${row.id}`, { method: 'POST' });
  else if (row.what === 'added') await removeRule(account, row.kind, row.id);
  else if (row.what === 'changed') await changeRule(account, row.kind, row.id, Object.fromEntries(row.changes.map(([name, from]) => [name, from ?? ''])));
  else await createRule(account, row.kind, Object.fromEntries(Object.keys(defaultsOf[row.kind]).map((name) => [name, row.values[name]])));
}

export function AsOf({ account, version, event, onRestored }: Properties) {
  const state = useResource(`${account} ${version} state`, (signal) =>
    ask(api.GET('/accounts/{account_id}/state', { params: { path: { account_id: account }, query: { as_of: String(version) } }, signal })),
  );
  const diff = useResource(`${account} ${version} diff`, (signal) => readDiff(account, version, undefined, signal));
  const [isAsking, setAsking] = useState(false);

  const one = async (row: DiffRow) => {
    try {
      await restoreOne(account, version, row);
      say(row.id === null ? 'The settings are as they were' : `${row.kind === 'settings' ? '' : kindWords[row.kind]} ${row.id} is as it was`);
      diff.reload();
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
          {count(state.data.referrer_mappings.total)} mappings ({count(state.data.referrer_mappings.active_count)} on), {count(state.data.passthrough_referrers.total)} passthrough referrers (
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
                  <span class={`badge ${row.what === 'added' ? 'badge-accent' : row.what === 'removed' ? 'badge-bad' : 'badge-warn'}`}>{row.what}</span>
                  <div>
                    <p>
                      {row.kind === 'settings' ? 'Settings of attribution' : `${kindWords[row.kind]} ${row.id}`} <Host name={row.subject} />{' '}
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
                  {canWrite.value && (
                    <button type="button" class="chip" onClick={() => one(row)}>
                      {backWords[row.what]}
                    </button>
                  )}
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

interface Outcome {
  passthrough_referrers: Record<'added' | 'changed' | 'removed', number>;
  referrer_mappings: Record<'added' | 'changed' | 'removed', number>;
  attribution: { changed: boolean };
}

const restore = async (account: string, version: number, isDry: boolean, signal?: AbortSignal): Promise<Outcome> =>
  (await (await fetchRaw(`/accounts/${encodeURIComponent(account)}/restore-rules?as_of=${version}&dry_run=${isDry}`, { method: 'POST', signal })).json()).data;

function RestoreAll({ account, version, onClose, onRestored }: { account: string; version: number; onClose: () => void; onRestored: () => void }) {
  const look = useResource(`${account} ${version} dry`, (signal) => restore(account, version, true, signal));
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const before = await versionNow(account);
      await restore(account, version, false);
      say(`All rules are as they were at version ${version}`, {
        undo: async () => {
          await restore(account, before, false);
          onRestored();
        },
      });
      onRestored();
    } catch (error) {
      setFailure(asFailure(error));
      setBusy(false);
    }
  };
  const part = (name: string, counts: Outcome['referrer_mappings']) => (
    <tr>
      <th scope="row">{name}</th>
      <td class="number" data-label="Brought back">{count(counts.added)}</td>
      <td class="number" data-label="Changed back">{count(counts.changed)}</td>
      <td class="number" data-label="Taken away">{count(counts.removed)}</td>
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
                <th class="number">Taken away</th>
              </tr>
            </thead>
            <tbody>
              {part('Mappings', look.data.referrer_mappings)}
              {part('Passthrough', look.data.passthrough_referrers)}
            </tbody>
          </table>
          <p class="muted">{look.data.attribution.changed ? 'The settings of attribution change back, too. ' : ''}It is a change like any other: nothing of the history is lost, and it can be undone.</p>
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
