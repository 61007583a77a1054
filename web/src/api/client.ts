// The API, typed by its own description. Every request of the console goes through `patientFetch`.
import createClient from 'openapi-fetch';
import { apiRoot } from '../base';
import { self, signedInAgain, token } from '../shell/session';
import { hearDate } from './clock';
import { Failure, failureOf, isCancelled } from './failure';
import { reached, unreachable } from './reach';
import type { paths } from './schema';
import { wait } from './waits';

/** A name for a request that may be sent again, without being carried out twice. */
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((each) => each.toString(16).padStart(2, '0')).join('');
}

const isChange = (request: Request) => request.method !== 'GET' && !new URL(request.url).pathname.endsWith('/resolve');

async function sendOnce(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    reached();
    hearDate(response.headers.get('Date'));
    return response;
  } catch (error) {
    if (isCancelled(error)) throw error;
    unreachable();
    throw isChange(request)
      ? new Failure('unknown_outcome', 'The connection was lost, so it may have been saved.')
      : new Failure('unreachable', 'Headwater cannot be reached.');
  }
}

/**
 * 401 waits for a sign-in, after which questions are sent again, and 429 and 503 for as long as the server asks, three times. All of them mean that nothing
 * was done, so sending it again is safe.
 */
async function patientFetch(original: Request): Promise<Response> {
  if (isChange(original) && original.method === 'POST' && !original.headers.has('Idempotency-Key'))
    original.headers.set('Idempotency-Key', newRequestKey());
  const sender = self.value?.id;
  for (let waits = 0; ; ) {
    const request = original.clone();
    const sent = token.value;
    if (sent && !request.headers.has('Authorization')) request.headers.set('Authorization', `Bearer ${sent}`);
    const response = await sendOnce(request);
    if (response.status === 401 && sent && !original.headers.has('Authorization')) {
      if (token.value === sent) await signedInAgain(original.signal);
      // Whoever signed in since may be somebody else, in whose name nothing is changed unasked.
      if (isChange(original) && self.value?.id !== sender)
        throw new Failure('not_sent', `Not saved: the sign-in had lapsed. Do it again, and it is done as ${self.value?.name || 'whoever is signed in now'}.`);
      continue;
    }
    const later = Number(response.headers.get('Retry-After') ?? Number.NaN);
    if ((response.status === 429 || response.status === 503) && later >= 0 && later <= 120 && waits < 3) {
      const body = await response.clone().text().catch(() => '');
      if (body.includes('outcome_unknown')) return response;
      waits++;
      await wait(Math.max(later, 1), original.signal);
      continue;
    }
    return response;
  }
}

export const api = createClient<paths>({ baseUrl: apiRoot, fetch: patientFetch });

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

export interface Answer<T> {
  data: T;
  etag: string | null;
  response: Response;
}

/** JSON, which is what is asked for here, of all the forms that an answer may have. */
type Json<T> = Exclude<T, string>;

/** The answer with its headers, or a Failure. */
export async function answered<T>(request: Promise<Answered<T>>): Promise<Answer<Json<T>>> {
  let result: Answered<T>;
  try {
    result = await request;
  } catch (error) {
    if (error instanceof Failure || isCancelled(error)) throw error;
    // Cut in the middle, or no JSON: a proxy's page, say.
    throw new Failure('unreachable', 'The answer could not be read: it was cut, or did not come from Headwater.');
  }
  const { response, error } = result;
  if (!response.ok) throw failureOf(response, error);
  return { data: result.data as Json<T>, etag: response.headers.get('ETag'), response };
}

/** What most answers of the API have in `data`. */
export async function ask<T>(request: Promise<Answered<{ data: T }>>): Promise<T> {
  return (await answered(request)).data.data;
}

/** For answers that are not JSON, and for what the description does not know yet. */
export async function fetchRaw(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await patientFetch(new Request(`${apiRoot}${path}`, init));
  if (response.ok) return response;
  let body: unknown = null;
  try {
    body = await response.clone().json();
  } catch {
    // Not JSON; failureOf says so.
  }
  throw failureOf(response, body);
}
