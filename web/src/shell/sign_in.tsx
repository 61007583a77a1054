// The form that asks for a token: a page of its own, or over the page when a token has lapsed.
import { useState } from 'preact/hooks';
import { answered, api } from '../api/client';
import { asFailure } from '../api/failure';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { isAnythingUnsaved } from './drafts';
import { hasLapsed, signedIn, signOut } from './session';

export function SignInForm() {
  const [token, setToken] = useState('');
  const [keep, setKeep] = useState(false);
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    const sent = token.trim();
    if (!sent) return setFault('A token is needed.');
    if (!/^[\x21-\x7e]+$/.test(sent)) return setFault('A token has no spaces and only letters from a to z, digits and signs. Copy it again.');
    setBusy(true);
    setFault(undefined);
    try {
      const { data } = await answered(api.GET('/api-tokens/self', { headers: { Authorization: `Bearer ${sent}` } }));
      if (!data.data.scopes?.includes('read')) {
        setFault('This token may only ask about visits. The console needs one that may read: a viewer, editor or admin.');
      } else {
        setToken('');
        signedIn(sent, data.data, keep);
      }
    } catch (error) {
      setFault(asFailure(error).message);
    }
    setBusy(false);
  };

  return (
    <form class="sign-in-form" noValidate onSubmit={submit}>
      <Field label="Token" name="token" type="password" value={token} onInput={setToken} fault={fault} hasFocus />
      <div class="row spread">
        <label class="check">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
          Stay signed in for this tab
        </label>
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
      </div>
      <details>
        <summary>Where do I get a token?</summary>
        <p>
          Whoever runs this Headwater makes it, under Operations or with <code>headwater token create</code>. A viewer may
          look, an editor may also change rules. The secret is shown once, when it is made.
        </p>
      </details>
    </form>
  );
}

export function SignInPage() {
  return (
    <main class="sign-in">
      <section>
        <p class="sign-in-mark" aria-hidden="true">
          <svg viewBox="0 0 32 32" width="32" height="32">
            <path d="M6 11c4 0 5 3 10 3s6-3 10-3M6 17c4 0 5 3 10 3s6-3 10-3M16 5v9" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />
          </svg>
        </p>
        <h1>Headwater</h1>
        <p class="muted">Where did your visitors really come from?</p>
        <SignInForm />
      </section>
    </main>
  );
}

/** Over the page: nothing of what is on it is lost. */
export function LapsedSignIn() {
  if (!hasLapsed.value) return null;
  return <LapsedDialog />;
}

function LapsedDialog() {
  return (
    <Dialog title="Sign in again" onClose={() => {}} isHeld>
      <p>Your token is not valid any more: it has expired or was revoked. What is on the page is kept.</p>
      <SignInForm />
      <p>
        <button type="button" class="link" onClick={signOut}>
          {isAnythingUnsaved() ? 'Sign out, and lose what is not saved' : 'Leave the page and sign out'}
        </button>
      </p>
    </Dialog>
  );
}
