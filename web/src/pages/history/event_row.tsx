// One change: who, when, what in words, and field by field.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useResource } from '../../api/resource';
import { EventChanges, RowChanges } from '../../log/changes';
import { diffRows, readDiff } from '../../log/diff';
import { eventSubject, eventWords, type LogEvent, manyOf, readEvents, ruleOf, sameChangeWords } from '../../log/events';
import { RestoreButton } from '../../log/restore_button';
import { Link } from '../../parts/link';
import { Host, Time } from '../../parts/text';
import { pathWith } from '../../shell/place';
import { canWrite } from '../../shell/session';

interface Properties {
  account: string;
  event: LogEvent;
  isHere: boolean;
  isLater: boolean;
  /** The version of now. */
  end: number;
  onRestored: () => void;
}

/** At most so many rules are chosen for one change; more come with a file, and are only counted. */
const mostChosen = 1000;

/** The change that was made to all rules of an event alike, once it is in sight. */
function useSameChange(account: string, event: LogEvent | null) {
  const several = event && manyOf(event);
  const isOfChosen = several && several.counts.changed > 0 && several.counts.changed <= mostChosen && several.counts.added + several.counts.removed === 0;
  const diff = useResource(event && isOfChosen ? `${account} ${event.sequence} same` : null, (signal) => readDiff(account, (event?.sequence ?? 1) - 1, event?.sequence, signal));
  if (!several || !diff.data) return null;
  const rows = diffRows(diff.data);
  return { rows, words: sameChangeWords(several.kind, rows.map((each) => each.changes)) };
}

export function EventRow({ account, event, isHere, isLater, end, onRestored }: Properties) {
  const row = useRef<HTMLLIElement>(null);
  const [isSeen, setSeen] = useState(false);
  const rule = ruleOf(event);
  const isRemoval = event.type.endsWith('_deleted');
  const several = manyOf(event);
  const isBig = several !== null || event.type === 'rules_restored';
  const [isOpen, setOpen] = useState(!isBig);
  const same = useSameChange(account, isSeen ? event : null);

  // Nothing happened to the rule since, so it is still gone.
  const latest = useResource(isSeen && isRemoval && rule && canWrite.value ? `${account} ${rule.kind} ${rule.id} of ${end}` : null, (signal) => readEvents(account, null, 1, { rule }, signal));
  const isGone = latest.data?.events[0]?.sequence === event.sequence;

  // What changed is asked for once the row is in sight.
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), { rootMargin: '100px' });
    if (row.current) watch.observe(row.current);
    return () => watch.disconnect();
  }, []);

  return (
    <li ref={row} class={`event ${isHere ? 'is-here' : ''} ${isLater ? 'is-later' : ''}`}>
      <Link to={pathWith({ query: { at: String(event.sequence) } })} class="event-time" title="The rules as they were after this change">
        <Time at={event.at} />
      </Link>
      <div class="event-text">
        <p>
          <bdi>
            <strong>{event.who}</strong>
          </bdi>{' '}
          {same?.words ?? eventWords(event)} {eventSubject(event) && <Host name={eventSubject(event)} />}
          {rule && !isRemoval && (
            <>
              {' '}
              <Link to={`/a/${encodeURIComponent(account)}/rules/${rule.kind}/${rule.id}`} class="muted">
                open
              </Link>
            </>
          )}
          {isBig && event.payload && (
            <>
              {' '}
              <button type="button" class="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                {isOpen ? 'hide them' : 'show them'}
              </button>
            </>
          )}
        </p>
        {canWrite.value && rule && isRemoval && isGone && (
          <RestoreButton account={account} rule={rule} version={event.sequence - 1} word="Bring it back" title="This rule alone, under its number" onDone={onRestored} />
        )}
        {canWrite.value && rule && !isRemoval && isHere && event.sequence < end && (
          <RestoreButton account={account} rule={rule} version={event.sequence} word="Restore this rule" title="This rule alone, as it was after this change" onDone={onRestored} />
        )}
        {isSeen && isOpen && event.payload && (same ? <RowChanges rows={same.rows} /> : <EventChanges account={account} event={event} />)}
      </div>
      <span class="event-number muted" title={`Change ${event.sequence} of the account`}>{event.sequence}</span>
    </li>
  );
}
