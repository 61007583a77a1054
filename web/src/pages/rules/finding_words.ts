// What a finding and its cure say, in the console's words.
import { fieldWord, matchWords, valueWord } from '../../words';
import { type Finding, kindOfPath, type NameOf } from './model';

type Fix = NonNullable<Finding['fix']>[number];

export const idOf = (path: string) => Number(path.split('/').at(-1));

function changeWord(field: string, value: unknown, name: string): string {
  if (field === 'is_active') return `Turn ${name} ${value ? 'on' : 'off'}`;
  if (field === 'match_type') return value === 'exact' ? `Match ${name} exactly` : `Match what ${matchWords[String(value)] ?? valueWord(value)} ${name}`;
  return `Give ${name} the ${fieldWord(field)} ${valueWord(value)}`;
}

/** A cure in words. Rules are called by their pattern: the list has numbers of its own, those of the order. */
function fixWord(fix: Fix, nameOf: NameOf): string {
  if (fix.method === 'POST') return `Add a rule for ${String(fix.body?.referrer_pattern ?? fix.body?.domain ?? 'it')}`;
  const name = nameOf(kindOfPath(fix.path), idOf(fix.path));
  if (fix.method === 'DELETE') return `Delete the rule ${name}`;
  return Object.entries(fix.body ?? {})
    .map(([field, value]) => changeWord(field, value, name))
    .join('; ');
}

/** What the server says of a rule names matches as the API does; people read words. */
export const plainFinding = (text: string) => text.replace(/\b(exact|contains|starts_with|ends_with|regex)(?= ")/g, (name) => matchWords[name] ?? name).replace(/([Pp])assthrough referrer/g, '$1assthrough rule').replaceAll('starts_with', 'starts with').replaceAll('ends_with', 'ends with');

/** What the button of a finding does; nothing where it has no cure. */
export const cureOf = (finding: Finding, nameOf: NameOf) => (finding.fix ?? []).map((each) => fixWord(each, nameOf)).join('; ');
