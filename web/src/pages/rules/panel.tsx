// A rule beside the list: to edit, or what happened to it. On phones it is the page.
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { FailurePanel, Skeleton } from '../../parts/states';
import { useResource } from '../../api/resource';
import { kindWords, type RuleKind } from '../../words';
import { place } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { readRule } from './calls';
import { Editor } from './editor';
import { FindingLine } from './finding_line';
import { defaultsOf, type Finding, type Rule } from './model';
import { RuleHistory } from './rule_history';
import { rulePath } from './where';

interface Properties {
  account: string;
  kind: RuleKind;
  id: number | 'new';
  tab: 'edit' | 'history';
  findings: Finding[];
  site?: string;
  onSaved: (rule: Rule) => void;
  onRemoved: (id: number) => void;
  onClose: () => void;
  onChanged: () => void;
}

export function RulePanel({ account, kind, id, tab, findings, site, onSaved, onRemoved, onClose, onChanged }: Properties) {
  const read = useResource(id === 'new' ? null : `${account} ${kind} ${id}`, (signal) => readRule(account, kind, id as number, signal));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (id !== 'new') heading.current?.focus();
  }, [id]);

  const title = id === 'new' ? `New ${kindWords[kind].toLowerCase()} rule` : `${kindWords[kind]} ${id}`;
  const prefilled = Object.fromEntries([...place.value.fragment].filter(([name]) => name in defaultsOf[kind]));
  return (
    <aside
      class="rule-panel"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      <header class="panel-head">
        <h2 ref={heading} tabIndex={-1}>{title}</h2>
        {id !== 'new' && (
          <nav class="tabs" aria-label="About this rule">
            <Link to={rulePath(kind, id)} aria-current={tab === 'edit' ? 'true' : undefined}>
              {canWrite.value ? 'Edit' : 'Rule'}
            </Link>
            <Link to={rulePath(kind, id, 'history')} aria-current={tab === 'history' ? 'true' : undefined}>
              History
            </Link>
          </nav>
        )}
        <button type="button" class="bare" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {findings.map((each) => (
        <FindingLine key={each.code} account={account} finding={each} onChanged={onChanged} />
      ))}
      {tab === 'history' && id !== 'new' ? (
        <RuleHistory account={account} kind={kind} id={id} />
      ) : id === 'new' ? (
        <Editor account={account} kind={kind} base={{ ...defaultsOf[kind], ...prefilled }} site={site} onSaved={onSaved} onRemoved={onRemoved} onClose={onClose} />
      ) : read.data ? (
        <Editor key={read.data.etag} account={account} kind={kind} id={id} base={read.data.rule.values} etag={read.data.etag} site={site} onSaved={onSaved} onRemoved={onRemoved} onClose={onClose} />
      ) : read.failure ? (
        <FailurePanel failure={read.failure} onRetry={read.reload} />
      ) : (
        <Skeleton lines={8} />
      )}
    </aside>
  );
}
