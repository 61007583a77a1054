// The steps as a path downwards: those that did not apply in a line each, the one that decided open, and below it, dashed,
// what the others would have said, where the server tells.
import type { Attribution, Step } from '../../api/resolve';
import { Icon } from '../../parts/icon';
import { Gives } from '../../parts/text';
import { answerWord, stepWord, valueWord } from '../../words';
import { RuleLink } from './answer';

const rulesWords: Record<string, string> = {
  decided: 'decided',
  needs_session: 'needs a session',
  same_priority_later: 'same priority, but newer',
  lower_priority: 'fits too, lower priority',
  less_specific: 'fits too, less specific',
  gave_up: 'took too long',
  not_run: 'was not tried',
  no_match: 'does not fit',
};

function Details({ account, step }: { account: string; step: Step }) {
  const inputs = Object.entries(step.inputs ?? {}).filter(([, value]) => value !== '' && value !== null);
  return (
    <>
      {(step.rules?.length ?? 0) > 0 && (
        <ul class="step-rules">
          {step.rules?.map((each, index) => (
            <li key={index}>
              <RuleLink account={account} rule={each} /> <span class="muted">{rulesWords[each.outcome ?? ''] ?? each.outcome}</span>
            </li>
          ))}
          {Boolean(step.rules_omitted) && <li class="muted">and {step.rules_omitted} more</li>}
        </ul>
      )}
      {inputs.length > 0 && (
        <dl class="pairs step-inputs">
          {inputs.map(([name, value]) => [
            <dt key={name}>{name.replaceAll('_', ' ')}</dt>,
            <dd key={`${name} value`}>
              <bdi>{value === true ? 'yes' : value === false ? 'no' : valueWord(value)}</bdi>
            </dd>,
          ])}
        </dl>
      )}
    </>
  );
}

/** A step after the one that decided: what the visit would count as if none before it applied. */
const WouldHave = ({ said }: { said: Attribution }) => (
  <>
    would have said: {answerWord(said)}, <Gives source={said.utm.utm_source} medium={said.utm.utm_medium} campaign={said.utm.utm_campaign} />{' '}
  </>
);

export function Cascade({ account, said }: { account: string; said: Attribution }) {
  return (
    <ol class="cascade">
      {said.explanation?.map((step) => {
        const isBeyond = step.reached === false;
        const state = step.applied ? 'is-deciding' : isBeyond ? 'is-beyond' : 'is-passed';
        return (
          <li key={step.step} class={`step ${state}`}>
            <span class="step-mark" aria-hidden="true">
              {step.applied ? <Icon name="check" /> : step.step}
            </span>
            {step.applied ? (
              <div class="step-open">
                <h3 title={step.name}>{answerWord(said)}</h3>
                <p>
                  <bdi>{step.reason}</bdi>
                </p>
                <Details account={account} step={step} />
              </div>
            ) : (
              <details>
                <summary title={step.name}>
                  <span class="step-name">{stepWord(step.name)}?</span>{' '}
                  <span class={step.would_have ? 'would-have' : 'muted'}>
                    {!isBeyond ? 'no. ' : step.would_have ? <WouldHave said={step.would_have} /> : 'would have said: no. '}
                  </span>
                  <span class="muted">
                    <bdi>{step.reason}</bdi>
                  </span>
                </summary>
                <Details account={account} step={step} />
              </details>
            )}
          </li>
        );
      })}
    </ol>
  );
}
