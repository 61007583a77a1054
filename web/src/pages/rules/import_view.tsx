// Bringing a file in: a dry run first, always; faults block; what would be removed has to be typed.
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fetchRaw } from '../../api/client';
import type { Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import { count } from '../../formats';
import { Changes } from '../../log/changes';
import { csvLine, download } from '../../parts/download';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { FailurePanel, Skeleton } from '../../parts/states';
import { Gives, Host } from '../../parts/text';
import { say, sayFailure } from '../../shell/toasts';
import { kindWords, type RuleKind } from '../../words';
import { takeBack, versionNow } from './calls';
import { apiPaths, asRule } from './model';
import { isTyped, TypedNumber } from './typed_number';
import { importPath, listPath } from './where';
import './import.css';

/** A file that was dropped on the list, on its way here. */
export const droppedFile = signal<File | null>(null);

interface Outcome {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  preview?: {
    added?: { line: number; rule: Record<string, unknown> }[];
    changed?: { line: number; id: number; referrer_pattern?: string; domain?: string; changes: Record<string, { from: unknown; to: unknown }> }[];
    removed?: Record<string, unknown>[];
  };
}
interface Answer {
  data: Outcome;
  meta?: { normalised?: { line?: number; message?: string }[]; normalised_count?: number };
}

async function send(account: string, kind: RuleKind, mode: string, content: string, isDry: boolean, signal?: AbortSignal): Promise<Answer> {
  const isJson = /^\s*[[{]/.test(content);
  const query = `account_id=${encodeURIComponent(account)}&mode=${mode}&dry_run=${isDry}`;
  const headers = { 'Content-Type': isJson ? 'application/json' : 'text/csv' };
  return (await fetchRaw(`${apiPaths[kind]}/import?${query}`, { method: 'POST', headers, body: content, signal })).json();
}

export function ImportView({ account, kind, onDone }: { account: string; kind: RuleKind; onDone: () => void }) {
  const [file, setFile] = useState<{ name: string; content: string } | null>(null);
  const [mode, setMode] = useState<'merge' | 'replace'>('merge');
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const picker = useRef<HTMLInputElement>(null);

  const take = async (taken: File | undefined | null) => {
    if (!taken) return;
    if (taken.size > 32 * 1024 * 1024) return say('The file is larger than 32 MiB, which is more than the server takes.', { tone: 'bad' });
    setFile({ name: taken.name, content: await taken.text() });
    setTyped('');
  };
  useEffect(() => {
    take(droppedFile.value);
    droppedFile.value = null;
  }, []);

  const look = useResource(file ? `${account} ${kind} ${mode} ${file.name} ${file.content.length}` : null, (cancel) => send(account, kind, mode, file?.content ?? '', true, cancel));
  const outcome = file && !look.failure ? look.data?.data : undefined;
  const total = outcome ? outcome.added + outcome.changed + outcome.removed : 0;
  const needsTyping = mode === 'replace' && (outcome?.removed ?? 0) > 0;
  const isReady = outcome && total > 0 && !look.isLoading && (!needsTyping || isTyped(typed, outcome.removed));

  const run = async () => {
    if (!file || !outcome) return;
    setBusy(true);
    try {
      const version = await versionNow(account);
      const { data } = await send(account, kind, mode, file.content, false);
      onDone();
      say(`Imported ${file.name}: ${count(data.added + data.changed + data.removed)} changes`, {
        undo: async () => {
          await takeBack(account, version, kind, { added: data.removed, changed: data.changed, removed: data.added });
          onDone();
        },
      });
    } catch (error) {
      sayFailure(error);
      setBusy(false);
    }
  };

  return (
    <section class="import" onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); take(event.dataTransfer?.files[0]); }}>
      <div class="page-head">
        <h1>Import</h1>
        <nav class="tabs" aria-label="Kinds of rules">
          <Link to={importPath('mapping')} aria-current={kind === 'mapping' ? 'true' : undefined}>Mappings</Link>
          <Link to={importPath('passthrough')} aria-current={kind === 'passthrough' ? 'true' : undefined}>Passthrough</Link>
        </nav>
        <div class="row">
          <Link to={listPath(kind)}>Back to the rules</Link>
        </div>
      </div>
      <div class="drop-zone">
        <Icon name="upload" />
        <p>
          {file ? <bdi><strong>{file.name}</strong></bdi> : 'Drop a CSV or JSON file here'}{' '}
          <button type="button" class="link" onClick={() => picker.current?.click()}>
            {file ? 'another file' : 'or choose one'}
          </button>
        </p>
        <input ref={picker} class="for-readers" type="file" tabIndex={-1} aria-label="File to import" accept=".csv,.tsv,.txt,.json,text/csv,application/json" onChange={(event) => take(event.currentTarget.files?.[0])} />
        <p class="muted">An export of the rules is such a file. What would change is shown first.</p>
      </div>
      <fieldset class="segments">
        <legend>Rules that the file does not name</legend>
        {(['merge', 'replace'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="mode" checked={mode === each} onChange={() => setMode(each)} />
            <span>{each === 'merge' ? 'stay (merge)' : 'are deleted (replace)'}</span>
          </label>
        ))}
      </fieldset>
      {file && look.isLoading && !outcome && <Skeleton />}
      {file && look.failure && (look.failure.faults.length ? <Faults failure={look.failure} name={file.name} /> : <FailurePanel failure={look.failure} onRetry={look.reload} />)}
      {outcome && (
        <>
          <p class="import-counts">
            <span class="badge badge-accent">Added {count(outcome.added)}</span> <span class="badge badge-warn">Changed {count(outcome.changed)}</span>{' '}
            <span class={`badge ${outcome.removed ? 'badge-bad' : ''}`}>Deleted {count(outcome.removed)}</span> <span class="badge">Same {count(outcome.unchanged)}</span>
          </p>
          {look.data?.meta?.normalised?.map((each) => (
            <p key={`${each.line} ${each.message}`} class="note">
              Line {each.line}: {each.message}
            </p>
          ))}
          <DryRun outcome={outcome} kind={kind} />
          {needsTyping && <TypedNumber number={outcome.removed} typed={typed} onInput={setTyped} />}
        </>
      )}
      {file && (
        <footer class="panel-foot">
          <button type="button" class="primary" disabled={!isReady || isBusy} onClick={run}>
            {look.failure?.faults.length ? 'Import' : total === 0 && outcome ? 'Nothing to change' : `Import ${count(total)} changes`}
          </button>
          {look.failure && look.failure.faults.length > 0 && <span class="muted">Not while there are errors.</span>}
        </footer>
      )}
    </section>
  );
}

