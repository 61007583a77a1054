// What happened to one rule, newest first.
import { useResource } from '../../api/resource';
import { EventChanges } from '../../log/changes';
import { eventWords, readRuleEvents } from '../../log/events';
import { Link } from '../../parts/link';
import { Empty, Loaded } from '../../parts/states';
import { Time } from '../../parts/text';
import { kindWords, type RuleKind } from '../../words';

export function RuleHistory({ account, kind, id }: { account: string; kind: RuleKind; id: number }) {
  const events = useResource(`${account} ${kind} ${id} events`, (signal) => readRuleEvents(account, kind, id, signal));
  const page = `/a/${encodeURIComponent(account)}/history`;
  return (
    <Loaded from={events} what="History">
      {(list) =>
        list.length === 0 ? (
          <Empty title="Nothing in the last 3,000 changes">
            <Link to={page}>To the whole history</Link>
          </Empty>
        ) : (
          <ol class="rule-events">
            {list.map((each) => (
              <li key={each.sequence}>
                <p>
                  <bdi><strong>{each.who}</strong></bdi> {eventWords(each).replace(` ${kindWords[kind]} ${id}`, ' it')}{' '}
                  <Link to={`${page}?at=${each.sequence}`} class="muted">
                    <Time at={each.at} />
                  </Link>
                </p>
                {!each.type.endsWith('_created') && <EventChanges account={account} event={each} />}
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}
