// The account's events, newest first, and what each says in words.
import { answered, api } from '../api/client';
import type { components } from '../api/schema';
import { count } from '../formats';
import { apiKinds, fieldWord, kindWords, type RuleKind, rulesWord, valueWord } from '../words';

export type RawEvent = components['schemas']['Event'];

export interface LogEvent {
  sequence: number;
  position: number;
  at: number; // milliseconds
  type: string;
  /** The name of the token that made the change, or its number. */
  who: string;
  requestId: string | null;
  chain: string;
  payload: Record<string, any> | null; // null once it is erased
  raw: RawEvent;
}

export interface EventsPage {
  events: LogEvent[];
  /** How many events the account has. */
  end: number;
  /** Where to go on with older ones; null: there are none. */
  after: number | null;
}

export interface EventFilter {
  rule?: { kind: RuleKind; id: number } | null;
  type?: string | null;
}

function asEvent(raw: RawEvent): LogEvent {
  return {
    sequence: raw.header.sequence,
    position: raw.header.position,
    at: raw.header.time / 1000,
    type: raw.header.type,
    who: raw.principal_name ?? (raw.part ? `token ${raw.part.principal}` : 'erased'),
    requestId: raw.part?.request_id ?? null,
    chain: raw.chain,
    payload: raw.part?.payload ?? null,
    raw,
  };
}

/** Newest first, from the end or where an earlier page ended. */
export async function readEvents(account: string, after: number | null, limit: number, { rule, type }: EventFilter = {}, signal?: AbortSignal): Promise<EventsPage> {
  const events: LogEvent[] = [];
  let from = after;
  for (;;) {
    const query = {
      account_id: account,
      order: 'desc' as const,
      limit: limit - events.length,
      ...(from === null ? {} : { after: from }),
      ...(rule ? { rule: `${apiKinds[rule.kind]}:${rule.id}` } : {}),
      ...(type ? { type } : {}),
    };
    const { data } = await answered(api.GET('/events', { params: { query }, signal }));
    events.push(...data.data.events.map(asEvent));
    from = data.meta.next_after;
    // A page of a search through much may be short, or even empty, before the end.
    if (events.length >= limit || from === null) return { events, end: data.meta.end, after: from };
  }
}

/** What the events of an account can be, for a choice of one of them. */
export const eventTypes: [type: string, word: string][] = [
  ['referrer_mapping_created', 'mappings added'],
  ['referrer_mapping_changed', 'mappings changed'],
  ['referrer_mapping_deleted', 'mappings deleted'],
  ['referrer_mappings_imported', 'many mappings at once'],
  ['passthrough_referrer_created', 'passthrough rules added'],
  ['passthrough_referrer_changed', 'passthrough rules changed'],
  ['passthrough_referrer_deleted', 'passthrough rules deleted'],
  ['passthrough_referrers_imported', 'many passthrough rules at once'],
  ['rules_restored', 'rules restored'],
  ['attribution_settings_changed', 'settings'],
];

/** The rule that an event is about, if it is about one. */
export function ruleOf(event: LogEvent): { kind: RuleKind; id: number } | null {
  const id = event.payload?.id;
  if (typeof id !== 'number') return null;
  if (event.type.startsWith('referrer_mapping_')) return { kind: 'mapping', id };
  if (event.type.startsWith('passthrough_referrer_')) return { kind: 'passthrough', id };
  return null;
}

const size = (list: unknown) => (Array.isArray(list) ? list.length : typeof list === 'number' ? list : 0);

export interface Counts {
  added: number;
  changed: number;
  removed: number;
}
const countsOf = (...parts: (Record<string, unknown> | undefined)[]): Counts => {
  const sum = (name: string) => parts.reduce((all, part) => all + size(part?.[name]), 0);
  return { added: sum('added'), changed: sum('changed'), removed: sum('removed') };
};

/** How many rules an event is about, which is about many at once: an import, a pack, or a change of chosen ones. */
export function manyOf(event: LogEvent): { kind: RuleKind; counts: Counts } | null {
  if (!event.payload || !event.type.endsWith('_imported')) return null;
  return { kind: event.type.startsWith('referrer_mappings') ? 'mapping' : 'passthrough', counts: countsOf(event.payload) };
}

const verbs = { added: 'added', changed: 'changed', removed: 'deleted' } as const;
const many = (number: number, kind: RuleKind) => `${count(number)} ${rulesWord(kind, number)}`;

/** "added 12 mappings", "deleted 3 and changed 2 passthrough rules" */
function manyWords({ kind, counts }: { kind: RuleKind; counts: Counts }): string {
  const parts = (['added', 'changed', 'removed'] as const).filter((name) => counts[name] > 0);
  const last = parts.at(-1);
  if (!last) return `imported ${rulesWord(kind, 2)}, all of which were there already`;
  const before = parts.slice(0, -1).map((name) => `${verbs[name]} ${count(counts[name])}`);
  const end = `${verbs[last]} ${many(counts[last], kind)}`;
  return before.length ? `${before.join(', ')} and ${end}` : end;
}

/**
 * What was done to many rules, if it was the same for all: "turned off 12 mappings". The event has only what they are
 * like since, so this needs the difference.
 */
export function sameChangeWords(kind: RuleKind, changes: (readonly [field: string, from: unknown, to: unknown])[][]): string | null {
  const [first] = changes[0] ?? [];
  if (!first || !changes.every((each) => each.length === 1 && each[0]?.[0] === first[0])) return null;
  const [field, , to] = first;
  const of = many(changes.length, kind);
  const isSame = changes.every((each) => each[0]?.[2] === to);
  if (field === 'is_active' && isSame) return `turned ${to ? 'on' : 'off'} ${of}`;
  return isSame ? `set the ${fieldWord(field)} of ${of} to ${valueWord(to)}` : `changed the ${fieldWord(field)} of ${of}`;
}

/** What a restore did, over both kinds of rules. */
function restored(payload: Record<string, any>): string {
  const { added, changed, removed } = countsOf(payload.referrer_mappings, payload.passthrough_referrers);
  const words = [added && `${count(added)} brought back`, changed && `${count(changed)} changed back`, removed && `${count(removed)} deleted`].filter(Boolean);
  return words.join(', ') || 'nothing was different';
}

/** What happened, without who and when: "changed Mapping 12". */
export function eventWords(event: LogEvent): string {
  const { type, payload } = event;
  if (!payload) return `${type.replaceAll('_', ' ')}, erased`;
  const rule = ruleOf(event);
  if (rule) {
    const name = `${kindWords[rule.kind]} ${rule.id}`;
    if (type.endsWith('_created')) return `added ${name}`;
    if (type.endsWith('_deleted')) return `deleted ${name}`;
    return `changed ${name}`;
  }
  const several = manyOf(event);
  if (several) return manyWords(several);
  if (type === 'rules_restored') return `restored rules as they were: ${restored(payload)}`;
  if (type === 'attribution_settings_changed') return 'changed the settings';
  return type.replaceAll('_', ' ');
}

/** What a rule is called by what its event says. */
export const eventSubject = (event: LogEvent): string => String(event.payload?.referrer_pattern ?? event.payload?.domain ?? '');
