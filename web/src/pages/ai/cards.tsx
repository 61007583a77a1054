// The totals; each chooses what the chart shows. Both values of a comparison are there.
import { change, count, money, shortCount } from '../../formats';
import { setQuery } from '../../shell/place';
import { type Figures, type Metric, metrics } from './data';

interface Properties {
  now?: Figures;
  /** What is compared: as `now`, without a day that is not over. */
  compared?: Figures;
  before?: Figures;
  metric: Metric;
  currency: string | null;
  isStale: boolean;
}

export function Cards({ now, compared, before, metric, currency, isStale }: Properties) {
  // Without a single visit there is nothing to compare with, and "new" would be said of days that nobody counted.
  const isUnknown = before !== undefined && metrics.every(({ name }) => !before[name]);
  return (
    <div class={`cards ${isStale && now ? 'is-stale' : ''}`}>
      {metrics.map(({ name, word, query, isMoney }) => {
        const value = now?.[name];
        const exact = (figure: number) => (isMoney ? money(figure, currency) : count(figure));
        const short = (figure: number) => (isMoney ? money(figure, currency, true) : shortCount(figure));
        const sessions = Math.max(compared?.sessions ?? 0, before?.sessions ?? 0);
        const isNothing = (!value && !before?.[name]) || isUnknown;
        const difference = compared && before && !isNothing ? change(compared[name] ?? 0, before[name] ?? 0, sessions) : null;
        return (
          <button key={name} type="button" class="figure" aria-pressed={metric === name} onClick={() => setQuery({ metric: query === 'sessions' ? null : query })}>
            <span class="figure-name">{word}</span>
            <span class="figure-value" title={value === null || value === undefined ? undefined : exact(value)}>
              {value === undefined ? '…' : value === null ? '–' : short(value)}
            </span>
            <span class="figure-change">
              {difference && (
                <>
                  <span class={difference.direction}>{difference.text}</span> <span class="muted" title={exact(before?.[name] ?? 0)}>from {short(before?.[name] ?? 0)}</span>
                </>
              )}
            </span>
          </button>
        );
      })}
    </div>
  );
}
