// Choosing an account: after sign-in, and from the switcher. Last used first.
import { useEffect, useState } from 'preact/hooks';
import { Field } from '../parts/field';
import { Link } from '../parts/link';
import { accounts, accountsAreKnown, byUse } from './accounts';
import { go } from './place';
import { self } from './session';

export function AccountList({ onChosen, pageName = 'rules' }: { onChosen?: () => void; pageName?: string }) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = byUse.value.filter((each) => `${each.name} ${each.account_id}`.toLowerCase().includes(wanted));
  const isOpenEnded = self.value?.account_ids?.includes('*') && accounts.value.length === 0;
  const pathTo = (id: string) => `/a/${encodeURIComponent(id)}/${pageName}`;
  return (
    <form
      class="account-list"
      onSubmit={(event) => {
        event.preventDefault();
        const first = found[0]?.account_id ?? (isOpenEnded ? text.trim() : undefined);
        if (!first) return;
        onChosen?.();
        go(pathTo(first));
      }}
    >
      {(accounts.value.length > 6 || isOpenEnded) && (
        <Field label={isOpenEnded ? 'Id of the account' : 'Search'} value={text} onInput={setText} hasFocus />
      )}
      <ul>
        {found.slice(0, 100).map((each) => (
          <li key={each.account_id}>
            <Link to={pathTo(each.account_id)} class="account-choice" onFollow={onChosen}>
              <bdi>{each.name}</bdi>
              {each.name !== each.account_id && <span class="muted">{each.account_id}</span>}
            </Link>
          </li>
        ))}
      </ul>
      {found.length === 0 && accountsAreKnown.value && !isOpenEnded && (
        <p class="muted">{wanted ? 'No account of that name.' : 'This token is for no account.'}</p>
      )}
    </form>
  );
}

/** What stands at /console/ with more than one account. */
export function AccountsPage() {
  const known = accounts.value;
  useEffect(() => {
    const only = known.length === 1 ? known[0] : undefined;
    if (accountsAreKnown.value && only) go(`/a/${encodeURIComponent(only.account_id)}/rules`, { replace: true });
  }, [known]);
  return (
    <section class="card narrow">
      <h1>Accounts</h1>
      <AccountList />
    </section>
  );
}
