// The websites and tools that push, each with a dot for its health.
import { useState } from 'preact/hooks';
import { answered, api } from '../../api/client';
import { asFailure, type Failure } from '../../api/failure';
import { type Resource, useResource } from '../../api/resource';
import { apiRoot } from '../../base';
import { CopyLine } from '../../parts/copy';
import { Dialog } from '../../parts/dialog';
import { DraftNote } from '../../parts/draft_note';
import { Field } from '../../parts/field';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { Empty, FailurePanel, Loaded } from '../../parts/states';
import { Host } from '../../parts/text';
import { useDraft } from '../../shell/drafts';
import { go, pathWith } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { type Connection, readBatches } from './data';
import { healthOf, type Provider, providers, providerWord, pushLine } from './health';

export const connectionPath = (account: string, id: string) => pathWith({ path: `/a/${encodeURIComponent(account)}/ai/connections/${encodeURIComponent(id)}` });

interface Properties {
  account: string;
  brand: number;
  connections: Resource<Connection[]>;
  isOnly?: boolean;
}

export function Connections({ account, brand, connections, isOnly }: Properties) {
  const [isAdding, setAdding] = useState(false);
  const dialog = isAdding && <NewConnection brand={brand} onClose={() => setAdding(false)} onMade={(made) => { connections.reload(); go(connectionPath(account, made.id)); }} />;
  if (isOnly)
    return (
      <Empty title="Connect an analytics tool">
        <p>How many visitors ChatGPT and the like send you, to which pages and with what revenue. An analytics tool exports visits by referrer and page; those from AI assistants are kept here, day by day.</p>
        {canWrite.value ? (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            Connect a tool
          </button>
        ) : (
          <p>Your token may look but not change: an editor can connect one.</p>
        )}
        {canWrite.value && (
          <>
            <p>Once it is connected, this command sends an export:</p>
            <CopyLine label="Command that sends an export" text={pushLine(apiRoot, brand, 'CONNECTION')} />
          </>
        )}
        {dialog}
      </Empty>
    );
  return (
    <section class="card" aria-label="Connections">
      <div class="row spread">
        <h2>Connections</h2>
        {canWrite.value && (
          <button type="button" class="chip" onClick={() => setAdding(true)}>
            <Icon name="plus" /> Connect a tool
          </button>
        )}
      </div>
      <Loaded from={connections} lines={3} what="Connections">
        {(list) => (
          <ul class="connections">
            {list.map((each) => (
              <ConnectionRow key={each.id} account={account} brand={brand} connection={each} />
            ))}
          </ul>
        )}
      </Loaded>
      {dialog}
    </section>
  );
}

function ConnectionRow({ account, brand, connection }: { account: string; brand: number; connection: Connection }) {
  const { id } = connection;
  const last = useResource(`last batch ${id}`, (signal) => readBatches(brand, id, 1, signal));
  const health = healthOf(connection, last.data?.[0]);
  return (
    <li>
      <Link to={connectionPath(account, id)} class="connection">
        <span class={`dot dot-${health.tone}`} aria-hidden="true" />
        <span class="connection-text">
          <Host name={connection.website.replace(/^https?:\/\//, '')} /> <span class="muted">{providerWord(connection.provider)}</span>
          <br />
          <small class={health.tone === 'good' || health.tone === 'off' ? 'muted' : health.tone}>
            <bdi>{health.words}</bdi>
          </small>
        </span>
        <Icon name="right" />
      </Link>
    </li>
  );
}

const blankConnection = { website: '', provider: 'google_analytics' as Provider };

function NewConnection({ brand, onClose, onMade }: { brand: number; onClose: () => void; onMade: (made: Connection) => void }) {
  const draft = useDraft(`connection ${brand}`, 'the new connection', blankConnection, (held) => held.website !== '');
  const { website, provider } = draft.value;
  const put = (change: Partial<typeof blankConnection>) => draft.set((before) => ({ ...before, ...change }));
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const { data } = await answered(api.POST('/{brand_id}/ai-referrals/connections', { params: { path: { brand_id: brand } }, body: { website, provider } }));
      draft.settle(() => blankConnection);
      onMade(data);
    } catch (error) {
      setFailure(asFailure(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Connect a tool" onClose={onClose}>
      <form class="stack" noValidate onSubmit={submit}>
        <DraftNote isShown={draft.isBack} onDiscard={() => draft.settle(() => blankConnection)} />
        {failure && failure.faults.length === 0 && <FailurePanel failure={failure} />}
        <Field label="Website" type="url" value={website} placeholder="https://www.example.com" onInput={(text) => put({ website: text })} fault={failure?.at('website')} isRequired hasFocus />
        <Field label="Tool" value={provider} options={providers} onInput={(chosen) => put({ provider: providers.find(([each]) => each === chosen)?.[0] ?? 'custom' })} fault={failure?.at('provider')} />
        <footer class="dialog-foot">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isBusy}>
            Connect
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
