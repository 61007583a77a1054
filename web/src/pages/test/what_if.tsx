// A changed rule, tried on this visit and stored nowhere.
import { useState } from 'preact/hooks';
import type { Failure } from '../../api/failure';
import type { Attribution, Compared, Draft } from '../../api/resolve';
import { DraftNote } from '../../parts/draft_note';
import { Field } from '../../parts/field';
import { Icon } from '../../parts/icon';
import { FailurePanel } from '../../parts/states';
import { Gives, Host } from '../../parts/text';
import { isUnassigned, WhyUnassigned } from '../../parts/unassigned';
import { useDraft } from '../../shell/drafts';
import { go } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { kindWords, answerWord, type RuleKind } from '../../words';
import { defaultsOf, fieldsOf, kindOf } from '../rules/model';
import { setInputs } from './inputs';

interface Properties {
  account: string;
  draft: Draft | null;
  said: Attribution;
  compared?: Compared;
  failure?: Failure;
}

const lists = { mapping: 'referrer_mappings', passthrough: 'passthrough_referrers' } as const;
type Change = { kind: RuleKind; add?: Record<string, any>; remove?: number };

function changesOf(draft: Draft | null): Change[] {
  const changes: Change[] = [];
  for (const kind of ['passthrough', 'mapping'] as const) {
    const part = draft?.[lists[kind]];
    for (const add of part?.add ?? []) changes.push({ kind, add });
    for (const remove of part?.remove ?? []) changes.push({ kind, remove });
  }
  return changes;
}

function draftOf(changes: Change[]): Draft | null {
  if (changes.length === 0) return null;
  const draft: Record<string, { add: object[]; remove: number[] }> = {};
  for (const { kind, add, remove } of changes) {
    const part = (draft[lists[kind]] ??= { add: [], remove: [] });
    if (add) part.add.push(add);
    if (remove !== undefined) part.remove.push(remove);
  }
  return draft as Draft;
}

function Row({ name, said, isChanged }: { name: string; said: Attribution; isChanged?: boolean }) {
  return (
    <tr class={isChanged ? 'is-changed' : ''}>
      <th scope="row">{name}</th>
      <td data-label="Counts as" title={said.outcome}>{answerWord(said)}</td>
      <td data-label="Gives"><Gives source={said.utm?.utm_source} medium={said.utm?.utm_medium} campaign={said.utm?.utm_campaign} /></td>
      <td data-label="Channel">{said.channel}</td>
    </tr>
  );
}

