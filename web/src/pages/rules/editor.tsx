// The form of one rule. The server validates; what it says stands at the field that it means.
import { useEffect, useRef, useState } from 'preact/hooks';
import { newRequestKey } from '../../api/client';
import { asFailure, type Failure } from '../../api/failure';
import { restoreRules } from '../../log/restore';
import { DraftNote } from '../../parts/draft_note';
import { Field, Switch } from '../../parts/field';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { FailurePanel } from '../../parts/states';
import { useDraft } from '../../shell/drafts';
import { useKeys } from '../../shell/keys';
import { go } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { say } from '../../shell/toasts';
import { kindWords, type RuleKind } from '../../words';
import { changeRule, createRule, type Meta, readRule, removeRule, type Saved, versionNow } from './calls';
import { Conflict, type ConflictState } from './conflict';
import { GoneRule } from './gone_rule';
import { asSent, differing, faultsIn, fieldsOf, patternHint, type Rule } from './model';
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
  /** After the rule, which somebody had deleted, was brought back. */
  onRestored: () => void;
}

type Values = Record<string, unknown>;
interface Held {
  base: Values;
  etag: string | null;
  values: Values;
}

const picked = (values: Values, names: string[]): Values => Object.fromEntries(names.map((name) => [name, values[name]]));
/** What the server stored otherwise than it was typed. */
const cutOff = (meta: Meta): string[] => (meta.normalised ?? []).map((each) => `Saved otherwise than typed: ${(each.message ?? '').replace(/\bthe (?:scheme|path|port|query|user) (?=\S)/g, '')}.`);
const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));

export function Editor({ account, kind, id, base: read, etag: readEtag, site, onSaved, onRemoved, onClose, onRestored }: Properties) {
  // With what it began from: somebody may change the rule before the form is opened again.
  const begun: Held = { base: read, etag: readEtag ?? null, values: read };
  const name = id === undefined ? `new ${JSON.stringify(read)}` : String(id);
  const draft = useDraft(`${account} ${kind} ${name}`, id === undefined ? 'the new rule' : `${kindWords[kind]} ${id}`, begun, (held) => differing(kind, held.base, held.values).length > 0);
  const { base, etag, values } = draft.value;
  const setValues = (change: (before: Values) => Values) => draft.set((held) => ({ ...held, values: change(held.values) }));
  const [failure, setFailure] = useState<Failure>();
  const [drafted, setDrafted] = useState<Failure>();
  const [touched, setTouched] = useState(new Set<string>());
  const [tries, setTries] = useState(0);
  const [notes, setNotes] = useState<string[]>([]);
  const [conflict, setConflict] = useState<ConflictState>();
  const [isBusy, setBusy] = useState(false);
  const [showsExtra, setShowsExtra] = useState(() => fieldsOf[kind].some((each) => each.isExtra && text(values[each.name])));
  const requestKey = useRef(newRequestKey());
  const form = useRef<HTMLFormElement>(null);

  const changed = differing(kind, base, values);
  const patternField = kind === 'mapping' ? 'referrer_pattern' : 'domain';
  const isReadOnly = !canWrite.value;

  const local = faultsIn(kind, values);

  useEffect(() => {
    if (failure?.faults.length || tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failure, tries]);

  /** What was typed after `sent`, or since the last save, is still there. */
  const took = ({ rule, etag: now, meta }: Saved, sent?: Values) => {
    onSaved(rule);
    draft.settle((held) => ({ base: rule.values, etag: now, values: { ...rule.values, ...picked(held.values, differing(kind, sent ?? held.base, held.values)) } }));
    setTries(0);
    setConflict(undefined);
    setNotes(cutOff(meta));
    requestKey.current = newRequestKey();
  };

  const save = async (sent = values, ifMatch = etag, from = base) => {
    if (isBusy || isReadOnly) return;
    setFailure(undefined);
    if (Object.keys(faultsIn(kind, sent)).length > 0) {
      setConflict(undefined);
      return setTries(tries + 1);
    }
    setBusy(true);
    try {
      if (id === undefined) {
        const made = await createRule(account, kind, asSent(sent), requestKey.current);
        onSaved(made.rule);
        draft.settle(() => begun);
        say(`${kindWords[kind]} ${made.rule.id} is saved`, {
          about: `${kind} ${made.rule.id}`,
          undo: async () => {
            await removeRule(account, kind, made.rule.id, made.etag);
            onRemoved(made.rule.id);
            onClose();
          },
        });
        // What was cut off is told by this answer only, so it is read here before going on.
        if (made.meta.normalised?.length) say(cutOff(made.meta).join(' '));
        go(rulePath(kind, made.rule.id).replace(/#.*/, ''), { replace: true });
      } else {
        const names = differing(kind, from, sent);
        const set = asSent(picked(sent, names));
        const was = Object.fromEntries(names.map((name) => [name, from[name] ?? '']));
        const done = await changeRule(account, kind, id, set, ifMatch);
        took(done, sent);
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

  const remove = async () => {
    if (id === undefined) return;
    setBusy(true);
    try {
      const version = await versionNow(account);
      await removeRule(account, kind, id, etag);
      draft.settle(() => ({ ...begun, values: begun.base }));
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
    return <Conflict what="this rule" differ={(one, other) => differing(kind, one, other)} state={conflict} isBusy={isBusy} onCancel={() => setConflict(undefined)} onSave={(picked) => { draft.set(() => ({ base: conflict.now, etag: conflict.etag, values: picked })); save(picked, conflict.etag, conflict.now); }} />;

  const faultOf = (name: string) => failure?.at(name) ?? (tries > 0 || touched.has(name) ? (local[name] ?? drafted?.at(name)) : undefined);
  const discard = () => {
    draft.settle((held) => ({ ...held, values: held.base }));
    setTouched(new Set());
    setTries(0);
    setFailure(undefined);
  };
  const pattern = text(values[patternField]);
  const hintOf = (name: string, hint?: string) => {
    if (name !== patternField) return hint;
    if (/^[^/]+\/[^/]/.test(pattern.replace(/^https?:\/\//, '')) && values.match_type !== 'regex') return 'Browsers send hosts only, so what stands behind the / will be cut off.';
    return hint ?? patternHint(text(values.match_type), pattern);
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
            type={each.type}
            options={each.options}
            lines={each.lines}
            hint={hintOf(each.name, each.hint)}
            fault={faultOf(each.name)}
            isReadOnly={isReadOnly}
            isRequired={each.isNeeded}
            hasFocus={id === undefined && each === fields[0]}
            min={each.type === 'number' ? 0 : undefined}
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
      <DraftNote isShown={draft.isBack && changed.length > 0} onDiscard={discard} />
      {failure?.kind === 'not_found' && id !== undefined && <GoneRule account={account} kind={kind} id={id} onRestored={() => { setFailure(undefined); onRestored(); }} />}
      {failure && existing > 0 && (
        <p class="note" role="alert">
          There is such a rule: <Link to={rulePath(kind, existing)}>{`${kindWords[kind]} ${existing}`}</Link>
        </p>
      )}
      {failure && !existing && failure.kind !== 'not_found' && failure.faults.length === 0 && <FailurePanel failure={failure} onRetry={failure.kind === 'unknown_outcome' ? undefined : () => save()} />}
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
          {changed.length > 0 && (
            <button type="button" onClick={discard}>
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
