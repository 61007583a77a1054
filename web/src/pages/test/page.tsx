// Test a visit: the answer in words, the path that led to it, and what a changed rule would make of it.
import { useEffect, useState } from 'preact/hooks';
import { compareVisits, resolveVisit } from '../../api/resolve';
import { useResource } from '../../api/resource';
import { copyText } from '../../parts/copy';
import { Field } from '../../parts/field';
import { Icon } from '../../parts/icon';
import { FailurePanel, Skeleton } from '../../parts/states';
import { accountId } from '../../shell/accounts';
import { useKeys } from '../../shell/keys';
import { go } from '../../shell/place';
import { say } from '../../shell/toasts';
import { readLint, readRules } from '../rules/calls';
import { Answer } from './answer';
import { Cascade } from './cascade';
import { asVisit, examples, inputsNow, keepTest, lastTest, setInputs } from './inputs';
import { SourceCard } from './source_card';
import { WhatIf } from './what_if';
import './test.css';

/** What was typed last, a quarter of a second after the last key. */
function useSettled<T>(value: T, key: string): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 250);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

async function share() {
  say((await copyText(location.href)) ? 'Link to this test copied' : 'Copy the link from the address bar');
}

export default function TestPage() {
  const account = accountId.value ?? '';
  const inputs = inputsNow();
  const lint = useResource(`${account} lint`, (signal) => readLint(account, signal));
  const rules = useResource(`${account} passthrough`, (signal) => readRules(account, 'passthrough', signal));
  const site = lint.data?.sites?.[0] ?? 'your-site.example';
  const key = JSON.stringify([inputs, site]);
  const settled = useSettled({ inputs, site }, key);
  const isAsked = Boolean(settled.inputs.url || settled.inputs.referrer || settled.inputs.session);
  const visit = asVisit(settled.inputs, settled.site);
  const visitKey = isAsked ? JSON.stringify([account, visit]) : null;
  const explain = 'all';
  const answer = useResource(visitKey, (signal) => resolveVisit(account, visit, { explain, signal }));
  const { draft } = settled.inputs;
  const compared = useResource(visitKey && draft ? `${visitKey} ${JSON.stringify(draft)}` : null, async (signal) => (await compareVisits(account, [visit], draft ?? {}, { signal }))[0]);
  const isTyped = Boolean(inputs.url || inputs.referrer || inputs.session || inputs.draft);
  useEffect(() => {
    if (isTyped) keepTest(account);
  }, [key]);
  const before = isTyped ? undefined : lastTest(account);
  const [showsDraft, setShowsDraft] = useState(false);
  const draftedPath = useResource(visitKey && draft && showsDraft ? `${visitKey} path ${JSON.stringify(draft)}` : null, (signal) => resolveVisit(account, visit, { explain, draft: draft ?? undefined, signal }));

  useKeys([{ keys: 'Mod+Enter', label: 'Test again', group: 'Test', run: answer.reload }]);

  const pathFailure = draft && showsDraft ? draftedPath.failure : undefined;
  const shownPath = pathFailure ? undefined : draft && showsDraft ? draftedPath.data : answer.data;
  const sessionMode = inputs.session === null ? 'none' : inputs.session.utm_source === 'newsletter' && inputs.session.utm_medium === 'email' && Object.keys(inputs.session).length === 2 ? 'newsletter' : 'custom';
  const modes = { none: 'none', newsletter: 'newsletter / email', custom: 'custom…' } as const;
  const host = rules.data?.find((each) => each.isActive)?.pattern;

  return (
    <div class="test-page">
      <h1 class="for-readers">Test a visit</h1>
      <section class="card test-inputs" aria-label="The visit">
        <Field label="Landing page" value={inputs.url} placeholder={`https://www.${site}/`} onInput={(url) => setInputs({ url }, true)} />
        <Field label="Came from" value={inputs.referrer} placeholder="https://… or nothing" onInput={(referrer) => setInputs({ referrer }, true)} />
        <fieldset class="segments">
          <legend>Session so far</legend>
          {(Object.keys(modes) as (keyof typeof modes)[]).map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="session"
                checked={sessionMode === each}
                onChange={() => setInputs({ session: each === 'none' ? null : each === 'newsletter' ? { utm_source: 'newsletter', utm_medium: 'email' } : { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'brand' } })}
              />
              <span>{modes[each]}</span>
            </label>
          ))}
        </fieldset>
        {sessionMode === 'custom' && (
          <div class="test-session">
            {(['utm_source', 'utm_medium', 'utm_campaign'] as const).map((name) => (
              <Field key={name} label={name.replace('utm_', 'Session ')} value={inputs.session?.[name] ?? ''} onInput={(value) => setInputs({ session: { ...inputs.session, [name]: value } }, true)} />
            ))}
          </div>
        )}
        <div class="test-try">
          <span class="muted">Try</span>
          {before && (
            <button type="button" class="chip" onClick={() => go(before)}>
              Your last visit
            </button>
          )}
          {examples(site, host).map((each) => (
            <button key={each.name} type="button" class="chip" onClick={() => setInputs(each.inputs)}>
              {each.name}
            </button>
          ))}
          <button type="button" class="push-end" onClick={share} title="The link carries the whole test, behind #, so it reaches no log">
            <Icon name="link" /> Copy link
          </button>
        </div>
      </section>

      {!isAsked && (
        <section class="card test-hint">
          <Icon name="test" />
          <p>Enter a page and where the visitor came from, or try one of the visits above. The answer says which of the steps decided, and why.</p>
        </section>
      )}
      {answer.failure && <FailurePanel failure={answer.failure} what="The visit" onRetry={answer.reload} />}
      {isAsked && !answer.data && !answer.failure && <Skeleton />}
      {isAsked && answer.data && !answer.failure && (
        <div class={answer.isLoading ? 'is-stale' : ''}>
          <Answer account={account} said={answer.data} />
          <div class="test-columns">
            <section class="card" aria-label="The path to the answer">
              <div class="row spread">
                <h2>How it was decided</h2>
                {draft && (
                  <fieldset class="segments">
                    <legend class="for-readers">Rules</legend>
                    {[false, true].map((each) => (
                      <label key={String(each)}>
                        <input type="radio" name="path" checked={showsDraft === each} onChange={() => setShowsDraft(each)} />
                        <span>{each ? 'with draft' : 'now'}</span>
                      </label>
                    ))}
                  </fieldset>
                )}
              </div>
              {shownPath ? <Cascade account={account} said={shownPath} /> : pathFailure ? <FailurePanel failure={pathFailure} what="With the draft" onRetry={draftedPath.reload} /> : <Skeleton />}
            </section>
            <div class="stack">
              <WhatIf account={account} draft={inputs.draft} said={answer.data} compared={draft && !compared.failure ? compared.data : undefined} failure={draft ? compared.failure : undefined} />
              {answer.data.referrer_host && <SourceCard host={answer.data.referrer_host} />}
            </div>
          </div>
        </div>
      )}
    </div>
  );
}
