// The whole of a brand's AI referrals on one page; each filter holds for all of it.
import { useState } from 'preact/hooks';
import { api, ask, fetchRaw } from '../../api/client';
import { serverNow } from '../../api/clock';
import { useResource } from '../../api/resource';
import { LinesChart } from '../../charts/chart';
import { looksOf, seriesDashes } from '../../charts/series';
import { count, day, money } from '../../formats';
import { download } from '../../parts/download';
import { Icon } from '../../parts/icon';
import { Empty, FailurePanel, Skeleton } from '../../parts/states';
import { RangeBar } from '../../parts/range_bar';
import { type Compare, compareWords, daysBetween, rangeOf } from '../../range';
import { useKeys } from '../../shell/keys';
import { place, setQuery } from '../../shell/place';
import { sayFailure } from '../../shell/toasts';
import { Cards } from './cards';
import { comparedDays, daysWord, whyNothing } from './compared';
import { Connections } from './connections';
import { DaysTable } from './days_table';
import { type Filter, metrics, readConnections, readReport, reportPath } from './data';
import { linesOf } from './lines_of';
import { Pages } from './pages';

/** A piece of a line as the chart draws it: its colour and its dashes. */
function Swatch({ look }: { look: number }) {
  return (
    <svg class={`swatch swatch-${look + 1}`} viewBox="0 0 28 4" width="28" height="4" aria-hidden="true">
      <line x1="0" y1="2" x2="28" y2="2" stroke-width="2.5" stroke-dasharray={seriesDashes[look]?.join(' ')} />
    </svg>
  );
}

