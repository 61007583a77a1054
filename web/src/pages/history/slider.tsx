// A strip of dots for the changes, with their days below; the handle chooses a version.
import { count, day } from '../../formats';
import { eventWords, type LogEvent } from '../../log/events';
import { useIsPhone } from '../../parts/media';
import { Time } from '../../parts/text';
import { type Dot, daysOf, dotsOf } from './timeline';

interface Properties {
  events: LogEvent[]; // newest first
  at: number;
  end: number;
  onMove: (version: number, isFinal: boolean) => void;
}

const isoDay = (milliseconds: number) => {
  const date = new Date(milliseconds);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
};

export function Slider({ events, at, end, onMove }: Properties) {
  const oldest = events.at(-1)?.sequence ?? 1;
  const span = Math.max(1, end - oldest);
  const left = (sequence: number) => `${((Math.max(sequence, oldest) - oldest) / span) * 100}%`;
  const here = events.find((each) => each.sequence === at);
  const isPhone = useIsPhone();
  const days = daysOf(events);
  const bySequence = new Map(events.map((each) => [each.sequence, each]));
  const title = ({ from, to, events: of }: Dot) =>
    of.length === 1 && of[0] ? `${of[0].who} ${eventWords(of[0])}` : `${count(of.length)} changes, ${from} to ${to}`;
  // Days whose labels would overlap say nothing.
  const labelRoom = isPhone ? 22 : 9;
  let lastLabel = -labelRoom;
  return (
    <section class="card slider" aria-label="Versions">
      <div class="row spread">
        <p>
          {at >= end ? (
            <>
              <strong>Now</strong> <span class="muted">version {end}</span>
            </>
          ) : (
            <>
              <strong>As of {here ? <Time at={here.at} isRelative={false} /> : `version ${at}`}</strong> <span class="muted">version {at} of {end}</span>
            </>
          )}
        </p>
        {at < end && (
          <button type="button" class="chip" onClick={() => onMove(end, true)}>
            Back to now
          </button>
        )}
      </div>
      <div class="strip" aria-hidden="true">
        {dotsOf(events, isPhone ? 18 : 60).map((each) => (
          <span
            key={each.to}
            class={`tick ${each.from > at ? 'is-later' : ''} ${each.events.length > 1 ? 'is-many' : ''}`}
            style={{ left: left(each.to) }}
            title={title(each)}
          />
        ))}
        <span class="tick is-here" style={{ left: left(at) }} />
      </div>
      <input
        type="range"
        aria-label="Version"
        aria-valuetext={here ? `version ${at}: ${here.who} ${eventWords(here)}` : `version ${at}`}
        min={oldest}
        max={end}
        step={1}
        value={at}
        onInput={(event) => onMove(Number(event.currentTarget.value), false)}
        onChange={(event) => onMove(Number(event.currentTarget.value), true)}
      />
      <div class="strip-days" aria-hidden="true">
        {days.map((each) => {
          const place = ((each.from - oldest) / span) * 100;
          if (place - lastLabel < labelRoom || place > (isPhone ? 84 : 94)) return null;
          lastLabel = place;
          const first = bySequence.get(each.from);
          return (
            <span key={each.day} style={{ left: `${place}%` }}>
              {first ? day(isoDay(first.at)) : ''}
            </span>
          );
        })}
      </div>
    </section>
  );
}
