// Copies of the whole log in the server's directory.
import { useEffect, useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { asFailure, type Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import { bytes, count } from '../../formats';
import { Empty, FailurePanel, Loaded } from '../../parts/states';
import { Time } from '../../parts/text';
import { say } from '../../shell/toasts';

export function Snapshots() {
  const list = useResource('snapshots', (signal) => ask(api.GET('/snapshots', { signal })));
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  const isRunning = list.data?.last_attempt?.state === 'running';
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(list.reload, 2000);
    return () => clearInterval(timer);
  }, [isRunning]);

  const make = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const attempt = await ask(api.POST('/snapshots'));
      say(attempt?.state === 'complete' ? 'The snapshot is made and verified' : 'The snapshot is being made');
      list.reload();
    } catch (error) {
      setFailure(asFailure(error));
    }
    setBusy(false);
  };
  const button = (
    <button type="button" class="primary" disabled={isBusy || isRunning} onClick={make}>
      {isBusy || isRunning ? 'Making one…' : 'Make a snapshot'}
    </button>
  );
  return (
    <section class="card">
      <div class="row spread">
        <h2>Snapshots</h2>
        {list.data?.snapshots?.length !== 0 && button}
      </div>
      {failure && <FailurePanel failure={failure} />}
      {list.data?.last_attempt?.state === 'failed' && (
        <p class="note">
          The last one failed: <bdi>{list.data.last_attempt.error}</bdi>
        </p>
      )}
      <Loaded from={list} what="Snapshots">
        {({ snapshots = [] }) =>
          snapshots.length === 0 ? (
            <Empty title="No snapshot yet">
              <p>A snapshot is a verified copy of the whole log. Copy it to another machine, and a lost disk loses nothing.</p>
              {button}
            </Empty>
          ) : (
            <table class="plain">
              <thead>
                <tr>
                  <th>Made</th>
                  <th>Name</th>
                  <th class="number">Events</th>
                  <th class="number">Size</th>
                  <th class="number">Takes on disk</th>
                </tr>
              </thead>
              <tbody>
                {snapshots.toReversed().map((each) => (
                  <tr key={each.name}>
                    <td data-label="Made">{each.created_at && <Time at={each.created_at} />}</td>
                    <td data-label="Name">
                      <code>{each.name}</code>
                    </td>
                    <td class="number" data-label="Events">{count(each.position)}</td>
                    <td class="number" data-label="Size">{bytes(each.bytes ?? 0)}</td>
                    <td class="number" data-label="Takes on disk" title="The rest is shared with the log or with other snapshots">
                      {bytes((each.bytes ?? 0) - (each.bytes_shared ?? 0))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      <p class="muted">Checking, restoring and deleting one is done on the command line: <code>headwater snapshot --help</code></p>
    </section>
  );
}
