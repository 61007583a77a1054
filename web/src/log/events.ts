// The account's events, newest first, and what each says in words.
import { answered, api } from '../api/client';
import type { components } from '../api/schema';
import { count } from '../formats';
import { apiKinds, kindWords, type RuleKind } from '../words';

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
  ['referrer_mappings_imported', 'mappings, many at once'],
  ['passthrough_referrer_created', 'passthrough added'],
  ['passthrough_referrer_changed', 'passthrough changed'],
  ['passthrough_referrer_deleted', 'passthrough deleted'],
  ['passthrough_referrers_imported', 'passthrough, many at once'],
  ['rules_restored', 'restores'],
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

function counts(part: Record<string, unknown> | undefined): string {
  const words = [['added', 'added'], ['changed', 'changed'], ['removed', 'removed']] as const;
  return words.filter(([name]) => size(part?.[name])).map(([name, word]) => `${word} ${count(size(part?.[name]))}`).join(', ') || 'changed nothing';
}

/** What a restore did, over both kinds of rules. */
function restored(payload: Record<string, any>): string {
  const sums: Record<string, number> = {};
  for (const part of [payload.referrer_mappings, payload.passthrough_referrers])
    for (const name of ['added', 'changed', 'removed']) sums[name] = (sums[name] ?? 0) + size(part?.[name]);
  return counts(sums);
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
  if (type.endsWith('_imported')) {
    const kind = type.startsWith('referrer_mappings') ? 'mappings' : 'passthrough referrers';
    return `changed many ${kind} at once: ${counts(payload)}`;
  }
  if (type === 'rules_restored') return `restored rules as they were before: ${restored(payload)}`;
  if (type === 'attribution_settings_changed') return 'changed the settings of attribution';
  return type.replaceAll('_', ' ');
}

/** What a rule is called by what its event says. */
export const eventSubject = (event: LogEvent): string => String(event.payload?.referrer_pattern ?? event.payload?.domain ?? '');
