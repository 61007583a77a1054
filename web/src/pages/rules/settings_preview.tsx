// What changed settings would do, asked of the server as a draft half a second after the last key.
import { useEffect, useState } from 'preact/hooks';
import { asFailure, type Failure, isCancelled } from '../../api/failure';
import { type Attribution, type Compared, compareVisits, type Draft } from '../../api/resolve';
import { Gives } from '../../parts/text';
import { answerWord } from '../../words';
import { picked, type Values } from './settings';
import { type Trial, trialsOf, without } from './settings_trials';

interface Properties {
  account: string;
  site: string;
  base: Values;
  values: Values;
  changed: string[];
  onFaults: (failure: Failure | undefined) => void;
}

interface Tried {
  trials: Trial[];
  results: Compared[];
}

const Said = ({ said }: { said: Attribution }) => (
  <span title={`channel ${said.channel}`}>
    {answerWord(said)}: <Gives source={said.utm.utm_source} medium={said.utm.utm_medium} campaign={said.utm.utm_campaign} />
  </span>
);

export function SettingsPreview({ account, site, base, values, changed, onFaults }: Properties) {
  const [tried, setTried] = useState<Tried>();
  const [isBad, setBad] = useState(false);
  const asked = JSON.stringify([site, picked(values, changed)]);
  const isAbout = changed.some((name) => !(name in without));

  useEffect(() => {
    if (!isAbout) {
      setTried(undefined);
      onFaults(undefined);
      return;
    }
    const cancel = new AbortController();
    const timer = setTimeout(async () => {
      const trials = trialsOf(site, base, values, changed);
      try {
        const results = trials.length ? await compareVisits(account, trials.map((each) => each.visit), { attribution: picked(values, changed) } as Draft, { signal: cancel.signal }) : [];
        setTried({ trials, results });
        setBad(false);
        onFaults(undefined);
      } catch (error) {
        if (isCancelled(error)) return;
        setTried(undefined);
        setBad(true);
        onFaults(asFailure(error));
      }
    }, 500);
    return () => {
      clearTimeout(timer);
      cancel.abort();
    };
  }, [asked]);

  return (
    <section class="preview settings-preview" aria-label="What it would do">
      <h3>What it would do</h3>
      {changed.length === 0 && <p class="muted">Change a setting, and visits that it is about are tried here before it is saved.</p>}
      {changed.map((name) => without[name] && <p key={name}>{without[name]}</p>)}
      {isAbout && isBad && <p class="muted">Shown as soon as what is typed can be saved.</p>}
      {isAbout && tried?.results.map((each, index) => each.current && each.drafted && <TriedVisit key={tried.trials[index]?.name} name={tried.trials[index]?.name ?? ''} now={each.current} then={each.drafted} isChanged={each.changed} />)}
    </section>
  );
}

function TriedVisit({ name, now, then, isChanged }: { name: string; now: Attribution; then: Attribution; isChanged: boolean }) {
  return (
    <div class={`preview-result ${isChanged ? 'is-hit' : ''}`}>
      <p>
        <bdi>{name}</bdi>
      </p>
      {isChanged ? (
        <dl class="pairs">
          <dt>Now</dt>
          <dd><Said said={now} /></dd>
          <dt>With this</dt>
          <dd><Said said={then} /></dd>
        </dl>
      ) : (
        <p class="muted">
          Stays as it is: <Said said={now} />
        </p>
      )}
    </div>
  );
}
