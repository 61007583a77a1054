// A finding beside its rule, with its cure as a button.
import { useState } from 'preact/hooks';
import { fetchRaw } from '../../api/client';
import { restoreRules, type RuleName } from '../../log/restore';
import { Icon } from '../../parts/icon';
import { canWrite } from '../../shell/session';
import { say, sayFailure } from '../../shell/toasts';
import { fieldWord, matchWords, valueWord } from '../../words';
import { versionNow } from './calls';
import { ignore } from './lint';
import { type Finding, type NameOf, kindOfPath } from './model';

type Fix = NonNullable<Finding['fix']>[number];

const idOf = (path: string) => Number(path.split('/').at(-1));

/** A cure in words. Rules are called by their pattern: the list has numbers of its own, those of the order. */
function fixWord(fix: Fix, nameOf: NameOf): string {
  if (fix.method === 'POST') return 'Add a rule';
  const name = nameOf(kindOfPath(fix.path), idOf(fix.path));
  if (fix.method === 'DELETE') return `Delete ${name}`;
  const changes = Object.entries(fix.body ?? {}).map(([field, value]) => `${fieldWord(field)} ${matchWords[String(value)] ?? valueWord(value)}`);
  return `Change ${name}: ${changes.join(', ')}`;
}

export function FindingLine({ account, finding, nameOf, onChanged }: { account: string; finding: Finding; nameOf: NameOf; onChanged: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const fixes = finding.fix ?? [];
  const cure = fixes.map((each) => fixWord(each, nameOf)).join('; ');

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
      say(cure, {
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

  return (
    <div class={`finding finding-${finding.severity}`}>
      <Icon name={finding.severity === 'info' ? 'info' : 'warning'} label={finding.severity} />
      <p title={`${finding.message} ${finding.suggestion} (${finding.code})`}>
        <bdi>{finding.message}</bdi> <span class="muted">{finding.suggestion}</span>
      </p>
      <span class="row">
        {canWrite.value && fixes.length > 0 && (
          <button type="button" class="chip" disabled={isBusy} onClick={apply}>
            {cure}
          </button>
        )}
        <button type="button" class="chip" title="Hides this finding in this browser" onClick={() => ignore(account, finding)}>
          Ignore here
        </button>
      </span>
    </div>
  );
}
