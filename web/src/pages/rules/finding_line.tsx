// A finding beside its rule, with its cure as a button.
import { useState } from 'preact/hooks';
import { fetchRaw } from '../../api/client';
import { restoreRules, type RuleName } from '../../log/restore';
import { Icon } from '../../parts/icon';
import { canWrite } from '../../shell/session';
import { say, sayFailure } from '../../shell/toasts';
import { versionNow } from './calls';
import { cureOf, idOf, plainFinding } from './finding_words';
import { ignore } from './lint';
import { type Finding, kindOfPath, type NameOf } from './model';

interface Properties {
  account: string;
  finding: Finding;
  nameOf: NameOf;
  /** How many lines there is room for; beyond them the rest is in the tooltip, and in the open rule. */
  lines?: number;
  onChanged: () => void;
}

export function FindingLine({ account, finding, nameOf, lines, onChanged }: Properties) {
  const [isBusy, setBusy] = useState(false);
  const fixes = finding.fix ?? [];
  const cure = cureOf(finding, nameOf);
  const message = plainFinding(finding.message);
  const suggestion = plainFinding(finding.suggestion);

  const apply = async () => {
    setBusy(true);
    try {
      const version = await versionNow(account);
      const touched: RuleName[] = [];
      for (const { method, path, body } of fixes) {
        const response = await fetchRaw(`${path}?account_id=${encodeURIComponent(account)}`, {
          method,
          headers: body ? { 'Content-Type': 'application/json' } : {},
          body: body ? JSON.stringify(body) : undefined,
        });
        touched.push({ kind: kindOfPath(path), id: method === 'POST' ? (await response.json()).data.id : idOf(path) });
      }
      say(`Done: ${cure}`, {
        undo: async () => {
          await restoreRules(account, version, touched);
          onChanged();
        },
      });
      onChanged();
    } catch (error) {
      sayFailure(error);
    }
    setBusy(false);
  };

  const hide = () => {
    const back = ignore(account, finding);
    say('The finding is hidden in this browser', { undo: () => Promise.resolve(back()) });
  };

  return (
    <div class={`finding finding-${finding.severity}`}>
      <Icon name={finding.severity === 'info' ? 'info' : 'warning'} label={finding.severity} />
      <p title={`${message} ${suggestion}`} style={lines ? { webkitLineClamp: String(lines) } : undefined}>
        <bdi>{message}</bdi> <span class="muted">{suggestion}</span>
      </p>
      <span class="row finding-cures">
        {canWrite.value && fixes.length > 0 && (
          <button type="button" class="chip" title={cure} disabled={isBusy} onClick={apply}>
            {cure}
          </button>
        )}
        <button type="button" class="chip" title="Only for you, in this browser" onClick={hide}>
          Hide
        </button>
      </span>
    </div>
  );
}
