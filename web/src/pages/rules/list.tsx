// The list of rules: a grid of which only what is seen is drawn, worked with the mouse or with keys alone.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Switch } from '../../parts/field';
import { Icon } from '../../parts/icon';
import { Gives, Host } from '../../parts/text';
import { VirtualRows } from '../../parts/virtual_rows';
import { useKeys } from '../../shell/keys';
import { canWrite } from '../../shell/session';
import { count } from '../../formats';
import { kindWords, matchWords, type RuleKind } from '../../words';
import { linesIn, rowsOf } from './finding_height';
import { FindingLine } from './finding_line';
import { cureOf, plainFinding } from './finding_words';
import type { Findings } from './lint';
import { type Finding, keyOf, type NameOf, type Rule } from './model';

interface Line {
  rule: Rule;
  finding?: Finding;
  /** Of a finding: how many rows it takes. The first draws all of it, and those below, which have 0, nothing. */
  height: number;
}

export interface ListProperties {
  account: string;
  kind: RuleKind;
  /** What the filter leaves, in the order in which it is shown. */
  rules: Rule[];
  findings: Findings;
  nameOf: NameOf;
  showsFindings: boolean;
  openId: number | null;
  selected: Set<number>;
  sort: string;
  isPhone: boolean;
  onSort: (sort: string) => void;
  onSelect: (ids: Set<number>) => void;
  onOpen: (rule: Rule) => void;
  onSwitch: (rule: Rule, on: boolean) => void;
  onChanged: () => void;
}

const columns: Record<RuleKind, [name: string, word: string][]> = {
  mapping: [['pattern', 'Pattern'], ['match', 'Match'], ['source', 'Counts as'], ['name', 'Label']],
  passthrough: [['pattern', 'Domain'], ['match', 'Covers'], ['source', 'Without a session'], ['name', 'Service']],
};

