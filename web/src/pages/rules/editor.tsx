// The form of one rule. The server validates; what it says stands at the field that it means.
import { useEffect, useRef, useState } from 'preact/hooks';
import { newRequestKey } from '../../api/client';
import { asFailure, type Failure } from '../../api/failure';
import { restoreRules } from '../../log/restore';
import { Field, Switch } from '../../parts/field';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { FailurePanel } from '../../parts/states';
import { draftOf, dropDraft, useDraft } from '../../shell/drafts';
import { useKeys } from '../../shell/keys';
import { go } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { say } from '../../shell/toasts';
import { kindWords, type RuleKind } from '../../words';
import { changeRule, createRule, readRule, removeRule, type Saved, versionNow } from './calls';
import { Conflict, type ConflictState } from './conflict';
import { asSent, defaultsOf, differing, fieldsOf, type Rule } from './model';
import { Preview } from './preview';
import { rulePath } from './where';

interface Properties {
  account: string;
  kind: RuleKind;
  /** Absent for a new rule. */
  id?: number;
  base: Record<string, unknown>;
  etag?: string | null;
  site?: string;
  onSaved: (rule: Rule) => void;
  onRemoved: (id: number) => void;
  onClose: () => void;
}

const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));

export function Editor({ account, kind, id, base: read, etag: readEtag, site, onSaved, onRemoved, onClose }: Properties) {
  const [base, setBase] = useState(read);
  const [etag, setEtag] = useState(readEtag ?? null);
  const draftKey = `${account} ${kind} ${id ?? 'new'}`;
  const [values, setValues] = useState<Record<string, unknown>>(() => ({ ...read, ...draftOf<Record<string, unknown>>(draftKey) }));
  const [isDraft, setDraft] = useState(() => draftOf(draftKey) !== undefined);
  const [failure, setFailure] = useState<Failure>();
  const [drafted, setDrafted] = useState<Failure>();
  const [touched, setTouched] = useState(new Set<string>());
  const [notes, setNotes] = useState<string[]>([]);
  const [conflict, setConflict] = useState<ConflictState>();
  const [isBusy, setBusy] = useState(false);
  const [showsExtra, setShowsExtra] = useState(() => fieldsOf[kind].some((each) => each.isExtra && text(read[each.name])));
  const requestKey = useRef(newRequestKey());
  const form = useRef<HTMLFormElement>(null);

  const changed = differing(kind, base, values);
  useDraft(draftKey, Object.fromEntries(changed.map((name) => [name, values[name]])), changed.length > 0);
  const patternField = kind === 'mapping' ? 'referrer_pattern' : 'domain';
  const isReadOnly = !canWrite.value;

  useEffect(() => {
    if (failure?.faults.length) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failure]);

  const took = ({ rule, etag: now, meta }: Saved) => {
    onSaved(rule);
    setBase(rule.values);
    setValues(rule.values);
    setEtag(now);
    setConflict(undefined);
    setDraft(false);
    setNotes((meta.normalised ?? []).map((each) => each.message ?? ''));
    requestKey.current = newRequestKey();
  };

  const save = async (sent = values, ifMatch = etag, from = base) => {
    if (isBusy || isReadOnly) return;
    setBusy(true);
    setFailure(undefined);
    try {
      if (id === undefined) {
        const made = await createRule(account, kind, asSent(sent), requestKey.current);
        took(made);
        say(`${kindWords[kind]} ${made.rule.id} is saved`, {
          about: `${kind} ${made.rule.id}`,
          undo: async () => {
            await removeRule(account, kind, made.rule.id, made.etag);
            onRemoved(made.rule.id);
            onClose();
          },
        });
        dropDraft(draftKey);
        // What was cut off is told by this answer only, so it is read here before going on.
        if (made.meta.normalised?.length) say(made.meta.normalised.map((each) => each.message).join('; '));
        go(rulePath(kind, made.rule.id).replace(/#.*/, ''), { replace: true });
      } else {
        const names = differing(kind, from, sent);
        const set = asSent(Object.fromEntries(names.map((name) => [name, sent[name]])));
        const was = Object.fromEntries(names.map((name) => [name, from[name] ?? '']));
        const done = await changeRule(account, kind, id, set, ifMatch);
        took(done);
        // With the ETag of this save: what somebody has changed since is not taken back.
        say(`${kindWords[kind]} ${id} is saved`, { about: `${kind} ${id}`, undo: async () => took(await changeRule(account, kind, id, asSent(was), done.etag)) });
      }
    } catch (error) {
      const failed = asFailure(error);
      if (failed.kind === 'changed' && id !== undefined) {
        const now = await readRule(account, kind, id).catch(() => undefined);
        if (now) setConflict({ found: from, yours: sent, now: now.rule.values, etag: now.etag });
        else setFailure(failed);
      } else setFailure(failed);
    }
    setBusy(false);
  };

  const saveAsNew = () => {
    dropDraft(draftKey);
    const given = Object.keys(defaultsOf[kind]).map((name) => [name, text(values[name])] as [string, string]);
    go(`${rulePath(kind, 'new').replace(/#.*/, '')}#${new URLSearchParams(given.filter(([name, value]) => value && name !== 'is_active'))}`);
  };

  const remove = async () => {
    if (id === undefined) return;
    setBusy(true);
    try {
      const version = await versionNow(account);
      await removeRule(account, kind, id, etag);
      dropDraft(draftKey);
      onRemoved(id);
      onClose();
      say(`${kindWords[kind]} ${id} is deleted`, {
        about: `${kind} ${id}`,
        undo: async () => {
          await restoreRules(account, version, [{ kind, id }]);
          onSaved((await readRule(account, kind, id)).rule);
        },
      });
    } catch (error) {
      setFailure(asFailure(error));
      setBusy(false);
    }
  };

  useKeys([{ keys: 'Mod+Enter', label: 'Save the rule', group: 'Rules', run: () => (id === undefined || changed.length > 0) && save() }]);

  if (conflict)
    return <Conflict what="this rule" differ={(one, other) => differing(kind, one, other)} state={conflict} isBusy={isBusy} onCancel={() => setConflict(undefined)} onSave={(picked) => { setBase(conflict.now); setValues(picked); setEtag(conflict.etag); save(picked, conflict.etag, conflict.now); }} />;

  const faultOf = (name: string) => failure?.at(name) ?? (touched.has(name) ? drafted?.at(name) : undefined);
  const pattern = text(values[patternField]);
  const hintOf = (name: string, hint?: string) => {
    if (name !== patternField) return hint;
    if (/^[^/]+\/[^/]/.test(pattern.replace(/^https?:\/\//, '')) && values.match_type !== 'regex') return 'Browsers send hosts only, so what stands behind the / will be cut off.';
    return hint ?? (values.match_type === 'regex' ? 'Tried on the host, in lower case.' : 'Only the host of the referrer counts; a leading www. makes no difference.');
  };
  const existing = failure?.kind === 'conflict' ? Number(failure.detail.existing_id) : 0;
  const fields = fieldsOf[kind].filter((each) => !each.isExtra || showsExtra);
  const shown = (list: typeof fields) => (
    <div class="rule-fields">
      {list.map((each) => (
        <div key={each.name} class={`field-of-${each.name}`}>
          <Field
            label={each.label}
            name={each.name}
            value={text(values[each.name])}
            options={each.options}
            lines={each.lines}
            hint={hintOf(each.name, each.hint)}
            fault={faultOf(each.name)}
            isReadOnly={isReadOnly}
            isRequired={each.isNeeded}
            hasFocus={id === undefined && each === fields[0]}
            inputMode={each.type === 'number' ? 'numeric' : undefined}
            onBlur={() => setTouched((before) => new Set([...before, each.name]))}
            onInput={(value) => setValues((before) => ({ ...before, [each.name]: value }))}
          />
        </div>
      ))}
    </div>
  );
  // What a rule would do is seen without scrolling: behind the fields that decide it, before those that are seldom filled.
  const first = fields.findIndex((each) => each.name === 'utm_medium') + 1;
  return (
    <form ref={form} class="rule-form" noValidate onSubmit={(event) => { event.preventDefault(); save(); }}>
      {isReadOnly && <p class="note note-plain">Your token may look but not change.</p>}
      {isDraft && changed.length > 0 && (
        <p class="note note-plain" role="status">
          Here is what you typed and did not save.{' '}
          <button type="button" class="link" onClick={() => { setValues(base); setDraft(false); }}>
            Discard it
          </button>
        </p>
      )}
      {failure && existing > 0 && (
        <p class="note" role="alert">
          There is such a rule: <Link to={rulePath(kind, existing)}>{`${kindWords[kind]} ${existing}`}</Link>
        </p>
      )}
      {failure?.kind === 'not_found' && (
        <p class="note" role="alert">
          Somebody deleted this rule meanwhile.{' '}
          <button type="button" class="link" onClick={saveAsNew}>
            Make a new one of what you typed…
          </button>
        </p>
      )}
      {failure && failure.kind !== 'not_found' && !existing && failure.faults.length === 0 && <FailurePanel failure={failure} onRetry={failure.kind === 'unknown_outcome' ? undefined : () => save()} />}
      {notes.map((each) => (
        <p key={each} class="note">{each}</p>
      ))}
      {shown(fields.slice(0, first))}
      <Preview account={account} kind={kind} id={id} values={asSent(values)} changed={changed} site={site} onFaults={setDrafted} />
      {shown(fields.slice(first))}
      <div class="row spread">
        <Switch isOn={values.is_active !== false} label="On" isDisabled={isReadOnly} onChange={(on) => setValues((before) => ({ ...before, is_active: on }))} />
        {!showsExtra && fieldsOf[kind].some((each) => each.isExtra) && (
          <button type="button" class="link" onClick={() => setShowsExtra(true)}>
            More fields
          </button>
        )}
      </div>
      {!isReadOnly && (
        <footer class="panel-foot">
          <button type="submit" class="primary" disabled={isBusy || (id !== undefined && changed.length === 0)} title="Ctrl Enter">
            {isBusy ? 'Saving…' : 'Save'}
          </button>
          {id !== undefined && changed.length > 0 && (
            <button type="button" onClick={() => setValues(base)}>
              Discard
            </button>
          )}
          {id !== undefined && (
            <button type="button" class="danger push-end" disabled={isBusy} onClick={remove}>
              <Icon name="close" /> Delete
            </button>
          )}
        </footer>
      )}
    </form>
  );
}
