// The signed checkpoint, and whether the chosen change is in it.
import { useState } from 'preact/hooks';
import { api, ask, fetchRaw } from '../../api/client';
import { useResource } from '../../api/resource';
import { count } from '../../formats';
import type { LogEvent } from '../../log/events';
import { CopyLine } from '../../parts/copy';
import { Icon } from '../../parts/icon';
import { FailurePanel, Skeleton } from '../../parts/states';
import { canCheck, isIncluded, isSigned, parseNote } from './proof';

async function readLatest(signal: AbortSignal) {
  const note = await (await fetchRaw('/checkpoints/latest', { signal })).text();
  const key = (await ask(api.GET('/checkpoints/key', { signal }))).verifier_key;
  const checkpoint = parseNote(note);
  return { note, key, checkpoint, isGood: canCheck ? await isSigned(checkpoint, key) : undefined };
}

function Verdict({ is, yes, no, unknown }: { is: boolean | undefined; yes: string; no: string; unknown: string }) {
  return (
    <p class={`verdict ${is ? 'good' : is === false ? 'bad' : 'muted'}`}>
      <Icon name={is ? 'check' : is === false ? 'warning' : 'info'} /> {is ? yes : is === false ? no : unknown}
    </p>
  );
}

export function ProofCard({ account, event, end }: { account: string; event?: LogEvent; end: number }) {
  // Asked again when there is a newer event, and every time the page asks for more.
  const latest = useResource(`checkpoint ${end}`, readLatest);
  const [showsDetails, setShowsDetails] = useState(false);
  const size = latest.data?.checkpoint.size ?? 0;
  const signed = `${count(size)} ${size === 1 ? 'event' : 'events'} signed`;
  const isCovered = event !== undefined && event.position <= size;
  const proof = useResource(isCovered ? `${account} ${event.sequence} ${size}` : null, async (signal) => {
    const data = await ask(api.GET('/proofs/inclusion', { params: { query: { account_id: account, sequence: event?.sequence ?? 0, checkpoint: size } }, signal }));
    const good = canCheck && event && latest.data ? await isIncluded(event.raw, data, latest.data.checkpoint) : undefined;
    return { data, good };
  });
  return (
    <section class="card proof" aria-label="Proof">
      <h2>
        <Icon name="shield" /> Proof
      </h2>
      {latest.failure && (latest.failure.kind === 'not_found' ? <p class="muted">No checkpoint has been signed yet.</p> : <FailurePanel failure={latest.failure} onRetry={latest.reload} />)}
      {!latest.data && !latest.failure && <Skeleton lines={3} />}
      {latest.data && (
        <>
          <Verdict is={latest.data.isGood} yes={`${signed}, of all accounts`} no="The signature of the checkpoint is wrong" unknown={`${signed}, checked by the server, not by this browser`} />
          {event && !isCovered && (
            <p class="verdict muted">
              <Icon name="info" /> Change {event.sequence} will be signed with the next checkpoint.{' '}
              <button type="button" class="link" onClick={latest.reload}>
                Look again
              </button>
            </p>
          )}
          {event && isCovered && proof.data && (
            <Verdict is={proof.data.good} yes={`Change ${event.sequence} is included`} no={`Change ${event.sequence} is not what was signed`} unknown={`Change ${event.sequence} is included, says the server`} />
          )}
          {proof.failure && <FailurePanel failure={proof.failure} onRetry={proof.reload} />}
          <button type="button" class="link" aria-expanded={showsDetails} onClick={() => setShowsDetails(!showsDetails)}>
            {showsDetails ? 'Hide the details' : 'Details'}
          </button>
          {showsDetails && (
            <div class="stack">
              <CopyLine label="Key of this installation" text={latest.data.key} isCode={false} />
              <CopyLine label="Latest checkpoint" text={latest.data.note.trimEnd()} isCode={false} />
              {event && <CopyLine label="Hash of the change" text={event.chain} isCode={false} />}
              <p class="muted">Keep the key and a checkpoint elsewhere: with them anybody can check that nothing before was rewritten.</p>
            </div>
          )}
        </>
      )}
    </section>
  );
}
