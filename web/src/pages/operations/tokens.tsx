// API tokens: who has one, and making another. Its secret is shown once.
import { useState } from 'preact/hooks';
import { answered, api, ask } from '../../api/client';
import { asFailure, type Failure } from '../../api/failure';
import type { components } from '../../api/schema';
import { useResource } from '../../api/resource';
import { CopyLine } from '../../parts/copy';
import { Dialog } from '../../parts/dialog';
import { DraftNote } from '../../parts/draft_note';
import { Field } from '../../parts/field';
import { FailurePanel, Loaded } from '../../parts/states';
import { Time } from '../../parts/text';
import { accounts } from '../../shell/accounts';
import { self } from '../../shell/session';
import { useDraft } from '../../shell/drafts';
import { say, sayFailure } from '../../shell/toasts';
import { type Role, roles, roleWord } from '../../words';

type Token = components['schemas']['ApiToken'];
type Created = components['schemas']['CreatedApiToken'];

const accountName = (id: string) => accounts.value.find((each) => each.account_id === id)?.name ?? id;

const readTokens = async (signal: AbortSignal) => (await ask(api.GET('/api-tokens', { signal }))).tokens;

export function Tokens() {
  const tokens = useResource('tokens', readTokens);
  const [made, setMade] = useState<Created>();
  const [revoked, setRevoked] = useState<Token>();
  const [showsOld, setShowsOld] = useState(false);

  const revoke = async (token: Token) => {
    setRevoked(undefined);
    try {
      await answered(api.DELETE('/api-tokens/{token_id}', { params: { path: { token_id: token.id } } }));
      say(`${token.name || `Token ${token.id}`} is revoked`);
      tokens.reload();
    } catch (error) {
      sayFailure(error);
    }
  };

  return (
    <div class="tokens-columns">
      <section class="card">
        <Loaded from={tokens} what="Tokens">
          {(list) => {
            const shown = list.filter((each) => showsOld || each.is_active);
            return (
              <>
                <table class="plain">
                  <thead>
                    <tr>
                      <th>Token</th>
                      <th>Role</th>
                      <th>For accounts</th>
                      <th>Last used</th>
                      <th>Expires</th>
                      <th>
                        <span class="for-readers">Revoke</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {shown.map((each) => (
                      <tr key={each.id} class={each.is_active ? '' : 'muted'}>
                        <td data-label="Token">
                          <span>
                            <bdi>
                              <strong>{each.name || `Token ${each.id}`}</strong>
                            </bdi>{' '}
                            {each.id === self.value?.id && <span class="badge badge-accent">yours</span>}
                          </span>
                        </td>
                        <td data-label="Role" title={each.role ? roles[each.role].may : undefined}>{roleWord(each)}</td>
                        <td data-label="For accounts">{each.account_ids?.includes('*') ? 'all' : <bdi>{each.account_ids?.map(accountName).join(', ')}</bdi>}</td>
                        <td data-label="Last used">{each.last_used_at ? <Time at={each.last_used_at} /> : <span class="muted">never</span>}</td>
                        <td data-label="Expires">{each.revoked_at ? 'revoked' : each.expires_at ? <Time isDay at={each.expires_at} /> : <span class="muted">never</span>}</td>
                        <td class="actions">
                          {each.is_active && (
                            <button type="button" class="chip" aria-label={`Revoke ${each.name || each.id}`} onClick={() => setRevoked(each)}>
                              Revoke…
                            </button>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                {list.some((each) => !each.is_active) && (
                  <label class="check old-tokens">
                    <input type="checkbox" checked={showsOld} onChange={(event) => setShowsOld(event.currentTarget.checked)} />
                    Show revoked and expired ones, too
                  </label>
                )}
              </>
            );
          }}
        </Loaded>
      </section>
      <NewToken onMade={(token) => { setMade(token); tokens.reload(); }} />
      {made && <Secret made={made} onClose={() => setMade(undefined)} />}
      {revoked && (
        <Dialog title="Revoke this token?" onClose={() => setRevoked(undefined)}>
          <p>
            <bdi>
              <strong>{revoked.name || `Token ${revoked.id}`}</strong>
            </bdi>{' '}
            will be refused from now on, for good. {revoked.id === self.value?.id && 'It is the one that you are signed in with: you will be signed out.'}
          </p>
          <footer class="dialog-foot">
            <button type="button" onClick={() => setRevoked(undefined)}>
              Cancel
            </button>
            <button type="button" class="danger" onClick={() => revoke(revoked)}>
              Revoke
            </button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}

const blankToken = { name: '', role: 'viewer' as Role, chosen: [] as string[], isForAll: false, days: '90', origins: '' };

function NewToken({ onMade }: { onMade: (token: Created) => void }) {
  const draft = useDraft('new token', 'the new token', blankToken, (held) => held.name !== '' || held.origins !== '');
  const { name, role, chosen, isForAll, days, origins } = draft.value;
  const put = (change: Partial<typeof blankToken>) => draft.set((before) => ({ ...before, ...change }));
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    const list = origins.split(/[\s,]+/).filter(Boolean);
    const body = { name, role, account_ids: isForAll ? ['*'] : chosen, expires_in_days: days === 'never' ? null : Number(days), ...(list.length && role === 'tracker' ? { allowed_origins: list } : {}) };
    try {
      onMade(await ask(api.POST('/api-tokens', { body })));
      draft.settle((before) => ({ ...before, name: '', origins: '' }));
    } catch (error) {
      setFailure(asFailure(error));
    }
    setBusy(false);
  };
  return (
    <form class="card stack" noValidate onSubmit={submit}>
      <div>
        <h2>New token</h2>
        <p class="muted">One for each person and each machine, so that each can be revoked alone.</p>
      </div>
      <DraftNote isShown={draft.isBack} onDiscard={() => draft.settle(() => blankToken)} />
      {failure && failure.faults.length === 0 && <FailurePanel failure={failure} />}
      <Field label="Name" value={name} onInput={(name) => put({ name })} fault={failure?.at('name')} placeholder="Ana, or the tag manager" hint="Stands in History beside each change made with it." />
      <fieldset class="role-choices">
        <legend>Role</legend>
        {(Object.keys(roles) as Role[]).map((each) => (
          <label key={each} class="role-choice">
            <input type="radio" name="role" checked={role === each} onChange={() => put({ role: each })} />
            <span>
              <span>{roles[each].word}</span>
              <small class="muted">{roles[each].may}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="account-checks">
        <legend>For accounts</legend>
        <label class="check">
          <input type="checkbox" checked={isForAll} onChange={(event) => put({ isForAll: event.currentTarget.checked })} />
          All, also those to come
        </label>
        {accounts.value.map((each) => (
          <label key={each.account_id} class="check">
            <input type="checkbox" disabled={isForAll} checked={isForAll || chosen.includes(each.account_id)} onChange={(event) => put({ chosen: event.currentTarget.checked ? [...chosen, each.account_id] : chosen.filter((id) => id !== each.account_id) })} />
            <bdi>{each.name}</bdi>
          </label>
        ))}
        {failure?.at('account_ids') && <p class="fault">{failure.at('account_ids')}</p>}
      </fieldset>
      {role === 'tracker' && <Field label="Websites that may use it" value={origins} onInput={(origins) => put({ origins })} placeholder="https://www.example.com" hint="Addresses of websites, separated by spaces. With none, any page and any server may use it." fault={failure?.faults.find((each) => each.field.includes('allowed_origins'))?.message} />}
      <Field label="Expires" value={days} onInput={(days) => put({ days })} options={[['30', 'in 30 days'], ['90', 'in 90 days'], ['365', 'in a year'], ['never', 'never']]} />
      <button type="submit" class="primary" disabled={isBusy || (!isForAll && chosen.length === 0)}>
        Create
      </button>
    </form>
  );
}

function Secret({ made, onClose }: { made: Created; onClose: () => void }) {
  const [isStored, setStored] = useState(false);
  return (
    <Dialog title="The new token" onClose={onClose} isHeld>
      <div class="stack">
        <p>
          This is the secret of{' '}
          <bdi>
            <strong>{made.name || `token ${made.id}`}</strong>
          </bdi>
          . It is shown once and kept nowhere.
        </p>
        {made.token === null ? <p class="note">It was shown before, so it cannot be shown again. Revoke this token and make another one.</p> : <CopyLine label="Secret" text={made.token} />}
        <label class="check">
          <input type="checkbox" checked={isStored} onChange={(event) => setStored(event.currentTarget.checked)} />I have stored it
        </label>
      </div>
      <footer class="dialog-foot">
        <button type="button" class="primary" disabled={!isStored} onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}
