// History: what changed, by whom and when; the rules as they were at any version; and the proof that nobody rewrote it.
import { useEffect, useState } from 'preact/hooks';
import { useResource } from '../../api/resource';
import { asFailure, type Failure } from '../../api/failure';
import { type EventFilter, type EventsPage, eventTypes, readEvents } from '../../log/events';
import { count } from '../../formats';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { Empty, FailurePanel, Skeleton } from '../../parts/states';
import { accountId } from '../../shell/accounts';
import { pathWith, place, setQuery } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { kindWords, type RuleKind } from '../../words';
import { AsOf } from './as_of';
import { EventRow } from './event_row';
import { ProofCard } from './proof_card';
import { Slider } from './slider';
import './history.css';

const pageSize = 50;

function ruleFilter(): { kind: RuleKind; id: number } | null {
  const found = /^(mapping|passthrough):(\d+)$/.exec(place.value.query.get('rule') ?? '');
  return found ? { kind: found[1] as RuleKind, id: Number(found[2]) } : null;
}

export default function HistoryPage() {
  const account = accountId.value ?? '';
  const { query } = place.value;
  const rule = ruleFilter();
  const by = query.get('by');
  const type = query.get('what');
  const filter: EventFilter = { rule, type };
  const key = `${account} ${JSON.stringify(filter)}`;
  const first = useResource(key, (signal) => readEvents(account, null, pageSize, filter, signal));
  // A version of long ago, by a link: as many pages as it takes, up to 1,000 events.
  const [older, setOlder] = useState<EventsPage[]>([]);
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => setOlder([]), [key]);

  const pages = first.data ? [first.data, ...older] : [];
  const events = pages.flatMap((each) => each.events);
  const after = pages.at(-1)?.after ?? null;
  const end = first.data?.end ?? 0;
  const asked = query.get('at');
  const isVersion = asked !== null && /^[1-9]\d{0,14}$/.test(asked) && Number(asked) <= end;
  const at = isVersion ? Number(asked) : null;
  const shown = by ? events.filter((each) => each.who === by) : events;
  const people = [...new Set(events.map((each) => each.who))];

  const more = async (limit = pageSize) => {
    setBusy(true);
    try {
      const page = await readEvents(account, after, limit, filter);
      setOlder((pages_) => [...pages_, page]);
      setFailure(undefined);
    } catch (error) {
      setFailure(asFailure(error));
    }
    setBusy(false);
  };
  useEffect(() => {
    const oldest = events.at(-1)?.sequence ?? 0;
    if (at && first.data && after !== null && at < oldest && oldest - at <= 1000 && !isBusy && !failure) more(Math.min(1000, oldest - at + 10));
  }, [at, first.data]);

  const refresh = () => {
    setOlder([]);
    first.reload();
    setQuery({ at: null }, { replace: true });
  };

  /** No change yet, so nothing to choose from. */
  const isBare = events.length === 0 && !rule && !type;
  if (!first.data)
    return (
      <>
        <h1 class="for-readers">History</h1>
        {first.failure ? <FailurePanel failure={first.failure} what="History" onRetry={first.reload} /> : <Skeleton lines={10} />}
      </>
    );
  return (
    <div class="history-page">
      <div class="page-head">
        <h1>History</h1>
        {rule && (
          <Link to={pathWith({ query: { rule: null } })} class="filter-chip" title="Show all events">
            {kindWords[rule.kind]} {rule.id} <Icon name="close" />
          </Link>
        )}
        {!isBare && (
          <>
            {!rule && (
              <label class="row by-filter">
                <span class="muted">what</span>
                <select value={type ?? ''} onChange={(event) => setQuery({ what: event.currentTarget.value || null })}>
                  <option value="">everything</option>
                  {eventTypes.map(([each, word]) => (
                    <option key={each} value={each}>
                      {word}
                    </option>
                  ))}
                </select>
              </label>
            )}
            <label class="row by-filter">
              <span class="muted">by</span>
              <select value={by ?? ''} onChange={(event) => setQuery({ by: event.currentTarget.value || null })}>
                <option value="">everybody</option>
                {people.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            </label>
            <div class="row muted">{rule || type ? '' : end === 1 ? '1 change in all' : `${count(end)} changes in all`}</div>
          </>
        )}
      </div>
      {asked !== null && !isVersion && (
        <p class="note" role="status">
          There is no change <bdi>{asked.slice(0, 20)}</bdi> in this account{end > 0 && `, whose newest is ${end}`}. What is shown is as of now.
        </p>
      )}
      {events.length === 0 && (rule || type) ? (
        <Empty title="No change of this kind">
          <button type="button" onClick={() => setQuery({ rule: null, what: null, by: null })}>
            Clear filters
          </button>
        </Empty>
      ) : events.length === 0 ? (
        <Empty title="Nothing has happened yet">
          <p>Each change of a rule or a setting will stand here: who made it and when, what was different before, and a button that puts it back.</p>
          <Link to={`/a/${encodeURIComponent(account)}/rules`}>{canWrite.value ? 'To the rules, to make the first' : 'To the rules'}</Link>
        </Empty>
      ) : (
        <>
          {!rule && !type && <Slider events={events} at={at ?? end} end={end} onMove={(version, isFinal) => setQuery({ at: version >= end ? null : String(version) }, { replace: !isFinal })} />}
          <div class="history-columns">
            <div class="stack">
              {at && at < end && <AsOf account={account} version={at} event={events.find((each) => each.sequence === at)} onRestored={refresh} onChanged={() => { setOlder([]); first.reload(); }} />}
              <section class="card" aria-label="Changes">
                <ol class="events">
                  {shown.map((each) => (
                    <EventRow key={each.sequence} account={account} event={each} isHere={each.sequence === at} isLater={at !== null && each.sequence > at} end={end} onRestored={() => { setOlder([]); first.reload(); }} />
                  ))}
                </ol>
                {shown.length === 0 && <p class="muted">None of the loaded changes is by them.</p>}
                {failure && <FailurePanel failure={failure} onRetry={() => more()} />}
                {after !== null && (
                  <p class="more-row">
                    <button type="button" disabled={isBusy} onClick={() => more()}>
                      {isBusy ? 'Loading…' : 'Older changes'}
                    </button>
                  </p>
                )}
              </section>
            </div>
            <ProofCard account={account} event={events.find((each) => each.sequence === (at ?? end)) ?? events[0]} end={end} />
          </div>
        </>
      )}
    </div>
  );
}
