// How the server is, from /readyz and from differences of /metrics.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fetchRaw } from '../../api/client';
import { asFailure, type Failure, isCancelled } from '../../api/failure';
import { useResource } from '../../api/resource';
import type { components } from '../../api/schema';
import { bytes, count, duration, share } from '../../formats';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { FailurePanel, Skeleton } from '../../parts/states';
import { Time } from '../../parts/text';
import { byRoute, rates, sample, samples, traffic } from './metrics';

type Ready = components['schemas']['Readiness'];

async function readReady(signal: AbortSignal): Promise<Ready> {
  try {
    return (await (await fetchRaw('/readyz', { signal })).json()).data;
  } catch (error) {
    const failure = asFailure(error);
    if (isCancelled(error) || failure.kind === 'unreachable') throw error;
    return { status: failure.message }; // 503 says why it is not ready
  }
}

function Sparkline({ values, label }: { values: number[]; label: string }) {
  const most = Math.max(1e-9, ...values);
  const points = values.map((value, index) => `${(index / Math.max(1, values.length - 1)) * 120},${30 - (value / most) * 26}`).join(' ');
  return (
    <svg class="sparkline" viewBox="0 0 120 32" preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={points} />
    </svg>
  );
}

function Card({ name, value, note, tone }: { name: string; value: ComponentChildren; note?: ComponentChildren; tone?: 'warn' | 'bad' }) {
  return (
    <div class={`card health-card ${tone ? `tone-${tone}` : ''}`}>
      <p class="muted">{name}</p>
      <p class="health-value">{value}</p>
      {note && <p class="muted health-note">{note}</p>}
    </div>
  );
}

