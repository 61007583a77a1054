// Accounts: making, naming, and erasing them for good.
import { useEffect, useState } from 'preact/hooks';
import { answered, api, ask } from '../../api/client';
import { asFailure, type Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import type { components } from '../../api/schema';
import { count } from '../../formats';
import { Dialog } from '../../parts/dialog';
import { DraftNote } from '../../parts/draft_note';
import { Field } from '../../parts/field';
import { Link } from '../../parts/link';
import { Empty, FailurePanel, Loaded } from '../../parts/states';
import { Time } from '../../parts/text';
import { readAccounts } from '../../shell/accounts';
import { useDraft } from '../../shell/drafts';
import { say } from '../../shell/toasts';

type Account = components['schemas']['Account'];

export function Accounts() {
  const list = useResource('accounts', async (signal) => (await ask(api.GET('/accounts', { signal }))).accounts ?? []);
  const [edited, setEdited] = useState<Account | 'new'>();
  const [erased, setErased] = useState<Account>();
  const [watched, setWatched] = useState<string>();
  const changed = () => {
    list.reload();
    readAccounts();
  };
  return (
    <section class="card">
      <div class="row spread">
        <h2>Accounts</h2>
        <button type="button" class="primary" onClick={() => setEdited('new')}>
          New account
        </button>
      </div>
      {watched && <ErasureProgress id={watched} onDone={() => { setWatched(undefined); changed(); }} />}
      <Loaded from={list} what="Accounts">
        {(accounts) => accounts.length === 0 ? (
          <Empty title="No account yet">
            <p>An account has its own rules, settings, reports and history: one for each company or website whose visits are counted by themselves.</p>
            <button type="button" class="primary" onClick={() => setEdited('new')}>
              Make the first account
            </button>
          </Empty>
        ) : (
          <table class="plain">
            <thead>
              <tr>
                <th>Account</th>
                <th>Id, in requests</th>
                <th>Brand numbers</th>
                <th>Made</th>
                <th>
                  <span class="for-readers">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((each) => (
                <tr key={each.account_id}>
                  <td data-label="Account">
                    <Link to={`/a/${encodeURIComponent(each.account_id)}/rules`}>
                      <bdi>{each.name || each.account_id}</bdi>
                    </Link>
                  </td>
                  <td data-label="Id, in requests">
                    <code>{each.account_id}</code>
                  </td>
                  <td data-label="Brand numbers">{each.brand_ids.join(', ') || <span class="muted">none</span>}</td>
                  <td data-label="Made">
                    <Time at={each.created_at} />
                  </td>
                  <td class="actions">
                    <span class="row">
                      <button type="button" class="chip" onClick={() => setEdited(each)}>
                        Edit
                      </button>
                      <button type="button" class="chip" onClick={() => setErased(each)}>
                        Erase…
                      </button>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {edited && <EditAccount account={edited === 'new' ? null : edited} onClose={() => setEdited(undefined)} onSaved={() => { setEdited(undefined); changed(); }} />}
      {erased && <Erase account={erased} onClose={() => setErased(undefined)} onStarted={() => { setWatched(erased.account_id); setErased(undefined); }} />}
    </section>
  );
}

function EditAccount({ account, onClose, onSaved }: { account: Account | null; onClose: () => void; onSaved: () => void }) {
  const begun = { id: account?.account_id ?? '', name: account?.name ?? '', brands: account?.brand_ids.join(', ') ?? '' };
  const draft = useDraft(`account ${begun.id || 'new'}`, account ? `the account ${account.name || begun.id}` : 'the new account', begun, (held) => JSON.stringify(held) !== JSON.stringify(begun));
  const { id, name, brands } = draft.value;
  const put = (change: Partial<typeof begun>) => draft.set((before) => ({ ...before, ...change }));
  const [failure, setFailure] = useState<Failure>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const brand_ids = brands.split(/[\s,]+/).filter(Boolean).map((each) => (/^\d+$/.test(each) ? Number(each) : (each as never)));
    try {
      if (account) await answered(api.PATCH('/accounts/{account_id}', { params: { path: { account_id: account.account_id } }, body: { name, brand_ids } }));
      else await answered(api.POST('/accounts', { body: { account_id: id, name, brand_ids } }));
      draft.settle(() => begun);
      say(`${name || id} is saved`);
      onSaved();
    } catch (error) {
      setFailure(asFailure(error));
    }
  };
  return (
    <Dialog title={account ? 'Edit the account' : 'New account'} onClose={onClose}>
      <form class="stack" noValidate onSubmit={submit}>
        <DraftNote isShown={draft.isBack} onDiscard={() => draft.settle(() => begun)} />
        {failure && failure.faults.length === 0 && <FailurePanel failure={failure} />}
        <Field label="Id" value={id} onInput={(text) => put({ id: text })} isReadOnly={account !== null} hint={account ? 'Stands in every request, so it stays.' : 'Stands in every request and cannot be changed later: letters, digits, _ and -.'} fault={failure?.at('account_id')} hasFocus={!account} isRequired />
        <Field label="Name" value={name} onInput={(text) => put({ name: text })} fault={failure?.at('name')} hint="What people read." hasFocus={account !== null} />
        <Field label="Brand numbers" value={brands} onInput={(text) => put({ brands: text })} hint="AI referrals are counted under a brand, which is a number. Several are separated by commas." fault={failure?.faults.find((each) => each.field.includes('brand_ids'))?.message} />
        <footer class="dialog-foot">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Erase({ account, onClose, onStarted }: { account: Account; onClose: () => void; onStarted: () => void }) {
  const [typed, setTyped] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const name = account.name || account.account_id;
  const run = async () => {
    try {
      await answered(api.DELETE('/accounts/{account_id}', { params: { path: { account_id: account.account_id } } }));
      onStarted();
    } catch (error) {
      setFailure(asFailure(error));
    }
  };
  return (
    <Dialog title={`Erase ${name} for good?`} onClose={onClose}>
      <div class="stack">
        {failure && <FailurePanel failure={failure} />}
        <p>
          All rules, settings, AI referrals and history of <bdi><strong>{name}</strong></bdi> go, and nothing brings them back. Of each change only its time and its hash stay, so that the history of others can still be proven. Snapshots that hold it have to be deleted by hand.
        </p>
        <Field label={`To go on, type the account's name: ${name}`} value={typed} onInput={setTyped} hasFocus />
      </div>
      <footer class="dialog-foot">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="danger" disabled={typed.trim() !== name.trim()} onClick={run}>
          Erase for good
        </button>
      </footer>
    </Dialog>
  );
}

function ErasureProgress({ id, onDone }: { id: string; onDone: () => void }) {
  const [round, setRound] = useState(0);
  const state = useResource(`erasure ${id} ${round}`, (signal) => ask(api.GET('/accounts/{account_id}/erasure', { params: { path: { account_id: id } }, signal })));
  const isOver = state.data?.finished_at != null;
  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(() => setRound((value) => value + 1), 1500);
    return () => clearInterval(timer);
  }, [isOver]);
  return (
    <div class="note">
      <p>
        Erasing <code>{id}</code>: {state.data?.status ?? '…'}
        {state.data?.events?.total ? `, ${count(state.data.events.erased)} of ${count(state.data.events.total)} events` : ''}
        {state.data?.reason && <bdi> ({state.data.reason})</bdi>}
      </p>
      {(state.data?.snapshots?.length ?? 0) > 0 && (
        <p>
          May still be in snapshots: <bdi>{state.data?.snapshots?.join(', ')}</bdi>
        </p>
      )}
      {isOver && (
        <button type="button" class="link" onClick={onDone}>
          Close
        </button>
      )}
    </div>
  );
}
