// In the place of a rule that is not there any more: who deleted it and when, and the way to have it back.
import { useResource } from '../../api/resource';
import { readEvents } from '../../log/events';
import { RestoreButton } from '../../log/restore_button';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { FailurePanel, Skeleton } from '../../parts/states';
import { Time } from '../../parts/text';
import { canWrite } from '../../shell/session';
import { kindWords, type RuleKind } from '../../words';
import { listPath } from './where';

export function GoneRule({ account, kind, id, onRestored }: { account: string; kind: RuleKind; id: number; onRestored: () => void }) {
  const rule = { kind, id };
  const last = useResource(`${account} ${kind} ${id} last`, (signal) => readEvents(account, null, 1, { rule }, signal));
  const event = last.data?.events[0];
  const name = `${kindWords[kind]} ${id}`;
  if (last.failure) return <FailurePanel failure={last.failure} what="History" onRetry={last.reload} />;
  if (!last.data) return <Skeleton lines={3} />;
  return (
    <div class="panel-message gone-rule" role="alert">
      <Icon name="info" />
      <div class="stack">
        <p>
          {event ? (
            <>
              <strong>{name} was deleted</strong> by <bdi>{event.who}</bdi>, <Time at={event.at} />.
            </>
          ) : (
            <strong>There was never a rule {name}.</strong>
          )}
        </p>
        <p class="row">
          {event && canWrite.value && <RestoreButton account={account} rule={rule} version={event.sequence - 1} word="Bring it back" title="This rule alone, under its number" onDone={onRestored} />}
          {event && <Link to={`/a/${encodeURIComponent(account)}/history?rule=${kind}:${id}`}>Its history</Link>}
          <Link to={listPath(kind)}>Back to the rules</Link>
        </p>
      </div>
    </div>
  );
}
