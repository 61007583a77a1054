// What can be done with the selected rules. Each says exactly which rules it changes, and how, before it does.
import { useState } from 'preact/hooks';
import { asFailure, type Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import { count } from '../../formats';
import { mostAtOnce, restoring } from '../../log/restore';
import { Dialog } from '../../parts/dialog';
import { csvLine, download } from '../../parts/download';
import { Field } from '../../parts/field';
import { FailurePanel } from '../../parts/states';
import { Host } from '../../parts/text';
import { isTyped, TypedNumber } from './typed_number';
import { canWrite } from '../../shell/session';
import { say, type Tell } from '../../shell/toasts';
import { fieldWord, kindWords, rulesWord, valueWord } from '../../words';
import { changeMany, mostInBulk } from './calls';
import { fieldsOf, priorityFault, type Rule } from './model';

type Action = { title: string; verb: string; past: string; set?: Record<string, unknown>; isRemoval?: boolean; asksPriority?: boolean };

const actions: Record<string, Action> = {
  on: { title: 'Turn on', verb: 'Turn on', past: 'Turned on', set: { is_active: true } },
  off: { title: 'Turn off', verb: 'Turn off', past: 'Turned off', set: { is_active: false } },
  priority: { title: 'Set the priority of', verb: 'Change', past: 'Set the priority of', asksPriority: true },
  remove: { title: 'Delete', verb: 'Delete', past: 'Deleted', isRemoval: true },
};

function exportSelected(rules: Rule[]) {
  const kind = rules[0]?.kind ?? 'mapping';
  const names = [...fieldsOf[kind].map((each) => each.name), 'is_active'];
  const lines = rules.map((rule) => csvLine(names.map((name) => String(rule.values[name] ?? ''))));
  download(`${kind}-rules.csv`, csvLine(names) + lines.join(''));
}

export function SelectionBar({ account, rules, hidden, onChanged, onClear }: { account: string; rules: Rule[]; hidden: number; onChanged: () => void; onClear: () => void }) {
  const [action, setAction] = useState<Action>();
  const kind = rules[0]?.kind;
  return (
    <div class="selection-bar" role="toolbar" aria-label="Selected rules">
      <span>
        <strong>{count(rules.length)} selected</strong>
        {hidden > 0 && <span class="warn"> {hidden === rules.length ? 'all' : count(hidden)} hidden by the filter</span>}
      </span>
      {canWrite.value && (
        <>
          <button type="button" onClick={() => setAction(actions.on)}>Turn on</button>
          <button type="button" onClick={() => setAction(actions.off)}>Turn off</button>
          {kind === 'mapping' && <button type="button" onClick={() => setAction(actions.priority)}>Priority…</button>}
          <button type="button" class="danger" onClick={() => setAction(actions.remove)}>Delete</button>
        </>
      )}
      <button type="button" onClick={() => exportSelected(rules)}>Export</button>
      <button type="button" class="link" title="Selects nothing any more" onClick={onClear}>Clear</button>
      {action && <Confirm account={account} action={action} rules={rules} onClose={() => setAction(undefined)} onDone={() => { setAction(undefined); onClear(); onChanged(); }} onUndone={onChanged} />}
    </div>
  );
}

/** More than so many rules are not deleted by clicks alone. */
const mostByClick = 10;

const pieces = (ids: number[]) => Array.from({ length: Math.ceil(ids.length / mostInBulk) }, (_, index) => ids.slice(index * mostInBulk, (index + 1) * mostInBulk));

function Confirm({ account, action, rules, onClose, onDone, onUndone }: { account: string; action: Action; rules: Rule[]; onClose: () => void; onDone: () => void; onUndone: () => void }) {
  const [priority, setPriority] = useState('100');
  const [typed, setTyped] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const [done, setDone] = useState<number>();
  const kind = rules[0]?.kind ?? 'mapping';
  const isBadPriority = action.asksPriority && !(/^\d+$/.test(priority) && Number(priority) <= 1000);
  const set = action.isRemoval ? undefined : action.asksPriority ? { priority: Number(priority) } : action.set;
  const touched = set ? rules.filter((each) => Object.entries(set).some(([name, value]) => each.values[name] !== value)) : rules;
  const needsTyping = action.isRemoval && touched.length > mostByClick;
  const ids = touched.map((each) => each.id);
  const words = rulesWord(kind, touched.length);
  const doneWords = (number: number) => `${action.past} ${count(number)} ${rulesWord(kind, number)}`;

  // The server tries it first, and what is done later is done at the version that was tried, or not at all.
  const isTried = ids.length > 0 && !isBadPriority;
  const tried = useResource(isTried ? JSON.stringify([account, kind, set, ids]) : null, async (signal) => {
    let changes = 0;
    let version = 0;
    for (const piece of pieces(ids)) {
      const outcome = await changeMany(account, kind, piece, { set, isDry: true, signal });
      changes += outcome.changed + outcome.removed;
      version = outcome.version;
    }
    return { changes, version };
  });

  const run = async () => {
    if (!tried.data) return;
    setFailure(undefined);
    setDone(0);
    const before = tried.data.version;
    let version = before;
    const changed: number[] = [];
    /** One step for whoever presses it, of however many requests it consists. */
    const undoing = () => {
      const restore = restoring(account, before, changed.map((id) => ({ kind, id })));
      return (tell: Tell) => restore(tell).finally(onUndone);
    };
    const things = () => (changed.length > mostAtOnce ? changed.length : undefined);
    try {
      for (const piece of pieces(ids)) {
        version = (await changeMany(account, kind, piece, { set, version })).version;
        changed.push(...piece);
        setDone(changed.length);
      }
      onDone();
      say(doneWords(changed.length), { undo: undoing(), things: things() });
    } catch (error) {
      const failed = asFailure(error);
      setDone(undefined);
      setFailure(failed);
      if (changed.length > 0) {
        say(`${doneWords(changed.length)}, of ${count(ids.length)}. Then it stopped.`, { tone: 'bad', undo: undoing(), things: things() });
        onUndone();
      }
      if (failed.kind === 'changed') {
        onUndone();
        tried.reload();
      }
    }
  };

  return (
    <Dialog title={`${action.title} ${count(touched.length)} ${words}`} onClose={onClose}>
      <div class="stack">
        {action.asksPriority && <Field label="New priority" type="number" min={0} max={1000} value={priority} onInput={setPriority} hasFocus fault={isBadPriority ? priorityFault : undefined} />}
        {failure?.kind === 'changed' ? (
          <p class="note" role="alert">
            Somebody changed rules or settings meanwhile, so nothing was done. The list is as it is now: look again.
          </p>
        ) : (
          failure && <FailurePanel failure={failure} />
        )}
        {tried.failure && <FailurePanel failure={tried.failure} what="The dry run" onRetry={tried.reload} />}
        {rules.length > touched.length && <p class="muted">{touched.length === 0 ? 'All of the selected are so already.' : `${count(rules.length - touched.length)} of the selected are so already.`}</p>}
        {touched.length > 0 && (
        <ul class="exact-set" tabIndex={0} aria-label="Rules that change">
          {touched.slice(0, 200).map((each) => (
            <li key={each.id}>
              <Host name={each.pattern} /> <span class="muted">{kindWords[kind]} {each.id}</span>
              {Object.entries(set ?? {}).map(([name, value]) => (
                <span key={name} class="muted">
                  {fieldWord(name)} <span class="old">{valueWord(each.values[name])}</span> → {valueWord(value)}
                </span>
              ))}
            </li>
          ))}
          {touched.length > 200 && <li class="muted">and {count(touched.length - 200)} more</li>}
        </ul>
        )}
        {isTried && (
          <p class="muted" role="status">
            {tried.data && !tried.isLoading ? `Tried on the server: this ${action.isRemoval ? 'deletes' : 'changes'} ${count(tried.data.changes)}, and nothing else.` : tried.failure ? '' : 'Trying it on the server…'}
          </p>
        )}
        {needsTyping && <TypedNumber number={touched.length} typed={typed} onInput={setTyped} />}
      </div>
      <footer class="dialog-foot">
        <button type="button" onClick={onClose}>Cancel</button>
        <button type="button" class={action.isRemoval ? 'danger' : 'primary'} disabled={!isTried || !tried.data || tried.isLoading || done !== undefined || (needsTyping && !isTyped(typed, touched.length))} onClick={run}>
          {done !== undefined ? `${count(done)} of ${count(touched.length)}` : `${action.verb} ${count(touched.length)} ${words}`}
        </button>
      </footer>
    </Dialog>
  );
}
