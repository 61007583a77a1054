// Numbers, money and times in the reader's own locale.
import { serverNow } from './api/clock';

const locale = navigator.languages?.[0] ?? navigator.language;

const full = new Intl.NumberFormat(locale);
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const finePercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });

/** In full, for tables. */
export const count = (value: number | null | undefined) => (value === null || value === undefined ? '–' : full.format(value));
/** Short, for cards. */
export const shortCount = (value: number) => (Math.abs(value) < 10_000 ? full.format(value) : compact.format(value));
export const share = (value: number) => (Math.abs(value) < 0.01 ? finePercent : percent).format(value);

/** Two decimals for tables; on cards whole units from 1,000 up, and short from ten million up. Without a currency the bare number. */
export function money(value: number | null | undefined, currency: string | null | undefined, onCard = false): string {
  if (value === null || value === undefined) return '–';
  const digits = onCard && Math.abs(value) >= 1000 ? 0 : 2;
  const options: Intl.NumberFormatOptions = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (onCard && Math.abs(value) >= 10_000_000) Object.assign(options, { notation: 'compact', maximumFractionDigits: 1 });
  if (currency) Object.assign(options, { style: 'currency', currency });
  try {
    return new Intl.NumberFormat(locale, options).format(value);
  } catch {
    return `${full.format(value)} ${currency ?? ''}`; // a currency that this browser does not know
  }
}

export interface Change {
  direction: 'up' | 'down' | 'same' | 'new' | 'few';
  text: string;
}

/** How a figure changed: an arrow, a sign and a percentage, or a word where a percentage would say nothing. */
export function change(now: number, before: number, visits = Math.max(now, before)): Change {
  if (visits < 30) return { direction: 'few', text: 'few visits' };
  if (before === 0) return now === 0 ? { direction: 'same', text: '±0%' } : { direction: 'new', text: 'new' };
  const ratio = (now - before) / before;
  if (Math.abs(ratio) < 0.005) return { direction: 'same', text: '±0%' };
  return ratio > 0
    ? { direction: 'up', text: `▲ +${percent.format(ratio)}` }
    : { direction: 'down', text: `▼ −${percent.format(-ratio)}` };
}

const instant = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const withYear = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' });
const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const yearDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const longDay = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

export type Moment = string | number | Date;
const asDate = (time: Moment) => (time instanceof Date ? time : new Date(time));

/** When, in the browser's time zone. */
export function when(time: Moment): string {
  const date = asDate(time);
  return (date.getFullYear() === new Date(serverNow()).getFullYear() ? instant : withYear).format(date);
}
const dated = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
/** The day alone, where the time of it says nothing. */
export const dateOnly = (time: Moment) => dated.format(asDate(time));
/** With its zone, for tooltips. */
export const exactTime = (time: Moment) => exact.format(asDate(time));

/** "2 h ago" below 7 days, the date beyond. */
export function ago(time: Moment, now = serverNow()): string {
  const seconds = (asDate(time).getTime() - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 45) return relative.format(0, 'second');
  if (distance < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (distance < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  if (distance < 7 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day');
  return when(time);
}

/** A day of a report, 2026-05-31: it has no zone, so it is shown as it is written. */
export const day = (date: string) => dayFormat.format(new Date(`${date}T00:00:00Z`));
/** With its year, unless that is this one. */
export const datedDay = (date: string) => (date.startsWith(new Date(serverNow()).toISOString().slice(0, 4)) ? dayFormat : yearDay).format(new Date(`${date}T00:00:00Z`));
export const fullDay = (date: string) => longDay.format(new Date(`${date}T00:00:00Z`));

export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(locale, { style: 'unit', unit: units[unit], maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

export function duration(seconds: number): string {
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow', maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  if (seconds < 1) return unit(seconds * 1000, 'millisecond');
  if (seconds < 60) return unit(seconds, 'second');
  if (seconds < 3600) return unit(Math.round(seconds / 60), 'minute');
  if (seconds < 86_400) return unit(Math.round(seconds / 3600), 'hour');
  return unit(Math.round(seconds / 86_400), 'day');
}