function DryRun({ outcome, kind }: { outcome: Outcome; kind: RuleKind }) {
  const { added = [], changed = [], removed = [] } = outcome.preview ?? {};
  const shownOnly = added.length + changed.length + removed.length < outcome.added + outcome.changed + outcome.removed;
  return (
    <ul class="dry-run card" aria-label="What would change">
      {changed.map((each) => (
        <li key={`c${each.id}`}>
          <span class="badge badge-warn">~</span> <Host name={each.referrer_pattern ?? each.domain ?? ''} /> <span class="muted">{kindWords[kind]} {each.id}</span>
          <Changes changes={Object.entries(each.changes).map(([name, { from, to }]) => [name, from ?? null, to ?? null])} />
        </li>
      ))}
      {added.map(({ line, rule }) => (
        <li key={`a${line}`}>
          <span class="badge badge-accent">+</span> <span class="muted">line {line}</span> <Host name={asRule(kind, rule).pattern} /> <span class="muted">→</span> <Gives source={String(rule.utm_source)} medium={String(rule.utm_medium ?? '')} />
        </li>
      ))}
      {removed.map((rule) => (
        <li key={`r${String(rule.id)}`}>
          <span class="badge badge-bad">−</span> <Host name={asRule(kind, rule).pattern} /> <span class="muted">{kindWords[kind]} {String(rule.id)}</span>
        </li>
      ))}
      {shownOnly && <li class="muted">The first 100 of each kind are shown.</li>}
    </ul>
  );
}

function Faults({ failure, name }: { failure: Failure; name: string }) {
  const { faults } = failure;
  return (
    <section class="card" role="alert">
      <div class="row spread">
        <h2>
          {count(faults.length)} {faults.length === 1 ? 'error' : 'errors'} in <bdi>{name}</bdi>
        </h2>
        <button type="button" onClick={() => download('errors.csv', csvLine(['line', 'field', 'message']) + faults.map((each) => csvLine([each.line ?? '', each.field, each.message])).join(''))}>
          <Icon name="download" /> Errors as CSV
        </button>
      </div>
      <table class="plain">
        <thead>
          <tr>
            <th>Line</th>
            <th>Field</th>
            <th>What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {faults.slice(0, 500).map((each, index) => (
            <tr key={index}>
              <td data-label="Line">{each.line ?? '–'}</td>
              <td data-label="Field">{each.field.replace(/^body(\[\d+\])?\.?/, '') || '–'}</td>
              <td data-label="What is wrong"><bdi>{each.message}</bdi></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
