// A rule beside the list: to edit, or what happened to it. On phones it is the page.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon';
import { Link } from '../../parts/link';
import { FailurePanel, Skeleton } from '../../parts/states';
import { useResource } from '../../api/resource';
import { kindWords, type RuleKind, rulesWord } from '../../words';
import { place } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { readRule } from './calls';
import { Editor } from './editor';
import { FindingLine } from './finding_line';
import { defaultsOf, type Finding, type NameOf, type Rule } from './model';
import { GoneRule } from './gone_rule';
import { RuleHistory } from './rule_history';
import { rulePath } from './where';

interface Properties {
  account: string;
  kind: RuleKind;
  id: number | 'new';
  tab: 'edit' | 'history';
  /** As the list has it, with its ETag; absent while there is no list. */
  listed?: Rule;
  findings: Finding[];
  nameOf: NameOf;
  site?: string;
  onSaved: (rule: Rule) => void;
  onRemoved: (id: number) => void;
  onClose: () => void;
  onChanged: () => void;
}

export function RulePanel({ account, kind, id, tab, listed, findings, nameOf, site, onSaved, onRemoved, onClose, onChanged }: Properties) {
  // What the list has is edited as it was when the panel opened; only without it the rule is asked for.
  const [known, setKnown] = useState(listed?.etag ? listed : undefined);
  const read = useResource(id === 'new' || known ? null : `${account} ${kind} ${id}`, (signal) => readRule(account, kind, id as number, signal));
  const rule = known ?? (read.isLoading ? undefined : read.data?.rule);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (id !== 'new') heading.current?.focus();
  }, [id]);

  const restored = () => {
    setKnown(undefined);
    read.reload();
    onChanged();
  };

  const title = id === 'new' ? `New ${rulesWord(kind, 1)}` : `${kindWords[kind]} ${id}`;
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
        <FindingLine key={each.code} account={account} finding={each} nameOf={nameOf} onChanged={onChanged} />
      ))}
      {tab === 'history' && id !== 'new' ? (
        <RuleHistory account={account} kind={kind} id={id} onRestored={restored} />
      ) : id === 'new' && !canWrite.value ? (
        <p class="note note-plain">Your token may look but not change: an editor can add a rule.</p>
      ) : id === 'new' ? (
        <Editor account={account} kind={kind} base={{ ...defaultsOf[kind], ...prefilled }} site={site} onSaved={onSaved} onRemoved={onRemoved} onClose={onClose} onRestored={onChanged} />
      ) : rule ? (
        <Editor account={account} kind={kind} id={id} base={rule.values} etag={rule.etag} site={site} onSaved={(saved) => { setKnown(saved); onSaved(saved); }} onRemoved={onRemoved} onClose={onClose} onRestored={onChanged} />
      ) : read.failure?.kind === 'not_found' ? (
        <GoneRule account={account} kind={kind} id={id} onRestored={restored} />
      ) : read.failure ? (
        <FailurePanel failure={read.failure} onRetry={read.reload} />
      ) : (
        <Skeleton lines={8} />
      )}
    </aside>
  );
}
