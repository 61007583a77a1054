// Signed statements of what the log holds, and the key to check them.
import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { useResource } from '../../api/resource';
import { count } from '../../formats';
import { CopyLine } from '../../parts/copy';
import { Empty, Loaded } from '../../parts/states';

const pageSize = 20;

export function Checkpoints() {
  const [offset, setOffset] = useState(0);
  const key = useResource('checkpoint key', (signal) => ask(api.GET('/checkpoints/key', { signal })));
  const list = useResource(`checkpoints ${offset}`, (signal) => ask(api.GET('/checkpoints', { params: { query: { limit: pageSize, offset } }, signal })));
  return (
    <div class="stack">
      <section class="card stack">
        <h2>Key of this installation</h2>
        <Loaded from={key} lines={1} what="Key">
          {(data) => <CopyLine label="Verifier key" text={data.verifier_key ?? ''} isCode={false} />}
        </Loaded>
        <p class="muted">Keep it, and now and then a checkpoint, where whoever runs this server cannot reach them. Then nobody can rewrite unseen what they cover.</p>
      </section>
      <section class="card">
        <h2>Checkpoints</h2>
        <Loaded from={list} what="Checkpoints">
          {({ checkpoints = [], has_more }) =>
            checkpoints.length === 0 ? (
              <Empty title="No checkpoint has been signed yet">
                <p>The server signs one by itself soon after something has changed. It says how many events there are and what they hash to.</p>
              </Empty>
            ) : (
              <>
                <ul class="checkpoints">
                  {checkpoints.map((each) => (
                    <li key={each.size}>
                      <details>
                        <summary>
                          {count(each.size)} {each.size === 1 ? 'event' : 'events'} <code class="muted">{each.root?.slice(0, 16)}…</code>
                        </summary>
                        <CopyLine label={`Checkpoint of ${each.size} events`} text={each.note?.trimEnd() ?? ''} isCode={false} />
                      </details>
                    </li>
                  ))}
                </ul>
                <p class="row">
                  {offset > 0 && (
                    <button type="button" onClick={() => setOffset(Math.max(0, offset - pageSize))}>
                      Newer
                    </button>
                  )}
                  {has_more && (
                    <button type="button" onClick={() => setOffset(offset + pageSize)}>
                      Older
                    </button>
                  )}
                </p>
              </>
            )
          }
        </Loaded>
      </section>
    </div>
  );
}
