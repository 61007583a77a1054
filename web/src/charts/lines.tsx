// Lines over days, drawn by uPlot. This module and uPlot are one chunk, loaded by the first page that shows a chart.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './lines.css';
import { day, fullDay } from '../formats';
import { paints } from '../shell/theme';
import { colourOf, seriesDashes } from './series';

export interface Line {
  name: string;
  look: number;
  values: (number | null)[];
  /** The same in the period it is compared with, shown dashed while the line is pointed at. */
  before?: (number | null)[];
}

interface Properties {
  days: string[];
  lines: Line[];
  /** What the chart shows, for those who do not see it. */
  label: string;
  format: (value: number) => string;
  /** Today is not over: its part of the lines is dashed. */
  isLastOpen: boolean;
  /** A line that is pointed at in the legend. */
  highlighted: string | null;
}

// light-dark() means nothing to a canvas: an element resolves it.
function resolved(colour: string, host: HTMLElement): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  host.append(probe);
  const result = getComputedStyle(probe).color;
  probe.remove();
  return result;
}

const height = 280;

export default function Lines({ days, lines, label, format, isLastOpen, highlighted }: Properties) {
  const frame = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const paint = paints.value;
  const key = JSON.stringify([days[0], days.length, lines.map((each) => [each.name, each.values, each.before?.length]), isLastOpen]);

  useEffect(() => {
    const host = frame.current;
    const box = tip.current;
    if (!host || !box) return;
    // Days are counted, not timed: no time zone of the browser can move them.
    const places = days.map((_, index) => index);
    const colours = lines.map((each) => resolved(colourOf(each.look), host));
    const grid = resolved('var(--line)', host);
    const text = resolved('var(--muted)', host);
    const last = days.length - 1;
    const isFocused = (index: number) => highlighted === null || lines[index]?.name === highlighted;
    const shownBefore = lines.find((each) => each.name === highlighted)?.before;
    const axis = { stroke: text, font: '12px system-ui, sans-serif', ticks: { show: false }, grid: { stroke: grid, width: 1 } };

    const fill = (chart: uPlot) => {
      const index = chart.cursor.idx;
      const name = index === null || index === undefined ? undefined : days[index];
      box.hidden = name === undefined;
      if (name === undefined || index === null || index === undefined) return;
      const rows = lines.map((each, place) => ({ each, place, value: each.values[index] })).filter(({ value }) => value !== null && value !== undefined).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
      const heading = document.createElement('strong');
      heading.textContent = fullDay(name) + (isLastOpen && index === last ? ' · so far' : '');
      box.replaceChildren(heading);
      for (const { each, place, value } of rows) {
        const row = document.createElement('span');
        const dot = document.createElement('i');
        dot.style.background = colours[place] ?? '';
        const what = document.createElement('bdi');
        what.textContent = each.name;
        const figure = document.createElement('b');
        const earlier = each.before?.[index];
        figure.textContent = format(value ?? 0) + (earlier === null || earlier === undefined ? '' : ` (${format(earlier)})`);
        row.append(dot, what, figure);
        box.append(row);
      }
      const left = chart.valToPos(index, 'x');
      box.style.left = `${Math.min(left + 64, host.clientWidth - box.offsetWidth - 8)}px`;
      if (left + 64 + box.offsetWidth > host.clientWidth) box.style.left = `${Math.max(0, left + 40 - box.offsetWidth)}px`;
    };

    // Up to yesterday as each line is; today's piece is a line of its own, dashed.
    const closed = lines.map((each) => each.values.map((value, index) => (isLastOpen && index === last ? null : value)));
    const open = lines.map((each) => each.values.map((value, index) => (isLastOpen && index >= last - 1 ? value : null)));
    const series: uPlot.Series[] = [
      {},
      ...lines.map((each, index) => ({ stroke: colours[index], width: isFocused(index) ? 2 : 1, alpha: isFocused(index) ? 1 : 0.25, dash: seriesDashes[each.look], points: { show: days.length < 2 } })),
      ...lines.map((_, index) => ({ stroke: colours[index], width: 1.5, alpha: isFocused(index) ? 0.8 : 0.2, dash: [2, 4], points: { show: false } })),
      { stroke: text, width: 1.5, dash: [4, 4], points: { show: false } },
    ];
    const chart = new uPlot(
      {
        width: host.clientWidth,
        height,
        series,
        padding: [12, 16, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { size: 7 }, y: false },
        scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] } },
        axes: [
          { ...axis, size: 28, space: 64, grid: { show: false }, values: (_, splits) => splits.map((each) => (days[each] === undefined ? '' : day(days[each]))), incrs: [1, 2, 7, 14, 28, 56, 91] },
          { ...axis, size: 56, values: (_, splits) => splits.map((each) => (Number.isInteger(each) || each >= 10 ? format(each) : each === 0 ? '0' : '')) },
        ],
        hooks: { setCursor: [fill] },
      },
      [places, ...closed, ...open, shownBefore ?? places.map(() => null)] as uPlot.AlignedData,
      host,
    );
    const watch = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height }));
    watch.observe(host);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [key, paint, highlighted]);

  return (
    <div class="chart" ref={frame} role="img" aria-label={label}>
      <div class="chart-tip" ref={tip} hidden />
    </div>
  );
}
