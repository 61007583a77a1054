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

function changeWord(field: string, value: unknown, name: string): string {
  if (field === 'is_active') return `Turn ${name} ${value ? 'on' : 'off'}`;
  if (field === 'match_type') return value === 'exact' ? `Let ${name} fit only itself` : `Let ${name} fit what ${matchWords[String(value)] ?? value} it`;
  return `Give ${name} the ${fieldWord(field)} ${valueWord(value)}`;
}

/** A cure in words. Rules are called by their pattern: the list has numbers of its own, those of the order. */
export function fixWord(fix: Fix, nameOf: NameOf): string {
  if (fix.method === 'POST') return `Add a rule for ${String(fix.body?.referrer_pattern ?? fix.body?.domain ?? 'it')}`;
  const name = nameOf(kindOfPath(fix.path), idOf(fix.path));
  if (fix.method === 'DELETE') return `Delete the rule ${name}`;
  return Object.entries(fix.body ?? {})
    .map(([field, value]) => changeWord(field, value, name))
    .join('; ');
}

/** What the server says of a rule names matches as the API does; people read words. */
export const plainFinding = (text: string) => text.replace(/\b(exact|contains|starts_with|ends_with|regex)(?= ")/g, (name) => matchWords[name] ?? name).replaceAll('starts_with', 'starts with').replaceAll('ends_with', 'ends with');

/** What the button of a finding does; nothing where it has no cure. */
export const cureOf = (finding: Finding, nameOf: NameOf) => (finding.fix ?? []).map((each) => fixWord(each, nameOf)).join('; ');

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
    say('The finding is hidden in this browser', { undo: async () => back() });
  };

  return (
    <div class={`finding finding-${finding.severity}`}>
      <Icon name={finding.severity === 'info' ? 'info' : 'warning'} label={finding.severity} />
      <p title={`${message} ${suggestion}`} style={lines ? { webkitLineClamp: String(lines) } : undefined}>
        <bdi>{message}</bdi> <span class="muted">{suggestion}</span>
      </p>
      <span class="row finding-cures">
        {canWrite.value && fixes.length > 0 && (
          <button type="button" class="chip" disabled={isBusy} onClick={apply}>
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
