// Choosing an account: after sign-in, and from the switcher. Last used first.
import { useEffect, useState } from 'preact/hooks';
import { Field } from '../parts/field';
import { Link } from '../parts/link';
import { FailurePanel } from '../parts/states';
import { accounts, accountsAreKnown, accountsFailure, byUse, readAccounts } from './accounts';
import { go } from './place';
import { isOperator } from './session';

export function AccountList({ onChosen, pageName = 'rules' }: { onChosen?: () => void; pageName?: string }) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = byUse.value.filter((each) => `${each.name} ${each.account_id}`.toLowerCase().includes(wanted));
  const pathTo = (id: string) => `/a/${encodeURIComponent(id)}/${pageName}`;
  return (
    <form
      class="account-list"
      onSubmit={(event) => {
        event.preventDefault();
        const first = found[0]?.account_id;
        if (!first) return;
        onChosen?.();
        go(pathTo(first));
      }}
    >
      {accounts.value.length > 6 && <Field label="Search" value={text} onInput={setText} hasFocus />}
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
      {accountsFailure.value && <FailurePanel failure={accountsFailure.value} what="Accounts" onRetry={readAccounts} />}
      {found.length === 0 && accountsAreKnown.value && !accountsFailure.value && (
        <p class="muted">
          {wanted ? 'No account of that name.' : isOperator.value ? 'There is no account yet. ' : 'This token is for no account.'}
          {!wanted && isOperator.value && (
            <Link to="/ops/accounts" onFollow={onChosen}>
              Make the first one
            </Link>
          )}
        </p>
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
