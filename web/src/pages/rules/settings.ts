// The settings of attribution of an account, and how a form holds them.
import { answered, api } from '../../api/client';
import type { Failure } from '../../api/failure';
import type { components } from '../../api/schema';

export type Settings = components['schemas']['AttributionSettings'];
export type SettingsChange = components['schemas']['UpdateAttributionSettings'];
export type Family = Settings['campaign_parameters'][number];

export interface ReadSettings {
  settings: Settings;
  etag: string | null;
}

export async function readSettings(account: string, signal?: AbortSignal): Promise<ReadSettings> {
  const { data, etag } = await answered(api.GET('/accounts/{account_id}/attribution', { params: { path: { account_id: account } }, signal }));
  return { settings: data.data, etag };
}

export async function changeSettings(account: string, change: SettingsChange, etag: string | null): Promise<ReadSettings> {
  const params = { path: { account_id: account }, header: etag ? { 'If-Match': etag } : {} };
  const { data, etag: now } = await answered(api.PATCH('/accounts/{account_id}/attribution', { params, body: change }));
  return { settings: data.data, etag: now };
}

/** What is typed: lists as lines of text. */
export interface Form extends Omit<Settings, 'account_id' | 'own_domains' | 'return_paths' | 'currency'> {
  own_domains: string;
  return_paths: string;
  currency: string;
}

export const asForm = ({ own_domains, return_paths, currency, ...others }: Settings): Form => ({
  ...others,
  own_domains: own_domains.join('\n'),
  return_paths: return_paths.join('\n'),
  currency: currency ?? '',
});

const lines = (text: string) => text.split(/[\n,]+/).map((each) => each.trim()).filter(Boolean);

/** As it is sent and compared: all fields, lists as lists. */
export const asChange = (form: Form) => ({
  own_domains: lines(form.own_domains),
  return_paths: lines(form.return_paths),
  campaign_parameters: form.campaign_parameters,
  ai_medium: form.ai_medium,
  drop_spam: form.drop_spam,
  classification: form.classification,
  timezone: form.timezone.trim(),
  currency: form.currency.trim().toUpperCase() || null,
});

export type Values = Record<string, unknown>;
const plain = (value: unknown) => (Array.isArray(value) ? value.toSorted().join('\n') : String(value ?? ''));

/** The settings that differ; the order of a list says nothing. */
export const differing = (one: Values, other: Values): string[] =>
  ['own_domains', 'return_paths', 'campaign_parameters', 'ai_medium', 'drop_spam', 'classification', 'timezone', 'currency'].filter((name) => plain(one[name]) !== plain(other[name]));

export const picked = (values: Values, names: string[]): SettingsChange => Object.fromEntries(names.map((name) => [name, values[name]]));

/** What is wrong with a setting; of a list, with which of its lines. */
export function faultOf(failure: Failure | undefined, name: string): string | undefined {
  const found = failure?.faults.filter((each) => each.field.replace(/^body\./, '').replace(/\[\d+\]$/, '') === name) ?? [];
  const told = found.map(({ field, message }) => {
    const index = /\[(\d+)\]$/.exec(field)?.[1];
    return index === undefined ? message : `Line ${Number(index) + 1}: ${message}`;
  });
  return told.length > 0 ? told.join('. ') : undefined;
}
