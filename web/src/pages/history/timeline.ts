// The versions of an account as dots by day, and which of them is looked at.
import type { LogEvent } from '../../log/events';

export interface DayDots {
  day: string; // of the browser, for people
  from: number; // of the events, in the order of time
  to: number;
}

export const dayOf = (milliseconds: number) => new Date(milliseconds).toDateString();

/** Events, newest first, as their days in the order of time. */
export function daysOf(events: LogEvent[]): DayDots[] {
  const days: DayDots[] = [];
  for (const event of events.toReversed()) {
    const last = days.at(-1);
    const day = dayOf(event.at);
    if (last?.day === day) last.to = event.sequence;
    else days.push({ day, from: event.sequence, to: event.sequence });
  }
  return days;
}
