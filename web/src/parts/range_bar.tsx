// The days of a page and what they are compared with. Picking another range is a step that can be gone back.
import { useRef } from 'preact/hooks';
import { datedDay } from '../formats';
import { type Compare, compareWords, lengthOf, type Range, type RangeName, rangeWords, shifted } from '../range';
import { useKeys } from '../shell/keys';
import { setQuery } from '../shell/place';
import { Icon } from './icon';

export function RangeBar({ range, compare, zone }: { range: Range; compare: Compare; zone: string }) {
  const select = useRef<HTMLSelectElement>(null);
  const length = lengthOf(range);
  const move = (steps: number) => setQuery({ range: null, from: shifted(range.from, steps * length), to: shifted(range.to, steps * length) });
  const nextCompare = () => {
    const names = Object.keys(compareWords) as Compare[];
    const next = names[(names.indexOf(compare) + 1) % names.length];
    setQuery({ cmp: next === 'prev' ? null : next });
  };
  useKeys([
    { keys: 'd', label: 'Choose the days', group: 'Figures', run: () => select.current?.focus() },
    { keys: ',', label: 'Earlier days', group: 'Figures', run: () => move(-1) },
    { keys: '.', label: 'Later days', group: 'Figures', run: () => move(1) },
    { keys: 'c', label: 'Compare with something else', group: 'Figures', run: nextCompare },
  ]);
  return (
    <div class="row range-bar">
      <button type="button" class="bare" aria-label="Earlier days" onClick={() => move(-1)}>
        <Icon name="left" />
      </button>
      <select
        ref={select}
        aria-label="Days"
        value={range.name ?? 'fixed'}
        onChange={(event) => {
          const name = event.currentTarget.value;
          if (name === 'fixed') setQuery({ range: null, from: range.from, to: range.to });
          else setQuery({ range: name === '30d' ? null : name, from: null, to: null });
        }}
      >
        {(Object.keys(rangeWords) as RangeName[]).map((each) => (
          <option key={each} value={each}>
            {rangeWords[each]}
          </option>
        ))}
        <option value="fixed">{range.name ? 'From one day to another…' : `${datedDay(range.from)} – ${datedDay(range.to)}`}</option>
      </select>
      <button type="button" class="bare" aria-label="Later days" onClick={() => move(1)}>
        <Icon name="right" />
      </button>
      {range.name === null && (
        <>
          <input type="date" aria-label="First day" value={range.from} onChange={(event) => event.currentTarget.value && setQuery({ from: event.currentTarget.value })} />
          <input type="date" aria-label="Last day" value={range.to} onChange={(event) => event.currentTarget.value && setQuery({ to: event.currentTarget.value })} />
        </>
      )}
      <select aria-label="Compare" title="Whole weeks back, so that each day is compared with the same weekday" value={compare} onChange={(event) => setQuery({ cmp: event.currentTarget.value === 'prev' ? null : event.currentTarget.value })}>
        {Object.entries(compareWords).map(([each, word]) => (
          <option key={each} value={each}>
            {word}
          </option>
        ))}
      </select>
      <span class="muted" title="The days of chart, table and totals are days of this time zone">
        days in {zone}
      </span>
    </div>
  );
}