/** The page of one brand. */
export function Overview({ account, brand, brands }: { account: string; brand: number; brands: number[] }) {
  const { query } = place.value;
  const settings = useResource(`${account} settings`, (signal) => ask(api.GET('/accounts/{account_id}/attribution', { params: { path: { account_id: account } }, signal })));
  const currency = settings.data?.currency ?? null;
  // Reports of AI referrals end with the day of UTC.
  const today = new Date(serverNow()).toISOString().slice(0, 10);
  const range = rangeOf(query, today);
  const compareQuery = query.get('cmp');
  const compare: Compare = compareQuery !== null && Object.hasOwn(compareWords, compareQuery) ? (compareQuery as Compare) : 'prev';
  const metric = metrics.find((each) => each.query === query.get('metric')) ?? metrics[0]!;
  const filter: Filter = { platform: query.get('platform'), page: query.get('page'), connection: query.get('connection') };
  const isTable = query.get('view') === 'table';
  const [highlighted, setHighlighted] = useState<string | null>(null);

  const { whole, isOpen, back, earlier: wanted } = comparedDays(range, compare, today);
  const filterKey = JSON.stringify([brand, filter]);
  const key = (days: { from: string; to: string }) => `${filterKey} ${days.from} ${days.to}`;
  const group = { group_by: 'date,platform' };

  const connections = useResource(`connections ${brand}`, (signal) => readConnections(brand, signal));
  const nothing = wanted && connections.data ? whyNothing(wanted, connections.data, filter.connection) : null;
  // Until it is known that there are figures of these days, nothing is said of them.
  const earlier = wanted && connections.data && !nothing ? wanted : null;

  const now = useResource(key(range), (signal) => readReport(brand, range, filter, group, signal));
  const closed = useResource(isOpen ? `closed ${key(whole)}` : null, (signal) => readReport(brand, whole, filter, { group_by: 'date', limit: '1' }, signal));
  const before = useResource(earlier ? `before ${key(earlier)}` : null, (signal) => readReport(brand, earlier ?? whole, filter, group, signal));
  const platforms = useResource(`platforms ${brand} ${range.from} ${range.to}`, (signal) => readReport(brand, range, { ...filter, platform: null }, { group_by: 'platform', order_by: '-sessions' }, signal));

  useKeys([
    {
      keys: 'm',
      label: 'Another metric',
      group: 'Figures',
      run: () => setQuery({ metric: metrics[(metrics.indexOf(metric) + 1) % metrics.length]?.query }),
    },
  ]);

  const csv = async () => {
    try {
      const path = reportPath(brand, range, filter, { group_by: 'date,platform,page', limit: '10000' });
      const response = await fetchRaw(path, { headers: { Accept: 'text/csv' } });
      download(`ai-referrals-${range.from}-${range.to}.csv`, await response.blob());
    } catch (error) {
      sayFailure(error);
    }
  };

  const format = (value: number) => (metric.isMoney ? money(value, currency, true) : count(value));
  const days = daysBetween(range);
  const lines = now.data ? linesOf(now.data.rows, before.data?.rows ?? [], metric.name, days, earlier && before.data ? back : null, whole.to) : [];
  const looks = looksOf(lines.map((each) => each.name));
  const drawn = lines.map((each) => ({ ...each, look: looks.get(each.name) ?? 7 }));
  const isFiltered = Boolean(filter.platform || filter.page || filter.connection);
  const figures = (isOpen ? closed : now).data?.totals;
  const label = `${metric.word} by platform, ${day(range.from)} to ${day(range.to)}${now.data ? `: ${format(now.data.totals[metric.name] ?? 0)} in all${isOpen ? ', with today so far' : ''}` : ''}`;

  if (connections.data?.length === 0)
    return (
      <div class="ai-page">
        <div class="page-head">
          <h1>AI referrals</h1>
        </div>
        <Connections account={account} brand={brand} connections={connections} isOnly />
      </div>
    );
  return (
    <div class="ai-page">
      <div class="page-head">
        <h1>AI referrals</h1>
        {brands.length > 1 && (
          <select class="brand" aria-label="Brand" value={brand} onChange={(event) => setQuery({ brand: event.currentTarget.value })}>
            {brands.map((each) => (
              <option key={each} value={each}>
                Brand {each}
              </option>
            ))}
          </select>
        )}
        <RangeBar range={range} compare={compare} zone="UTC" />
        <div class="row">
          <button type="button" onClick={csv} title="These days by day, assistant and page">
            <Icon name="download" /> CSV
          </button>
        </div>
      </div>
      <div class="ai-filters">
        {platforms.data?.rows.slice(0, 10).map(({ platform = '' }) => (
          <button key={platform} type="button" class="chip" aria-pressed={filter.platform === platform} onClick={() => setQuery({ platform: filter.platform === platform ? null : platform })}>
            <bdi>{platform}</bdi>
          </button>
        ))}
        {filter.page && (
          <button type="button" class="chip" aria-pressed="true" onClick={() => setQuery({ page: null })}>
            Pages below <bdi>{filter.page}</bdi> <Icon name="close" />
          </button>
        )}
        {filter.connection && (
          <button type="button" class="chip" aria-pressed="true" onClick={() => setQuery({ connection: null })}>
            One connection <Icon name="close" />
          </button>
        )}
        {isFiltered && (
          <button type="button" class="link" onClick={() => setQuery({ platform: null, page: null, connection: null })}>
            Clear filters
          </button>
        )}
      </div>
      <Cards now={figures} before={earlier ? before.data?.totals : undefined} earlier={earlier} metric={metric.name} currency={currency} failure={isOpen ? closed.failure : now.failure} isStale={now.isLoading} />
      <p class="muted ai-days">
        Figures of {daysWord(whole)}
        {earlier && ` compared with ${daysWord(earlier)}`}.{isOpen && ' Today is not over, so only the chart shows it.'} {nothing}
      </p>
      <section class="card ai-chart" aria-label={metric.word}>
        <div class="row spread">
          <ul class="legend">
            {drawn.map((each) => (
              <li key={each.name} onMouseEnter={() => setHighlighted(each.name)} onMouseLeave={() => setHighlighted(null)}>
                <Swatch look={each.look} /> <bdi>{each.name}</bdi>
              </li>
            ))}
          </ul>
          <fieldset class="segments">
            <legend class="for-readers">Show as</legend>
            {['Chart', 'Table'].map((each) => (
              <label key={each}>
                <input type="radio" name="view" checked={isTable === (each === 'Table')} onChange={() => setQuery({ view: each === 'Table' ? 'table' : null })} />
                <span>{each}</span>
              </label>
            ))}
          </fieldset>
        </div>
        {now.failure && <FailurePanel failure={now.failure} what="AI referrals" onRetry={now.reload} />}
        {!now.data && !now.failure && <Skeleton lines={8} />}
        {now.data && now.data.rows.length === 0 && (
          <Empty title="No visits from AI assistants in these days">
            <p>{isFiltered ? 'Not with these filters, at least.' : 'Tools may not have sent these days yet: the connections below say when each sent last.'}</p>
            {isFiltered ? (
              <button type="button" onClick={() => setQuery({ platform: null, page: null, connection: null })}>
                Clear filters
              </button>
            ) : (
              <button type="button" onClick={() => setQuery({ range: 'ytd', from: null, to: null })}>
                Show this year
              </button>
            )}
          </Empty>
        )}
        {now.data && now.data.rows.length > 0 && (
          <div class={now.isLoading ? 'is-stale' : ''}>
            {isTable ? (
              <DaysTable days={days} lines={drawn} format={(value) => (metric.isMoney ? money(value, null) : count(value))} isLastOpen={isOpen} />
            ) : (
              <LinesChart days={days} lines={drawn} label={label} format={format} isLastOpen={isOpen} highlighted={highlighted ?? (drawn.length === 1 ? (drawn[0]?.name ?? null) : null)} />
            )}
          </div>
        )}
      </section>
      <div class="ai-columns">
        <Pages brand={brand} days={whole} earlier={earlier} filter={filter} currency={currency} />
        <Connections account={account} brand={brand} connections={connections} />
      </div>
    </div>
  );
}
