// The pages that assistants send visitors to.
import { useResource } from '../../api/resource';
import { change, count, money } from '../../formats';
import { Loaded } from '../../parts/states';
import type { Days } from '../../range';
import { setQuery } from '../../shell/place';
import { daysWord } from './compared';
import { type Filter, readReport } from './data';

interface Properties {
  brand: number;
  /** Those that are over, which are compared. */
  days: Days;
  earlier: Days | null;
  filter: Filter;
  currency: string | null;
}

const most = 15;

export function Pages({ brand, days, earlier, filter, currency }: Properties) {
  const key = JSON.stringify([brand, days, filter]);
  const group = { group_by: 'page', order_by: '-sessions' };
  const now = useResource(`pages ${key}`, (signal) => readReport(brand, days, filter, { ...group, limit: String(most) }, signal));
  const before = useResource(earlier ? `pages before ${key} ${earlier.from}` : null, async (signal) => {
    const { rows } = await readReport(brand, earlier ?? days, filter, group, signal);
    return new Map(rows.map((each) => [each.page ?? '', each.sessions ?? 0]));
  });
  const largest = Math.max(1, ...(now.data?.rows ?? []).map((each) => each.sessions ?? 0));
  return (
    <section class="card" aria-label="Top pages">
      <h2>Top pages</h2>
      <Loaded from={now} what="Pages">
        {({ rows, total }) => rows.length === 0 ? (
          <p class="muted">The pages that assistants send visitors to stand here once there are any in these days.</p>
        ) : (
          <>
            <table class="plain pages">
              <thead>
                <tr>
                  <th>Page</th>
                  <th class="number">Sessions</th>
                  {earlier && <th class="number">Change</th>}
                  <th class="number">Revenue</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => {
                  const page = row.page ?? '';
                  const difference = before.data ? change(row.sessions ?? 0, before.data.get(page) ?? 0) : null;
                  return (
                    <tr key={page}>
                      <td data-label="Page">
                        <button type="button" class="link page-link" title={`${page}: filter to pages that begin so`} onClick={() => setQuery({ page })}>
                          <bdi>{page}</bdi>
                        </button>
                        <svg class="bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
                          <rect width={((row.sessions ?? 0) / largest) * 100} height="3" />
                        </svg>
                      </td>
                      <td class="number" data-label="Sessions">{count(row.sessions)}</td>
                      {earlier && (
                        <td class="number" data-label="Change">
                          {difference && (
                            <span class={difference.direction} title={`from ${count(before.data?.get(page) ?? 0)}${earlier ? ` in ${daysWord(earlier)}` : ''}`}>
                              {difference.text}
                            </span>
                          )}
                        </td>
                      )}
                      <td class="number" data-label="Revenue">{money(row.purchase_revenue, currency)}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
            {total > rows.length && <p class="muted">{count(total - rows.length)} more pages are in the CSV.</p>}
          </>
        )}
      </Loaded>
    </section>
  );
}
