// One connection: how it is, what reached it, and how to push.
import { useState } from 'preact/hooks';
import { answered, api } from '../../api/client';
import { useResource } from '../../api/resource';
import { apiRoot } from '../../base';
import { count, day } from '../../formats';
import { CopyLine } from '../../parts/copy';
import { Dialog } from '../../parts/dialog';
import { Link } from '../../parts/link';
import { Empty, Loaded } from '../../parts/states';
import { Time } from '../../parts/text';
import { pathWith } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { say, sayFailure } from '../../shell/toasts';
import { readBatches } from './data';
import { healthOf, providerWord, pushLine } from './health';

export function ConnectionView({ account, brand, id }: { account: string; brand: number; id: string }) {
  const path = { brand_id: brand, connection_id: id };
  const connection = useResource(`connection ${id}`, async (signal) => (await answered(api.GET('/{brand_id}/ai-referrals/connections/{connection_id}', { params: { path }, signal }))).data);
  const batches = useResource(`batches ${id}`, (signal) => readBatches(brand, id, 50, signal));
  const [isAsking, setAsking] = useState(false);
  const overview = pathWith({ path: `/a/${encodeURIComponent(account)}/ai` });

  const disable = async () => {
    setAsking(false);
    try {
      await answered(api.DELETE('/{brand_id}/ai-referrals/connections/{connection_id}', { params: { path } }));
      say('The connection takes no more pushes');
      connection.reload();
    } catch (error) {
      sayFailure(error);
    }
  };

  return (
    <div class="ai-page">
      <Link to={overview}>All AI referrals</Link>
      {!connection.data && <h1 class="for-readers">Connection</h1>}
      <Loaded from={connection} what="Connection">
        {(data) => {
          const health = healthOf(data, batches.data?.[0]);
          return (
            <div class="stack">
              <div class="page-head">
                <h1>
                  <bdi>{data.website.replace(/^https?:\/\//, '')}</bdi>
                </h1>
                <span class="row">
                  <span class={`dot dot-${health.tone}`} aria-hidden="true" /> <bdi>{health.words}</bdi>
                </span>
              </div>
              <section class="card">
                <dl class="pairs">
                  <dt>Tool</dt>
                  <dd>{providerWord(data.provider)}</dd>
                  <dt>Rows</dt>
                  <dd>{count(data.rows)}</dd>
                  <dt>Days</dt>
                  <dd>{data.first_date && data.last_date ? `${day(data.first_date)} – ${day(data.last_date)}` : 'none yet'}</dd>
                  <dt>Connected</dt>
                  <dd>{data.created_at && <Time at={data.created_at} />}</dd>
                  <dt>Id</dt>
                  <dd>
                    <code>{data.id}</code>
                  </dd>
                </dl>
              </section>
              {canWrite.value && data.status === 'active' && (
                <section class="card stack">
                  <h2>Send an export</h2>
                  <p class="muted">Run this where the tool's export lies, by hand or every night. Rows that have come before are counted once.</p>
                  <CopyLine label="Command that sends an export" text={pushLine(apiRoot, brand, id)} />
                </section>
              )}
              <section class="card">
                <h2>Last pushes</h2>
                <Loaded from={batches} what="Pushes">
                  {(list) =>
                    list.length === 0 ? (
                      <Empty title="Nothing has come yet">
                        <p>Each push stands here with what was taken and what was not.{canWrite.value && data.status === 'active' && ' The command above makes the first.'}</p>
                      </Empty>
                    ) : (
                      <table class="plain">
                        <thead>
                          <tr>
                            <th>When</th>
                            <th class="number">Rows taken</th>
                            <th class="number">Had come before</th>
                            <th class="number">Refused</th>
                            <th>Why</th>
                          </tr>
                        </thead>
                        <tbody>
                          {list.map((each) => (
                            <tr key={each.sequence}>
                              <td data-label="When">{each.time && <Time at={each.time} />}</td>
                              <td class="number" data-label="Rows taken">{count(each.accepted)}</td>
                              <td class="number" data-label="Had come before">{count(each.deduplicated)}</td>
                              <td class={`number ${each.rejected ? 'warn' : ''}`} data-label="Refused">{count(each.rejected)}</td>
                              <td data-label="Why">
                                {each.errors && each.errors.length > 0 ? (
                                  <details>
                                    <summary>
                                      <bdi>{each.errors[0]}</bdi>
                                    </summary>
                                    <ul>
                                      {each.errors.slice(1).map((error) => (
                                        <li key={error}>
                                          <bdi>{error}</bdi>
                                        </li>
                                      ))}
                                    </ul>
                                  </details>
                                ) : (
                                  <span class="muted">–</span>
                                )}
                              </td>
                            </tr>
                          ))}
                        </tbody>
                      </table>
                    )
                  }
                </Loaded>
              </section>
              {canWrite.value && data.status === 'active' && (
                <p>
                  <button type="button" class="danger" onClick={() => setAsking(true)}>
                    Turn off…
                  </button>
                </p>
              )}
              {isAsking && (
                <Dialog title="Turn this connection off?" onClose={() => setAsking(false)}>
                  <p>It takes no more pushes. What it has stays in the reports. It cannot be turned on again; a new one can be made.</p>
                  <footer class="dialog-foot">
                    <button type="button" onClick={() => setAsking(false)}>
                      Cancel
                    </button>
                    <button type="button" class="danger" onClick={disable}>
                      Turn off
                    </button>
                  </footer>
                </Dialog>
              )}
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
