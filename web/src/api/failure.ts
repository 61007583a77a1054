// What can go wrong with a request, in the terms in which the console answers it.
import { plainFault, plainMessage } from './plain';

export type FailureKind =
  | 'unreachable' // no answer, or one that was cut
  | 'forbidden'
  | 'not_found'
  | 'conflict' // 409: something like it is there
  | 'changed' // 412: it is not as it was read
  | 'invalid' // 422, and 400: faults at their fields
  | 'busy' // 429, 503: later
  | 'unknown_outcome' // it may have been saved
  | 'not_sent' // 401, and then somebody else signed in
  | 'server';

export interface Fault {
  field: string;
  message: string;
  line?: number;
}

export class Failure extends Error {
  override name = 'Failure';
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly status = 0,
    readonly code = '',
    readonly faults: Fault[] = [],
    readonly requestId: string | null = null,
    readonly detail: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** The fault of one field of the body, such as utm_source. */
  at(field: string): string | undefined {
    return this.faults.find((each) => each.field === field || each.field.endsWith(`.${field}`))?.message;
  }
}

const kinds: Record<number, FailureKind> = {
  400: 'invalid', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 410: 'not_found', 412: 'changed', 413: 'invalid',
  415: 'invalid', 422: 'invalid', 429: 'busy', 503: 'busy',
};

function faultsOf(detail: unknown): Fault[] {
  if (!Array.isArray(detail)) return [];
  return detail.map((each) =>
    Array.isArray(each.loc)
      ? { field: each.loc.join('.'), message: plainFault(String(each.msg)) } // AI referrals say it so
      : { field: String(each.field ?? ''), message: plainFault(String(each.message ?? '')), line: each.line },
  );
}

/** The failure that an answer tells of. Both families of the API have their own form for it. */
export function failureOf(response: Response, body: unknown): Failure {
  const answer = (typeof body === 'object' && body !== null ? body : {}) as Record<string, any>;
  const error = answer.error ?? {};
  const detail = error.detail ?? answer.detail;
  const faults = faultsOf(detail);
  const said = error.message ?? (typeof answer.detail === 'string' ? answer.detail : faults[0]?.message);
  const message = said ? plainMessage({ code: String(error.code ?? ''), message: String(said), faults }) : `The server answered ${response.status} and nothing that this page understands.`;
  const kind = error.code === 'outcome_unknown' ? 'unknown_outcome' : (kinds[response.status] ?? 'server');
  const id = answer.request_id ?? response.headers.get('X-Request-ID');
  const known = typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : {};
  return new Failure(kind, message, response.status, String(error.code ?? ''), faults, id, known);
}

export const isCancelled = (error: unknown) => error instanceof DOMException && error.name === 'AbortError';

/** Whatever was thrown, as a failure that can be shown. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('server', error instanceof Error ? error.message : String(error));
}
