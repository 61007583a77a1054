// Packs of known payment, booking and login hosts. What a pack would add is shown before it is.
import { useState } from 'preact/hooks';
import { ask, api, fetchRaw } from '../../api/client';
import { useResource } from '../../api/resource';
import { count } from '../../formats';
import { Dialog } from '../../parts/dialog';
import { Loaded } from '../../parts/states';
import { Gives, Host } from '../../parts/text';
import { say, sayFailure } from '../../shell/toasts';
import { takeBack, versionNow } from './calls';

interface Outcome {
  added: number;
  unchanged: number;
  preview?: { added?: { rule?: { domain?: string; utm_source?: string; utm_medium?: string; service_name?: string } }[] };
}

async function apply(account: string, pack: string, isDry: boolean, signal?: AbortSignal): Promise<Outcome> {
  const response = await fetchRaw(`/presets/${encodeURIComponent(pack)}/apply?account_id=${encodeURIComponent(account)}&dry_run=${isDry}`, { method: 'POST', signal });
  return (await response.json()).data;
}

/** For an account that has none yet. */
export function PacksButton({ account, onApplied }: { account: string; onApplied: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        Choose a pack…
      </button>
      {isOpen && <Packs account={account} onClose={() => setOpen(false)} onApplied={() => { setOpen(false); onApplied(); }} onUndone={onApplied} />}
    </>
  );
}

export function Packs({ account, onClose, onApplied, onUndone }: { account: string; onClose: () => void; onApplied: () => void; onUndone: () => void }) {
  const packs = useResource('presets', (signal) => ask(api.GET('/presets', { signal })));
  const [chosen, setChosen] = useState('payment');
  const look = useResource(`${account} ${chosen}`, (signal) => apply(account, chosen, true, signal));
  const [isBusy, setBusy] = useState(false);

  const run = async () => {
    setBusy(true);
    try {
      const version = await versionNow(account);
      const { added } = await apply(account, chosen, false);
      onApplied();
      say(`Added ${count(added)} passthrough rules`, {
        undo: async () => {
          await takeBack(account, version, 'passthrough', { removed: added });
          onUndone();
        },
      });
    } catch (error) {
      sayFailure(error);
      setBusy(false);
    }
  };

  return (
    <Dialog title="Packs of known hosts" width="wide" onClose={onClose}>
      <Loaded from={packs} what="Packs">
        {({ presets }) => (
          <div class="packs">
            <fieldset>
              <legend class="for-readers">Pack</legend>
              {presets?.map((each) => (
                <label key={each.name} class="pack">
                  <input type="radio" name="pack" checked={chosen === each.name} onChange={() => setChosen(each.name ?? '')} />
                  <span>
                    <strong>{each.title}</strong> <span class="badge">{each.rules?.length}</span>
                    <br />
                    <small class="muted">{each.description}</small>
                  </span>
                </label>
              ))}
            </fieldset>
            <Loaded from={look} lines={8}>
              {(outcome) => (
                <div class="stack">
                  <p>
                    {outcome.added > 0 ? (
                      <>
                        Adds <strong>{count(outcome.added)}</strong> {outcome.added === 1 ? 'rule' : 'rules'}.
                      </>
                    ) : (
                      'Adds nothing.'
                    )}
                    {outcome.unchanged > 0 && ` Your rules cover ${outcome.added > 0 ? `${count(outcome.unchanged)} of its hosts` : 'all its hosts'} already.`}
                  </p>
                  <ul class="exact-set" tabIndex={0} aria-label="Rules that are added">
                    {outcome.preview?.added?.map(({ rule }) => (
                      <li key={rule?.domain}>
                        <Host name={rule?.domain ?? ''} /> <span class="muted">{rule?.service_name} →</span> <Gives source={rule?.utm_source} medium={rule?.utm_medium} />
                      </li>
                    ))}
                    {outcome.added > 100 && <li class="muted">and {count(outcome.added - 100)} more</li>}
                  </ul>
                </div>
              )}
            </Loaded>
          </div>
        )}
      </Loaded>
      <footer class="dialog-foot">
        <button type="button" onClick={onClose}>Cancel</button>
        <button type="button" class="primary" disabled={isBusy || !look.data || look.data.added === 0} onClick={run}>
          {!look.data ? 'Add' : look.data.added === 0 ? 'Nothing to add' : `Add ${count(look.data.added)} ${look.data.added === 1 ? 'rule' : 'rules'}`}
        </button>
      </footer>
    </Dialog>
  );
}