export function RuleList(properties: ListProperties) {
  const { account, kind, rules, findings, showsFindings, openId, selected, sort, isPhone } = properties;
  const [at, setAt] = useState(-1);
  const [expanded, setExpanded] = useState(new Set<string>());
  const anchor = useRef<number | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(isPhone ? 358 : 1200);
  const hasHits = rules.some((each) => each.hits !== null);
  const room = { width, rowHeight: isPhone ? 68 : 40, isPhone };

  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const lines = useMemo(() => {
    if (!showsFindings && expanded.size === 0) return rules.map((rule): Line => ({ rule, height: 1 }));
    const result: Line[] = [];
    for (const rule of rules) {
      result.push({ rule, height: 1 });
      const key = keyOf(kind, rule.id);
      if (showsFindings || expanded.has(key))
        for (const finding of findings.byRule.get(key) ?? []) {
          const buttons = [canWrite.value ? cureOf(finding, properties.nameOf) : '', 'Hide'].filter(Boolean);
          const height = rowsOf(`${plainFinding(finding.message)} ${plainFinding(finding.suggestion)}`, buttons, room);
          for (let at = 0; at < height; at++) result.push({ rule, finding, height: at === 0 ? height : 0 });
        }
    }
    return result;
  }, [rules, findings, showsFindings, expanded, kind, width, isPhone]);

  // The open rule is in sight, also one that was just made; a row that was clicked is there already.
  const openAt = openId === null ? -1 : lines.findIndex((each) => each.rule.id === openId && !each.finding);
  useEffect(() => {
    if (openAt >= 0) setAt(openAt);
  }, [openId, openAt >= 0]);

  const current = Math.min(at, lines.length - 1);
  const here = lines[current]?.rule;

  const move = (step: number) => {
    let next = current + step;
    while (lines[next]?.finding) next += Math.sign(step);
    if (lines[next]) setAt(next);
  };
  const toggle = (rule: Rule | undefined, isRange = false) => {
    if (!rule) return;
    const ids = new Set(selected);
    const from = rules.findIndex((each) => each.id === anchor.current);
    const to = rules.findIndex((each) => each.id === rule.id);
    if (isRange && from >= 0) for (const each of rules.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(each.id);
    else if (!ids.delete(rule.id)) ids.add(rule.id);
    anchor.current = rule.id;
    properties.onSelect(ids);
  };
  const open = () => here && properties.onOpen(here);

  useKeys([
    { keys: 'j', label: 'Next row', group: 'Rules', run: () => move(1) },
    { keys: 'k', label: 'Previous row', group: 'Rules', run: () => move(-1) },
    { keys: 'Enter', label: 'Open the row', group: 'Rules' },
    { keys: 'e', label: 'Edit the row', group: 'Rules', run: open },
    { keys: 'x', label: 'Select the row', group: 'Rules', run: () => toggle(here) },
    { keys: 'Shift+x', label: 'Select from the last one to here', group: 'Rules', run: () => toggle(here, true) },
    { keys: 'Space', label: 'Turn the row on or off', group: 'Rules' },
  ]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== grid.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = 15;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    if (steps[event.key]) {
      const wanted = Math.max(0, Math.min(lines.length - 1, current + (steps[event.key] ?? 0)));
      if (Math.abs(steps[event.key] ?? 0) === 1) move(steps[event.key] ?? 0);
      else setAt(wanted);
    } else if (event.key === 'Home') setAt(0);
    else if (event.key === 'End') setAt(lines.length - 1);
    else if (event.key === 'Enter') open();
    else if (event.key === ' ' && here && canWrite.value) properties.onSwitch(here, !here.isActive);
    else return;
    event.preventDefault();
  };

  const expand = (rule: Rule) => {
    const next = new Set(expanded);
    const key = keyOf(kind, rule.id);
    if (!next.delete(key)) next.add(key);
    setExpanded(next);
  };

  const row = ({ rule, finding, height }: Line, index: number) =>
    height === 0 ? null : finding ? (
      <div key={`${rule.id} ${finding.code}`} role="row" class="rule-finding" aria-rowindex={index + 2} style={{ height: `${height * room.rowHeight}px` }}>
        <div role="gridcell">
          <FindingLine account={account} finding={finding} nameOf={properties.nameOf} lines={linesIn(height, room)} onChanged={properties.onChanged} />
        </div>
      </div>
    ) : (
      <div
        role="row"
        id={`rule-${rule.id}`}
        aria-rowindex={index + 2}
        aria-selected={selected.has(rule.id)}
        class={`rule-row ${index === current ? 'is-current' : ''} ${rule.id === openId ? 'is-open' : ''} ${rule.isActive ? '' : 'is-off'}`}
        onClick={(event) => {
          setAt(index);
          if (event.shiftKey) toggle(rule, true);
          else properties.onOpen(rule);
        }}
      >
        <span role="gridcell" class="rule-id muted" title={`${kindWords[kind]} ${rule.id}`}>{rule.id}</span>
        <span role="gridcell" class="rule-check" onClick={(event) => { event.stopPropagation(); if (event.target === event.currentTarget) toggle(rule, event.shiftKey); }}>
          <input type="checkbox" tabIndex={-1} aria-label={`Select ${rule.pattern}`} checked={selected.has(rule.id)} onClick={(event) => toggle(rule, event.shiftKey)} />
        </span>
        <span role="gridcell" class="rule-pattern"><Host name={rule.pattern} most={isPhone ? 28 : 44} /></span>
        <span role="gridcell" class="rule-match muted">{kind === 'mapping' ? matchWords[rule.match] : 'hosts below'}</span>
        <span role="gridcell" class="rule-gives"><Gives source={rule.source} medium={rule.medium} campaign={rule.campaign} /></span>
        <span role="gridcell" class="rule-name muted"><bdi title={rule.name}>{rule.name}</bdi></span>
        {hasHits && <span role="gridcell" class="rule-hits number">{count(rule.hits)}</span>}
        <span role="gridcell" class="rule-lint">
          {findings.byRule.has(keyOf(kind, rule.id)) && (
            <button type="button" class="bare warn" tabIndex={-1} title={findings.byRule.get(keyOf(kind, rule.id))?.[0]?.message} aria-label={`What is wrong with ${rule.pattern}`} onClick={(event) => { event.stopPropagation(); expand(rule); }}>
              <Icon name="warning" />
            </button>
          )}
        </span>
        <span role="gridcell" class="rule-on">
          <Switch isBare isOn={rule.isActive} label={`${rule.pattern} is on`} isDisabled={!canWrite.value} onChange={(on) => properties.onSwitch(rule, on)} />
        </span>
      </div>
    );

  const areAllSelected = rules.length > 0 && rules.every((each) => selected.has(each.id));
  /** The first row is where the keys begin. Not so a click: its row is below the mouse, and must stay there. */
  const beginAtFirst = () => current < 0 && grid.current?.matches(':focus-visible') && setAt(0);
  return (
    <div
      ref={grid}
      class={`rules-grid ${hasHits ? 'has-hits' : ''}`}
      role="grid"
      tabIndex={0}
      aria-label={kind === 'mapping' ? 'Mappings' : 'Passthrough rules'}
      aria-rowcount={lines.length + 1}
      aria-activedescendant={here ? `rule-${here.id}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={(event) => event.target === grid.current && beginAtFirst()}
    >
      <div role="rowgroup">
        <div role="row" class="rule-row rule-head" aria-rowindex={1}>
          <span role="columnheader" class="rule-id" title="The number of each rule, which stands in History, too">No.</span>
          <span role="columnheader" class="rule-check">
            <input type="checkbox" aria-label="Select all that are shown" checked={areAllSelected} onChange={() => properties.onSelect(areAllSelected ? new Set() : new Set(rules.map((each) => each.id)))} />
          </span>
          {columns[kind].map(([name, word]) => (
            <span key={name} role="columnheader" class={`rule-${name === 'source' ? 'gives' : name}`} aria-sort={sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined}>
              <button type="button" class="column" onClick={() => properties.onSort(sort === name ? `-${name}` : sort === `-${name}` ? '' : name)}>
                {word} {sort === name ? '↑' : sort === `-${name}` ? '↓' : ''}
              </button>
            </span>
          ))}
          {hasHits && <span role="columnheader" class="rule-hits number">Hits 30d</span>}
          <span role="columnheader" class="rule-lint"><span class="for-readers">Findings</span></span>
          <span role="columnheader" class="rule-on">On</span>
        </div>
      </div>
      <VirtualRows rows={lines} rowHeight={room.rowHeight} name={`rules-${kind}`} current={current}>
        {row}
      </VirtualRows>
    </div>
  );
}
