// How a connection is, in a word and a colour.
import { serverNow } from '../../api/clock';
import { ago, count } from '../../formats';
import type { components } from '../../api/schema';
import type { Batch, Connection } from './data';

export interface Health {
  tone: 'good' | 'warn' | 'bad' | 'off';
  words: string;
}

const silentAfter = 2 * 86_400_000;

export function healthOf(connection: Connection, last: Batch | undefined, now = serverNow()): Health {
  if (connection.status === 'disabled') return { tone: 'off', words: 'turned off' };
  if (connection.last_push_error) return { tone: 'bad', words: `last push refused: ${connection.last_push_error}` };
  if (!connection.last_pushed_at) return { tone: 'off', words: 'waiting for the first push' };
  if (last?.rejected) return { tone: 'warn', words: `last push: ${count(last.rejected)} ${last.rejected === 1 ? 'row is' : 'rows are'} of no known AI assistant` };
  const silence = now - Date.parse(connection.last_pushed_at);
  if (silence > silentAfter) return { tone: 'warn', words: `nothing for a while: last push ${ago(connection.last_pushed_at, now)}` };
  return { tone: 'good', words: `pushed ${ago(connection.last_pushed_at, now)}` };
}

export type Provider = components['schemas']['CreateConnection']['provider'];
export const providers: [Provider, string][] = [
  ['google_analytics', 'Google Analytics'],
  ['adobe_analytics', 'Adobe Analytics'],
  ['matomo', 'Matomo'],
  ['piwik_pro', 'Piwik PRO'],
  ['custom', 'another tool'],
];
export const providerWord = (name: string | undefined) => providers.find(([each]) => each === name)?.[1] ?? name ?? '';

/** The command that pushes an export, with the ids filled in. */
export const pushLine = (root: string, brand: number, connection: string) => `headwater referrals push export.csv --url ${root} --brand ${brand} --connection ${connection}`;
