// Rules: the list, its filters and what can be done with many rules; a rule opens beside it, an import instead of it.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import { count } from '../../formats';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { useHasKeys, useIsPhone } from '../../parts/media';
import { Empty, FailurePanel, Skeleton } from '../../parts/states';
import { accountId } from '../../shell/accounts';
import { useKeys } from '../../shell/keys';
import { go, setQuery } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { say, sayFailure } from '../../shell/toasts';
import { kindWords } from '../../words';
import { changeRule, readLint, readRules } from './calls';
import { droppedFile, ImportView } from './import_view';
import { FindingLine } from './finding_line';
import { RuleList } from './list';
import { ignored, showHidden, sortFindings } from './lint';
import { inOrder, type NameOf, type Rule } from './model';
import { MoreMenu } from './more_menu';
import { RulePanel } from './panel';
import { PacksButton } from './presets';
import { SelectionBar } from './selection_bar';
import { SettingsView } from './settings_view';
import { importPath, listPath, rulePath, settingsPath, whereNow } from './where';
import './rules.css';

function sorted(rules: Rule[], sort: string): Rule[] {
  const name = sort.replace('-', '') as 'pattern' | 'match' | 'source' | 'name';
  if (!['pattern', 'match', 'source', 'name'].includes(name)) return rules;
  const sign = sort.startsWith('-') ? -1 : 1;
  return rules.toSorted((a, b) => sign * (a[name] < b[name] ? -1 : a[name] > b[name] ? 1 : a.id - b.id));
}

