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

export interface Dot {
  /** The versions that it stands for, of which the newest is the one it leads to. */
  from: number;
  to: number;
  events: LogEvent[];
}

/** Events, newest first, as at most so many dots from left to right: where there are more, one stands for several. */
export function dotsOf(events: LogEvent[], most: number): Dot[] {
  const oldest = events.at(-1)?.sequence ?? 0;
  const newest = events[0]?.sequence ?? 0;
  const each = Math.max(1, Math.ceil((newest - oldest + 1) / most));
  const dots = new Map<number, Dot>();
  for (const event of events.toReversed()) {
    // Counted from the newest, which always has a dot at the right end.
    const place = Math.floor((newest - event.sequence) / each);
    const dot = dots.get(place);
    if (dot) {
      dot.to = event.sequence;
      dot.events.push(event);
    } else dots.set(place, { from: event.sequence, to: event.sequence, events: [event] });
  }
  return [...dots.values()];
}
