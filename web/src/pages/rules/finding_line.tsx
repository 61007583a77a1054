// A finding beside its rule, with its cure as a button.
import { useState } from 'preact/hooks';
import { fetchRaw } from '../../api/client';
import { restoreRules, type RuleName } from '../../log/restore';
import { Icon } from '../../parts/icon';
import { canWrite } from '../../shell/session';
import { say, sayFailure } from '../../shell/toasts';
import { versionNow } from './calls';
import { ignore } from './lint';
import type { Finding } from './model';

type Fix = NonNullable<Finding['fix']>[number];

function fixWord(fix: Fix): string {
  const id = fix.path?.split('/').at(-1);
  if (fix.method === 'DELETE') return `Delete rule ${id}`;
  const changes = Object.entries(fix.body ?? {}).map(([name, value]) => `${name.replace('utm_', '')} ${value}`);
  return fix.method === 'PATCH' ? `Change rule ${id}: ${changes.join(', ')}` : 'Add a rule';
}

export function FindingLine({ account, finding, onChanged }: { account: string; finding: Finding; onChanged: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const fixes = finding.fix ?? [];

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
        const kind = path.includes('/passthrough-referrers') ? 'passthrough' : 'mapping';
        touched.push({ kind, id: method === 'POST' ? (await response.json()).data.id : Number(path.split('/').at(-1)) });
      }
      say(fixes.map(fixWord).join('; '), {
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
            {fixes.map(fixWord).join('; ')}
          </button>
        )}
        <button type="button" class="chip" title="Hides this finding in this browser" onClick={() => ignore(account, finding)}>
          Ignore here
        </button>
      </span>
    </div>
  );
}
