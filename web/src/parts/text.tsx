// Text that others wrote, and times. Such text may have any direction, length and look; it stays inside its place.
import { ago, dateOnly, exactTime, type Moment, when } from '../formats';

/** A host, cut in the middle so that both its ends can be read; whole in the tooltip. */
export function Host({ name, most = 34 }: { name: string; most?: number }) {
  const half = Math.floor((most - 1) / 2);
  const shown = name.length > most ? `${name.slice(0, half)}…${name.slice(-half)}` : name;
  return (
    <bdi class="host" title={name}>
      {shown}
    </bdi>
  );
}

/** source / medium */
export function Gives({ source, medium, campaign }: { source?: string; medium?: string; campaign?: string }) {
  return (
    <span class="gives" title={[source, medium, campaign].filter(Boolean).join(' / ')}>
      <bdi>{source || '(none)'}</bdi>
      {medium && (
        <>
          <span class="muted"> / </span>
          <bdi>{medium}</bdi>
        </>
      )}
      {campaign && (
        <>
          <span class="muted"> / </span>
          <bdi>{campaign}</bdi>
        </>
      )}
    </span>
  );
}

export function Time({ at, isRelative = true, isDay = false }: { at: Moment; isRelative?: boolean; isDay?: boolean }) {
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={exactTime(date)}>
      {isDay ? dateOnly(date) : isRelative ? ago(date) : when(date)}
    </time>
  );
}

/** A value that somebody wrote, cut where it would fill the page; whole in the tooltip. */
export function Value({ text, isOld, most = 120 }: { text: string; isOld?: boolean; most?: number }) {
  const characters = [...text];
  const isCut = characters.length > most;
  return (
    <bdi class={isOld ? 'old' : undefined} title={isCut ? text : undefined}>
      {isCut ? `${characters.slice(0, most).join('')}…` : text}
    </bdi>
  );
}