export function HealthView() {
  const [failure, setFailure] = useState<Failure>();
  const [round, setRound] = useState(0);
  const ready = useResource(`ready ${Math.floor(round / 6)}`, readReady);

  useEffect(() => {
    const cancel = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      try {
        await sample(cancel.signal);
        setFailure(undefined);
        setRound((value) => value + 1);
      } catch (error) {
        if (!isCancelled(error)) setFailure(asFailure(error));
      }
    };
    ask();
    const timer = setInterval(ask, 5000);
    return () => {
      clearInterval(timer);
      cancel.abort();
    };
  }, []);

  const list = samples.value;
  const now = list.at(-1);
  if (!now) return failure ? <FailurePanel failure={failure} what="/metrics" /> : <Skeleton />;
  const value = (name: string) => now.values.get(name);
  const labelled = (name: string) => now.series.filter((each) => each.name === name).reduce((sum, each) => sum + each.value, 0);
  // The last minute, or as much of it as has been seen.
  const from = list.find((each) => each.at >= now.at - 60_000) ?? now;
  const recent = list.length > 1 ? traffic(from, now) : null;
  const oldest = list[0] ?? now;
  const snapshotAt = value('headwater_snapshot_last_success_timestamp_seconds') ?? 0;
  const snapshotAge = snapshotAt > 0 ? now.at / 1000 - snapshotAt : null;
  const checkpointAt = value('headwater_checkpoint_time_seconds') ?? 0;
  const started = value('process_start_time_seconds');
  const version = now.series.find((each) => each.name === 'headwater_build_info')?.labels.version;
  const diskFree = value('headwater_disk_free_bytes');
  const diskSize = value('headwater_disk_size_bytes');
  const memory = value('process_resident_memory_bytes');
  const alerts = [
    value('headwater_journal_stopped') ? 'The journal has stopped: nothing can be changed.' : null,
    value('headwater_disk_below_low_water') ? 'The disk is almost full: changes that add are refused.' : null,
    ready.data && ready.data.status !== 'ready' ? `The server says: ${ready.data.status}` : null,
    ready.data?.storage_errors ? `${count(ready.data.storage_errors.count)} storage errors, the last: ${ready.data.storage_errors.last}` : null,
    (value('headwater_snapshot_failures_total') ?? 0) > 0 ? `${count(value('headwater_snapshot_failures_total'))} snapshots failed.` : null,
    labelled('headwater_clock_jumps_total') > 0 ? `The clock has jumped ${count(labelled('headwater_clock_jumps_total'))} times.` : null,
  ].filter((each) => each !== null);
  const behind = (value('headwater_merkle_tree_size') ?? 0) - (value('headwater_checkpoint_size') ?? 0);
  const routes = list.length > 1 ? byRoute(oldest, now) : [];

  return (
    <div class="stack">
      <p class="row">
        {alerts.length === 0 ? (
          <span class="badge badge-good">
            <Icon name="check" /> ready
          </span>
        ) : (
          <span class="badge badge-bad">
            <Icon name="warning" /> needs care
          </span>
        )}
        {started !== undefined && (
          <span class="muted">
            running for {duration(Math.max(1, now.at / 1000 - started))}, since <Time at={started * 1000} isRelative={false} />
            {version && ` · version ${version}`} · measured every 5 s while this page is open
          </span>
        )}
      </p>
      {failure && <FailurePanel failure={failure} what="/metrics" />}
      {alerts.map((each) => (
        <p key={each} class="note">
          <bdi>{each}</bdi>
        </p>
      ))}
      <div class="health-cards">
        <Card name="Requests a second" value={recent ? (recent.perSecond < 10 ? recent.perSecond.toFixed(1) : count(Math.round(recent.perSecond))) : 'measuring'} note={<Sparkline values={rates(list)} label="Requests a second since this page is open" />} />
        <Card name="Usual time to answer" value={recent?.median ? duration(recent.median) : '–'} note={recent?.slow ? `half are faster; 99 of 100 take at most ${duration(recent.slow)}` : recent ? 'no requests in the last minute' : 'known after 5 s'} />
        <Card name="Failed requests" value={recent ? share(recent.errors) : 'measuring'} note="by the server's fault (status 500 and above), in the last minute" tone={recent && recent.errors > 0.001 ? 'bad' : undefined} />
        <Card name="Connections" value={count(value('headwater_http_connections'))} note={`${count(value('headwater_http_in_flight'))} requests being answered; room for ${count(value('headwater_http_connections_limit'))} connections`} />
        <Card
          name="Last snapshot"
          value={snapshotAt > 0 ? <Time at={snapshotAt * 1000} /> : 'none yet'}
          note={<Link to="/ops/snapshots">{snapshotAt > 0 ? 'All snapshots' : 'Make the first one'}</Link>}
          tone={snapshotAge === null || snapshotAge > 7 * 86_400 ? 'warn' : undefined}
        />
        <Card name="Last checkpoint" value={checkpointAt > 0 ? <Time at={checkpointAt * 1000} /> : 'none yet'} note={behind > 0 ? `${count(behind)} events are not signed yet` : `all ${count(value('headwater_checkpoint_size'))} events signed`} />
        <Card name="Memory" value={memory === undefined ? '–' : bytes(memory)} note="of the whole program" />
        <Card name="Disk left" value={diskFree === undefined ? '–' : bytes(diskFree)} tone={value('headwater_disk_below_low_water') ? 'bad' : undefined} note={diskFree !== undefined && diskSize ? `${share(diskFree / diskSize)} of ${bytes(diskSize)}` : 'beside the data'} />
        <Card name="Accounts in memory" value={count(value('headwater_accounts_loaded'))} note={`${count(value('headwater_journal_events_total'))} events written since the start`} />
      </div>
      {routes.length > 0 && (
        <section class="card">
          <h2>By kind of request, since this page is open</h2>
          <div class="table-frame">
            <table class="plain">
              <thead>
                <tr>
                  <th>Request</th>
                  <th class="number">A second</th>
                  <th class="number">Usual time</th>
                  <th class="number">99 of 100 within</th>
                  <th class="number">Failed</th>
                </tr>
              </thead>
              <tbody>
                {routes.slice(0, 20).map((each) => (
                  <tr key={each.route}>
                    <td data-label="Request">
                      <code>{each.route}</code>
                    </td>
                    <td class="number" data-label="A second">{each.perSecond.toFixed(2)}</td>
                    <td class="number" data-label="Usual time">{each.median === null ? '–' : duration(each.median)}</td>
                    <td class="number" data-label="99 of 100 within">{each.slow === null ? '–' : duration(each.slow)}</td>
                    <td class="number" data-label="Failed">{share(each.errors)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      {ready.data?.lists && (
        <details class="card">
          <summary>Lists of known sites that this server goes by ({ready.data.lists.length})</summary>
          <table class="plain">
            <tbody>
              {ready.data.lists.map((each) => (
                <tr key={each.file}>
                  <td data-label="List">{each.title}</td>
                  <td class="number" data-label="Entries">{count(each.entries)}</td>
                  <td data-label="Of">{each.date}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </div>
  );
}
