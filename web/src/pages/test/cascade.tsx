// The steps as a path downwards: those that did not apply in a line each, the one that decided open, and below it, dashed,
// what the others would have said, where the server tells.
import type { Attribution, Step } from '../../api/resolve';
import { Icon } from '../../parts/icon';
import { outcomeWord, stepWord, valueWord } from '../../words';
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

export function Cascade({ account, said }: { account: string; said: Attribution }) {
  const steps = said.explanation ?? [];
  const decided = steps.findIndex((each) => each.applied);
  return (
    <ol class="cascade">
      {steps.map((step, index) => {
        const isDeciding = index === decided;
        const isBeyond = decided >= 0 && index > decided;
        const state = isDeciding ? 'is-deciding' : isBeyond ? 'is-beyond' : 'is-passed';
        return (
          <li key={step.step} class={`step ${state}`}>
            <span class="step-mark" aria-hidden="true">
              {isDeciding ? <Icon name="check" /> : step.step}
            </span>
            {isDeciding ? (
              <div class="step-open">
                <h3 title={step.name}>{outcomeWord(said.outcome, said.click_id)}</h3>
                <p>
                  <bdi>{step.reason}</bdi>
                </p>
                <Details account={account} step={step} />
              </div>
            ) : (
              <details>
                <summary title={step.name}>
                  <span class="step-name">{stepWord(step.name ?? '')}</span>{' '}
                  <span class="muted">
                    {isBeyond ? `would have said: ${step.applied ? 'yes' : 'no'}. ` : 'no. '}
                    <bdi>{step.reason}</bdi>
                  </span>
                </summary>
                <Details account={account} step={step} />
              </details>
            )}
          </li>
        );
      })}
      {decided === steps.length - 1 && steps.at(-1)?.name !== 'direct' && (
        <li class="step is-beyond">
          <span class="step-mark" aria-hidden="true">…</span>
          <p class="muted">The steps below were not asked: the first that applies decides.</p>
        </li>
      )}
    </ol>
  );
}
