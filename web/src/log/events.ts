// The account's events, newest first, and what each says in words.
import { fetchRaw } from '../api/client';
import { takes } from '../api/features';
import { count } from '../formats';
import { kindWords, type RuleKind } from '../words';

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

export interface RawEvent {
  chain: string;
  header: { payload_hash: string; position: number; schema: number; sequence: number; stream: string; time: number; type: string };
  part: { payload: Record<string, any>; principal: string; request_id: string } | null;
  salt: string | null;
  principal_name?: string | null;
}

export interface EventsPage {
  events: LogEvent[];
  /** How many events the account has. */
  end: number;
  /** Ask for those before this one next; null: there are none. */
  before: number | null;
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

async function request(account: string, query: Record<string, string | number>, signal?: AbortSignal) {
  const parameters = new URLSearchParams({ account_id: account });
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
  const body = await (await fetchRaw(`/events?${parameters}`, { signal })).json();
  return { events: (body.data.events as RawEvent[]).map(asEvent), meta: body.meta ?? {} };
}

/** Newest first, before a sequence number or from the end. */
export async function readEvents(account: string, before: number | null, limit: number, signal?: AbortSignal): Promise<EventsPage> {
  // The API reads forward; from the end backwards means to know where the end is, and to ask for the piece before it.
  let end = before;
  if (end === null) {
    const { meta } = await request(account, { limit: 1, after: Number.MAX_SAFE_INTEGER }, signal).catch(() => request(account, { limit: 1 }, signal));
    end = Number(meta.end) + 1;
  }
  const after = Math.max(0, end - 1 - limit);
  const wanted = end - 1 - after;
  if (wanted <= 0) return { events: [], end: 0, before: null };
  const { events, meta } = await request(account, { limit: wanted, after }, signal);
  return { events: events.reverse(), end: Number(meta.end), before: after > 0 ? after + 1 : null };
}

const holds = (list: unknown, id: number) => Array.isArray(list) && list.some((each) => each === id || each?.id === id);

export function concerns(event: LogEvent, kind: RuleKind, id: number): boolean {
  const lead = kind === 'mapping' ? 'referrer_mapping' : 'passthrough_referrer';
  const { payload } = event;
  if (!payload) return false;
  if (event.type.startsWith(lead)) return payload.id === id || ['added', 'changed', 'removed'].some((each) => holds(payload[each], id));
  if (event.type !== 'rules_restored') return false;
  const part = payload[`${lead}s`] ?? {};
  return ['added', 'changed', 'removed'].some((each) => holds(part[each], id));
}

/** All events of one rule, newest first. */
export async function readRuleEvents(account: string, kind: RuleKind, id: number, signal?: AbortSignal): Promise<LogEvent[]> {
  const lead = kind === 'mapping' ? 'referrer_mapping' : 'passthrough_referrer';
  if (takes('/events', 'get', 'rule')) {
    const order: Record<string, string> = takes('/events', 'get', 'order') ? { order: 'desc' } : {};
    const { events } = await request(account, { rule: `${lead}:${id}`, limit: 200, ...order }, signal);
    return events.sort((a, b) => b.sequence - a.sequence);
  }
  // Without that filter: the last 3,000 events, looked through here.
  const found: LogEvent[] = [];
  let before: number | null = null;
  for (let pages = 0; pages < 3; pages++) {
    const page: EventsPage = await readEvents(account, before, 1000, signal);
    found.push(...page.events.filter((each) => concerns(each, kind, id)));
    before = page.before;
    if (before === null) break;
  }
  return found;
}

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
    return `imported ${kind}: ${counts(payload)}`;
  }
  if (type === 'rules_restored') return 'restored rules as they were before';
  if (type === 'attribution_settings_changed') return 'changed the settings of attribution';
  return type.replaceAll('_', ' ');
}

/** What a rule is called by what its event says. */
export const eventSubject = (event: LogEvent): string => String(event.payload?.referrer_pattern ?? event.payload?.domain ?? '');
