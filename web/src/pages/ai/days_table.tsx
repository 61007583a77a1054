// The chart's figures as a table, the newest day first.
import type { Line } from '../../charts/lines';
import { fullDay } from '../../formats';

export function DaysTable({ days, lines, format, isLastOpen }: { days: string[]; lines: Line[]; format: (value: number) => string; isLastOpen: boolean }) {
  return (
    <div class="table-frame days-table" tabIndex={0} role="region" aria-label="Figures by day">
      <table class="plain">
        <thead>
          <tr>
            <th>Day</th>
            {lines.map((each) => (
              <th key={each.name} class="number">
                <bdi>{each.name}</bdi>
                {each.before && <span class="muted"> (before)</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days
            .map((day, index) => ({ day, index }))
            .reverse()
            .map(({ day, index }) => (
              <tr key={day}>
                <td data-label="Day">
                  <span>
                    {fullDay(day)}
                    {isLastOpen && index === days.length - 1 && <span class="muted"> so far</span>}
                  </span>
                </td>
                {lines.map((each) => (
                  <td key={each.name} class="number" data-label={each.name}>
                    <span>
                      {format(each.values[index] ?? 0)}
                      {each.before && each.before[index] !== null && <span class="muted"> ({format(each.before[index] ?? 0)})</span>}
                    </span>
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