export function WhatIf({ account, draft, said, compared, failure }: Properties) {
  const [isAdding, setAdding] = useState(false);
  const changes = changesOf(draft);
  const set = (next: Change[]) => setInputs({ draft: draftOf(next) });
  const decidingId = said.rule?.kind === 'return_path' ? null : (said.rule?.id ?? null);
  const decidingKind = kindOf(said.rule?.kind);
  const isWithout = changes.some((each) => each.kind === decidingKind && each.remove === decidingId);
  return (
    <section class="card what-if" aria-label="What if">
      <h2>What if…</h2>
      {changes.length === 0 && <p class="muted">Try a rule on this visit before there is one: nothing is saved.</p>}
      <ul class="draft-list">
        {changes.map((each, index) => (
          <li key={index}>
            {each.add ? (
              <>
                <span class="badge badge-accent">+</span> {kindWords[each.kind].toLowerCase()} <Host name={String(each.add.referrer_pattern ?? each.add.domain ?? '')} most={24} />
                <span class="muted">→</span> <Gives source={each.add.utm_source} medium={each.add.utm_medium} />
                {canWrite.value && (
                  <button type="button" class="link push-end" onClick={() => go(`/a/${encodeURIComponent(account)}/rules/${each.kind}/new#${new URLSearchParams(Object.entries(each.add ?? {}).map(([name, value]) => [name, String(value)]))}`)}>
                    Save it…
                  </button>
                )}
              </>
            ) : (
              <>
                <span class="badge badge-bad">−</span> without {kindWords[each.kind].toLowerCase()} {each.remove}
              </>
            )}
            <button type="button" class={`bare ${each.add && canWrite.value ? '' : 'push-end'}`} aria-label="Take out of the draft" onClick={() => set(changes.filter((_, place) => place !== index))}>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <div class="row">
        {!isAdding && (
          <button type="button" class="chip" onClick={() => setAdding(true)}>
            <Icon name="plus" /> draft a rule
          </button>
        )}
        {decidingId !== null && !isWithout && (
          <button type="button" class="chip" onClick={() => set([...changes, { kind: decidingKind, remove: decidingId }])}>
            without {kindWords[decidingKind].toLowerCase()} {decidingId}
          </button>
        )}
      </div>
      {isAdding && <DraftForm account={account} host={said.referrer_host ?? ''} onCancel={() => setAdding(false)} onAdd={(change) => { setAdding(false); set([...changes, change]); }} />}
      {failure && <FailurePanel failure={failure} what="The draft" />}
      {compared?.current && compared.drafted && (
        <>
          <table class="plain what-if-table">
            <tbody>
              <Row name="Now" said={compared.current} />
              <Row name="With draft" said={compared.drafted} isChanged={compared.changed} />
            </tbody>
          </table>
          <p class={compared.changed ? 'warn' : 'muted'}>{compared.changed ? 'The draft changes the answer for this visit.' : 'The draft makes no difference for this visit.'}</p>
          {isUnassigned(compared.drafted) && !isUnassigned(compared.current) && (
            <p class="note">
              <WhyUnassigned said={compared.drafted} />
            </p>
          )}
        </>
      )}
    </section>
  );
}

function DraftForm({ account, host, onAdd, onCancel }: { account: string; host: string; onAdd: (change: Change) => void; onCancel: () => void }) {
  const begun = { kind: 'mapping' as RuleKind, values: { pattern: host.replace(/^www\./, ''), match_type: 'exact', utm_source: '', utm_medium: '' } as Record<string, string> };
  const draft = useDraft(`what if ${account} ${host}`, 'the rule to try', begun, (held) => JSON.stringify(held.values) !== JSON.stringify(begun.values));
  const { kind, values } = draft.value;
  const put = (name: string) => (value: string) => draft.set((before) => ({ ...before, values: { ...before.values, [name]: value } }));
  const text = (name: string) => values[name] ?? '';
  const submit = (event: Event) => {
    event.preventDefault();
    const pattern = kind === 'mapping' ? { referrer_pattern: text('pattern'), match_type: text('match_type'), priority: 1000 } : { domain: text('pattern') };
    const medium = text('utm_medium') || String(defaultsOf[kind].utm_medium);
    draft.settle(() => begun);
    onAdd({ kind, add: { ...pattern, utm_source: text('utm_source') || text('pattern'), utm_medium: medium } });
  };
  return (
    <form class="draft-form" onSubmit={submit}>
      <DraftNote isShown={draft.isBack} onDiscard={() => draft.settle(() => begun)} />
      <fieldset class="segments">
        <legend class="for-readers">Kind</legend>
        {(['mapping', 'passthrough'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="draft-kind" checked={kind === each} onChange={() => draft.set((before) => ({ ...before, kind: each }))} />
            <span>{kindWords[each]}</span>
          </label>
        ))}
      </fieldset>
      <Field label={kind === 'mapping' ? 'Pattern' : 'Domain'} value={text('pattern')} onInput={put('pattern')} hasFocus />
      {kind === 'mapping' && <Field label="Match" value={text('match_type')} options={fieldsOf.mapping[1]?.options} onInput={put('match_type')} />}
      <Field label="Source" value={text('utm_source')} placeholder={text('pattern')} onInput={put('utm_source')} />
      <Field label="Medium" value={text('utm_medium')} placeholder={String(defaultsOf[kind].utm_medium)} onInput={put('utm_medium')} />
      <div class="row draft-buttons">
        <button type="submit" class="primary">Try it</button>
        <button type="button" onClick={() => { draft.settle(() => begun); onCancel(); }}>Cancel</button>
      </div>
    </form>
  );
}