export default function RulesPage() {
  const account = accountId.value ?? '';
  const where = whereNow();
  const { kind } = where;
  const isPhone = useIsPhone();
  const hasKeys = useHasKeys();
  const [selected, setSelected] = useState(new Set<number>());
  const filterInput = useRef<HTMLInputElement>(null);

  const mappings = useResource(`${account} mapping`, (signal) => readRules(account, 'mapping', signal));
  const passthrough = useResource(`${account} passthrough`, (signal) => readRules(account, 'passthrough', signal));
  const lint = useResource(`${account} lint`, (signal) => readLint(account, signal));
  const list = kind === 'mapping' ? mappings : passthrough;
  const found = useMemo(() => sortFindings(account, kind, lint.data?.findings ?? []), [account, kind, lint.data, ignored.value]);

  const foundTotal = found.general.length + [...found.byRule.values()].reduce((sum, each) => sum + each.length, 0);

  useEffect(() => setSelected(new Set()), [kind, account]);

  const all = useMemo(() => (kind === 'mapping' ? inOrder(list.data ?? []) : (list.data ?? [])), [list.data, kind]);
  const wanted = where.filter.trim().toLowerCase();
  const shown = useMemo(() => {
    const left = all.filter(
      (each) =>
        (!wanted || each.text.includes(wanted)) &&
        (where.state === 'all' || each.isActive === (where.state === 'active')) &&
        (!where.lint || found.byRule.has(`${kind}:${each.id}`)),
    );
    return sorted(left, where.sort);
  }, [all, wanted, where.state, where.lint, where.sort, lint.data, foundTotal]);

  const nameOf: NameOf = (of, id) => (of === 'mapping' ? mappings : passthrough).data?.find((each) => each.id === id)?.pattern ?? `${kindWords[of]} ${id}`;

  /** After a change: the list of this kind and what lint says, and nothing else. */
  const refresh = () => {
    list.reload();
    lint.reload();
  };
  const put = (rule: Rule) => {
    const target = rule.kind === 'mapping' ? mappings : passthrough;
    target.set((rules) => (rules.some((each) => each.id === rule.id) ? rules.map((each) => (each.id === rule.id ? rule : each)) : [...rules, rule]));
    lint.reload();
  };
  const drop = (ids: Set<number>) => {
    list.set((rules) => rules.filter((each) => !ids.has(each.id)));
    setSelected(new Set([...selected].filter((id) => !ids.has(id))));
    lint.reload();
  };
  const switchRule = async (rule: Rule, on: boolean) => {
    const flip = async (to: boolean, etag?: string | null) => {
      const done = await changeRule(account, kind, rule.id, { is_active: to }, etag);
      put(done.rule);
      return done.etag;
    };
    put({ ...rule, isActive: on });
    try {
      const etag = await flip(on);
      say(`${kindWords[kind]} ${rule.id} is ${on ? 'on' : 'off'}`, { about: `${kind} ${rule.id}`, undo: () => flip(!on, etag) });
    } catch (error) {
      put(rule);
      sayFailure(error);
    }
  };

  useKeys([
    { keys: '/', label: 'Filter', group: 'Rules', run: () => filterInput.current?.focus() },
    { keys: 'n', label: 'New rule', group: 'Rules', isAction: true, run: () => canWrite.value && go(rulePath(kind, 'new')) },
  ]);

  const close = () => {
    go(listPath(kind));
    document.querySelector<HTMLElement>('.rules-grid')?.focus();
  };

  if (where.isImport && !canWrite.value)
    return (
      <>
        <h1 class="for-readers">Import</h1>
        <Empty title="Your token may look but not change">
          <p>An editor can import rules.</p>
          <Link to={listPath(kind)}>Back to the rules</Link>
        </Empty>
      </>
    );
  if (where.isImport) return <ImportView account={account} kind={kind} onDone={() => { refresh(); go(listPath(kind)); }} />;

  const panel = where.open !== null && (
    <RulePanel
      key={`${kind} ${where.open}`}
      account={account}
      kind={kind}
      id={where.open}
      tab={where.tab}
      listed={list.data?.find((each) => each.id === where.open)}
      nameOf={nameOf}
      findings={typeof where.open === 'number' ? (found.byRule.get(`${kind}:${where.open}`) ?? []) : []}
      site={lint.data?.sites?.[0]}
      onSaved={put}
      onRemoved={(id) => drop(new Set([id]))}
      onClose={close}
      onChanged={refresh}
    />
  );
  if (panel && isPhone)
    return (
      <>
        <h1 class="for-readers">Rules</h1>
        {panel}
      </>
    );

  const isFiltered = Boolean(wanted) || where.state !== 'all' || where.lint;
  return (
    <div
      class={`rules-page ${panel ? 'has-panel' : ''} ${where.isSettings ? 'is-settings' : ''}`}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const file = event.dataTransfer?.files[0];
        if (!file || !canWrite.value) return;
        droppedFile.value = file;
        go(importPath(kind));
      }}
    >
      <section class="rules-main">
        <h1 class="for-readers">Rules</h1>
        <div class="page-head">
          <nav class="tabs" aria-label="Kinds of rules">
            <Link to={listPath('mapping')} aria-current={kind === 'mapping' && !where.isSettings ? 'true' : undefined}>
              Mappings <HowMany of={mappings} number={mappings.data?.length} />
            </Link>
            <Link to={listPath('passthrough')} aria-current={kind === 'passthrough' && !where.isSettings ? 'true' : undefined}>
              Passthrough <HowMany of={passthrough} number={passthrough.data?.length} />
            </Link>
            <Link to={settingsPath()} aria-current={where.isSettings ? 'true' : undefined}>
              Settings
            </Link>
          </nav>
          {!where.isSettings && (
            <>
              <input ref={filterInput} class="rules-filter" type="search" aria-label="Filter rules" placeholder={hasKeys ? 'Filter  /' : 'Filter'} value={where.filter} onInput={(event) => setQuery({ q: event.currentTarget.value }, { replace: true })} />
              <select class="rules-state" aria-label="State" value={where.state} onChange={(event) => setQuery({ state: event.currentTarget.value === 'all' ? null : event.currentTarget.value })}>
                <option value="all">On and off</option>
                <option value="active">On</option>
                <option value="inactive">Off</option>
              </select>
              <button type="button" class="chip" aria-pressed={where.lint} onClick={() => setQuery({ lint: where.lint ? null : '1' })}>
                <Icon name="warning" /> Findings <HowMany of={lint} number={lint.data && foundTotal} isWarning={foundTotal > 0} />
              </button>
              <div class="row">
                <MoreMenu account={account} kind={kind} onChanged={refresh} />
                {canWrite.value && (
                  <button type="button" class="primary" onClick={() => go(rulePath(kind, 'new'))}>
                    <Icon name="plus" /> New rule
                  </button>
                )}
              </div>
            </>
          )}
        </div>
        {where.isSettings ? (
          <SettingsView key={account} account={account} site={lint.data?.sites?.[0]} onSaved={lint.reload} />
        ) : (
          <>
            {where.lint && found.hidden > 0 && (
              <p class="muted hidden-findings">
                {found.hidden === 1 ? '1 finding is hidden' : `${count(found.hidden)} findings are hidden`} in this browser.{' '}
                <button type="button" class="link" onClick={() => showHidden(account)}>
                  Show again
                </button>
              </p>
            )}
            {where.lint && found.general.map((each) => <FindingLine key={each.code} account={account} finding={each} nameOf={nameOf} onChanged={refresh} />)}
            {list.failure && <FailurePanel failure={list.failure} what="Rules" onRetry={list.reload} />}
            {!list.data && !list.failure && <Skeleton lines={12} />}
            {list.data && list.data.length === 0 && <NoRules kind={kind} account={account} onApplied={refresh} />}
            {list.data && list.data.length > 0 && (
              <>
                {shown.length === 0 ? (
                  <Empty title={where.lint && !wanted && where.state === 'all' ? (found.general.length ? 'Nothing else is wrong' : 'Nothing is wrong with these rules') : 'No rule fits the filter'}>
                    <button type="button" onClick={() => setQuery({ q: null, state: null, lint: null })}>
                      Clear filters
                    </button>
                  </Empty>
                ) : (
                  <RuleList
                    nameOf={nameOf}
                    account={account}
                    kind={kind}
                    rules={shown}
                    findings={found}
                    showsFindings={where.lint}
                    openId={typeof where.open === 'number' ? where.open : null}
                    selected={selected}
                    sort={where.sort}
                    isPhone={isPhone}
                    onSort={(sort) => setQuery({ sort })}
                    onSelect={setSelected}
                    onOpen={(rule) => go(rulePath(kind, rule.id))}
                    onSwitch={switchRule}
                    onChanged={refresh}
                  />
                )}
                <p class="rules-status muted" role="status">
                  {isFiltered ? `${count(shown.length)} of ${count(all.length)} rules` : all.length === 1 ? '1 rule' : `${count(all.length)} rules`}
                  {typeof where.open === 'number' && all.some((each) => each.id === where.open) && !shown.some((each) => each.id === where.open) && ' · the open rule is not among them'}
                  {where.sort ? (
                    <>
                      {' · '}sorted{kind === 'mapping' && ', so not in the order in which they are tried'}{' '}
                      <button type="button" class="link" onClick={() => setQuery({ sort: null })}>
                        {kind === 'mapping' ? 'Show that order' : 'Unsorted'}
                      </button>
                    </>
                  ) : kind === 'mapping' ? ' · in the order in which they are tried' : ' · the longest domain that fits decides'}
                </p>
              </>
            )}
          </>
        )}
        {selected.size > 0 && !where.isSettings && <SelectionBar account={account} rules={all.filter((each) => selected.has(each.id))} hidden={selected.size - shown.filter((each) => selected.has(each.id)).length} onChanged={refresh} onClear={() => setSelected(new Set())} />}
      </section>
      {panel}
    </div>
  );
}

