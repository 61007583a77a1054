// The totals; each chooses what the chart shows. Both values of a comparison are there.
import type { Failure } from '../../api/failure';
import { change, count, money, shortCount } from '../../formats';
import type { Days } from '../../range';
import { setQuery } from '../../shell/place';
import { daysWord } from './compared';
import { type Figures, type Metric, metrics } from './data';

interface Properties {
  now?: Figures;
  /** Of as many days before, if there are figures of them. */
  before?: Figures;
  earlier: Days | null;
  metric: Metric;
  currency: string | null;
  failure?: Failure;
  isStale: boolean;
}

export function Cards({ now, before, earlier, metric, currency, failure, isStale }: Properties) {
  return (
    <div class={`cards ${isStale && now ? 'is-stale' : ''}`}>
      {metrics.map(({ name, word, query, isMoney }) => {
        const value = now?.[name];
        const exact = (figure: number) => (isMoney ? money(figure, currency) : count(figure));
        const short = (figure: number) => (isMoney ? money(figure, currency, true) : shortCount(figure));
        const past = before?.[name];
        const isKnown = typeof value === 'number' && typeof past === 'number' && (value > 0 || past > 0);
        const difference = isKnown ? change(value, past, Math.max(now?.sessions ?? 0, before?.sessions ?? 0)) : null;
        return (
          <button key={name} type="button" class="figure" aria-pressed={metric === name} onClick={() => setQuery({ metric: query === 'sessions' ? null : query })}>
            <span class="figure-name">{word}</span>
            <span class="figure-value" title={typeof value === 'number' ? exact(value) : value === undefined && failure ? failure.message : undefined}>
              {value === undefined ? (failure ? '?' : '…') : value === null ? '–' : short(value)}
            </span>
            <span class="figure-change">
              {difference && (
                <>
                  {difference.direction !== 'new' && <span class={difference.direction}>{difference.text}</span>}{' '}
                  <span class="muted" title={`${exact(past ?? 0)} in ${earlier ? daysWord(earlier) : ''}`}>from {short(past ?? 0)}</span>
                </>
              )}
            </span>
          </button>
        );
      })}
    </div>
  );
}
