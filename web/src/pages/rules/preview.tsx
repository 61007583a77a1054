// What the rule would do, asked of the server as a draft a quarter of a second after the last key.
import { useEffect, useState } from 'preact/hooks';
import { asFailure, type Failure, isCancelled } from '../../api/failure';
import { type Attribution, type Compared, compareVisits, type Draft } from '../../api/resolve';
import { Field } from '../../parts/field';
import { Gives } from '../../parts/text';
import { isUnassigned, WhyUnassigned } from '../../parts/unassigned';
import { apiKinds, kindWords, answerWord, type RuleKind } from '../../words';
import { faultsIn, kindOf, missingOf } from './model';

interface Properties {
  account: string;
  kind: RuleKind;
  id?: number;
  values: Record<string, unknown>;
  changed: string[];
  site?: string;
  onFaults: (failure: Failure | undefined) => void;
}

/** A host that the pattern should fit, to begin with. */
function guessedHost(kind: RuleKind, values: Record<string, unknown>): string {
  const pattern = String((kind === 'mapping' ? values.referrer_pattern : values.domain) ?? '').trim().toLowerCase().replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  if (!pattern || values.match_type === 'regex') return '';
  if (kind === 'passthrough') return pattern;
  if (values.match_type === 'starts_with') return pattern.endsWith('.') ? `${pattern}com` : pattern.includes('.') ? pattern : `${pattern}.com`;
  if (values.match_type === 'ends_with') return pattern.startsWith('.') ? `www${pattern}` : pattern;
  if (values.match_type === 'contains') return pattern.includes('.') ? pattern : `www.${pattern}.com`;
  return pattern;
}

const Said = ({ said }: { said: Attribution }) => (
  <span title={`${said.outcome}, channel ${said.channel}`}>
    {answerWord(said)}: <Gives source={said.utm?.utm_source} medium={said.utm?.utm_medium} campaign={said.utm?.utm_campaign} />
  </span>
);

export function Preview({ account, kind, id, values, changed, site, onFaults }: Properties) {
  const [typed, setTyped] = useState<string | null>(null);
  const [results, setResults] = useState<Compared[]>();
  const host = typed ?? guessedHost(kind, values);
  const missing = missingOf(kind, values);
  const wrong = Object.values(faultsIn(kind, values));
  const [refused, setRefused] = useState<Failure>();
  const asked = JSON.stringify([host, values, id, site]);

  useEffect(() => {
    setRefused(undefined);
    if (!host || wrong.length > 0) {
      setResults(undefined);
      onFaults(undefined);
      return;
    }
    const cancel = new AbortController();
    const timer = setTimeout(async () => {
      const list = kind === 'mapping' ? 'referrer_mappings' : 'passthrough_referrers';
      const draft = id === undefined ? { add: [values] } : { change: [{ id, ...Object.fromEntries(changed.map((name) => [name, values[name]])) }] };
      const referrer = host.includes('/') ? host : `https://${host}/`;
      const visit = { url: `https://www.${site ?? 'your-site.example'}/`, referrer };
      const visits = kind === 'mapping' ? [visit] : [{ ...visit, session: { utm_source: 'newsletter', utm_medium: 'email' } }, visit];
      try {
        setResults(await compareVisits(account, visits, { [list]: draft } as Draft, { signal: cancel.signal }));
        onFaults(undefined);
      } catch (error) {
        if (isCancelled(error)) return;
        setResults(undefined);
        setRefused(asFailure(error));
        onFaults(asFailure(error));
      }
    }, 250);
    return () => {
      clearTimeout(timer);
      cancel.abort();
    };
  }, [asked]);

  const isThis = (said: Attribution | undefined) => {
    const rule = said?.rule;
    return rule?.kind === apiKinds[kind] && (id === undefined ? rule.draft === 0 : rule.id === id);
  };
  return (
    <section class="preview">
      <h3>What it would do</h3>
      <Field label="A host to try" value={host} onInput={setTyped} placeholder="www.example.com" />
      {missing.length > 0 ? (
        <p class="muted preview-missing">Shown as soon as there is a {missing.join(' and a ')}.</p>
      ) : wrong.length > 0 ? (
        <p class="muted preview-missing">Shown as soon as the rule can be saved. {wrong[0]}</p>
      ) : refused ? (
        <p class="muted preview-missing">
          {refused.kind === 'unreachable' ? (
            'Shown as soon as the server answers.'
          ) : (
            <>
              {refused.faults.length > 0 ? 'Shown as soon as the rule can be saved. ' : 'Not known: '}
              <bdi>{refused.message}</bdi>
            </>
          )}
        </p>
      ) : (
        !host && <p class="muted preview-missing">Enter a host to see what visitors from there would count as.</p>
      )}
      {results?.map((each, index) =>
        each.current && each.drafted ? (
          <div key={index} class={`preview-result ${isThis(each.drafted) ? 'is-hit' : ''}`}>
            {kind === 'passthrough' && <p class="muted">{index === 0 ? 'In a session of newsletter / email' : 'Without a session'}</p>}
            <dl class="pairs">
              <dt>Now</dt>
              <dd><Said said={each.current} /></dd>
              <dt>With this</dt>
              <dd><Said said={each.drafted} /></dd>
            </dl>
            <p class={isThis(each.drafted) ? 'good' : 'muted'}>
              {isThis(each.drafted) ? (each.changed ? 'This rule decides, and changes the answer.' : 'This rule decides; the answer stays as it is.') : each.drafted.rule?.id ? `${kindWords[kindOf(each.drafted.rule.kind)]} ${each.drafted.rule.id} decides, not this one.` : 'This rule does not decide here.'}
            </p>
            {isThis(each.drafted) && isUnassigned(each.drafted) && (
              <p class="muted">
                <WhyUnassigned said={each.drafted} /> A medium such as referral, email or cpc has a channel.
              </p>
            )}
          </div>
        ) : null,
      )}
    </section>
  );
}