/** How many there are, once that is known. */
function HowMany({ of, number, isWarning }: { of: { failure: Failure | undefined }; number?: number; isWarning?: boolean }) {
  if (number === undefined && of.failure)
    return (
      <span class="badge badge-bad" role="img" aria-label="not known" title={`Not known: ${of.failure.message}`}>
        ?
      </span>
    );
  return <span class={`badge ${isWarning ? 'badge-warn' : ''}`}>{number === undefined ? '…' : count(number)}</span>;
}

function NoRules({ kind, account, onApplied }: { kind: 'mapping' | 'passthrough'; account: string; onApplied: () => void }) {
  const importLink = (
    <p>
      <Link to={importPath(kind)}>Or import a file</Link>
    </p>
  );
  return kind === 'mapping' ? (
    <Empty title="No mappings yet">
      <p>A mapping says what visits from a host count as: trivago.de as trivago / metasearch, say. Without one, lists of well-known sources decide.</p>
      {canWrite.value ? (
        <>
          <button type="button" class="primary" onClick={() => go(rulePath(kind, 'new'))}>
            New mapping
          </button>
          {importLink}
        </>
      ) : (
        <p>Your token may look but not change: an editor can add one.</p>
      )}
    </Empty>
  ) : (
    <Empty title="No passthrough rules yet">
      <p>Visitors who come back from a payment page or a booking engine are still who they were before. A rule for its domain says so, and packs have those of many.</p>
      {canWrite.value ? (
        <>
          <PacksButton account={account} onApplied={onApplied} />
          {importLink}
        </>
      ) : (
        <p>Your token may look but not change: an editor can add one.</p>
      )}
    </Empty>
  );
}
