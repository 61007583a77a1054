// What happened to one rule, newest first, in pages; at each version it can be had back.
import { useEffect, useState } from 'preact/hooks';
import { asFailure, type Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import { EventChanges } from '../../log/changes';
import { type EventsPage, eventWords, readEvents } from '../../log/events';
import { RestoreButton } from '../../log/restore_button';
import { Link } from '../../parts/link';
import { Empty, FailurePanel, Loaded } from '../../parts/states';
import { Time } from '../../parts/text';
import { canWrite } from '../../shell/session';
import { kindWords, type RuleKind } from '../../words';

const pageSize = 20;

export function RuleHistory({ account, kind, id, onRestored }: { account: string; kind: RuleKind; id: number; onRestored: () => void }) {
  const rule = { kind, id };
  const first = useResource(`${account} ${kind} ${id} events`, (signal) => readEvents(account, null, pageSize, { rule }, signal));
  const [older, setOlder] = useState<EventsPage[]>([]);
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  const page = `/a/${encodeURIComponent(account)}/history`;
  useEffect(() => setOlder([]), [first.data]);

  const more = async (after: number) => {
    setBusy(true);
    try {
      const next = await readEvents(account, after, pageSize, { rule });
      setOlder((pages) => [...pages, next]);
      setFailure(undefined);
    } catch (error) {
      setFailure(asFailure(error));
    }
    setBusy(false);
  };
  const restored = () => {
    first.reload();
    onRestored();
  };

  return (
    <Loaded from={first} what="History">
      {(newest) => {
        const pages = [newest, ...older];
        const list = pages.flatMap((each) => each.events);
        const after = pages.at(-1)?.after ?? null;
        if (list.length === 0)
          return (
            <Empty title="Nothing is written of this rule">
              <Link to={page}>To the whole history</Link>
            </Empty>
          );
        return (
          <>
            <ol class="rule-events">
              {list.map((each, index) => (
                <li key={each.sequence}>
                  <p>
                    <bdi><strong>{each.who}</strong></bdi> {eventWords(each).replace(` ${kindWords[kind]} ${id}`, ' it')}{' '}
                    <Link to={`${page}?at=${each.sequence}`} class="muted">
                      <Time at={each.at} />
                    </Link>
                  </p>
                  {!each.type.endsWith('_created') && <EventChanges account={account} event={each} rule={rule} />}
                  {canWrite.value && index > 0 && !each.type.endsWith('_deleted') && (
                    <RestoreButton account={account} rule={rule} version={each.sequence} word="Restore this" title="Puts this rule alone back as it was after this change" onDone={restored} />
                  )}
                </li>
              ))}
            </ol>
            {failure && <FailurePanel failure={failure} onRetry={() => after !== null && more(after)} />}
            {after !== null && (
              <p class="more-row">
                <button type="button" disabled={isBusy} onClick={() => more(after)}>
                  {isBusy ? 'Loading…' : 'Older changes'}
                </button>
              </p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
