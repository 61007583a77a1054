// One change: who, when, what in words, and field by field.
import { useEffect, useRef, useState } from 'preact/hooks';
import { EventChanges } from '../../log/changes';
import { eventSubject, eventWords, type LogEvent, ruleOf } from '../../log/events';
import { Link } from '../../parts/link';
import { Host, Time } from '../../parts/text';
import { pathWith } from '../../shell/place';

export function EventRow({ account, event, isHere, isLater }: { account: string; event: LogEvent; isHere: boolean; isLater: boolean }) {
  const row = useRef<HTMLLIElement>(null);
  const [isSeen, setSeen] = useState(false);
  const rule = ruleOf(event);
  const isBig = event.type.endsWith('_imported') || event.type === 'rules_restored';
  const [isOpen, setOpen] = useState(!isBig);

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
          {eventWords(event)} {eventSubject(event) && <Host name={eventSubject(event)} />}
          {rule && !event.type.endsWith('_deleted') && (
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
                {isOpen ? 'hide' : 'show'}
              </button>
            </>
          )}
        </p>
        {isSeen && isOpen && event.payload && <EventChanges account={account} event={event} />}
      </div>
      <span class="event-number muted" title={`Change ${event.sequence} of the account`}>{event.sequence}</span>
    </li>
  );
}
