// Ctrl K: pages, accounts, actions, the account's rules, and any host ("why paypal.com").
import { useEffect, useState } from 'preact/hooks';
import { ask, api } from '../api/client';
import { Dialog } from '../parts/dialog';
import { Icon, type IconName } from '../parts/icon';
import { accounts, menuAccountId } from './accounts';
import { bindings, shownKeys } from './keys';
import { pages, pathOf } from './pages';
import { isPaletteOpen } from './palette_state';
import { go } from './place';
import { canRead } from './session';

interface Choice {
  id: string;
  icon: IconName;
  text: string;
  hint?: string;
  run: () => void;
}

const looksLikeHost = /^(?:https?:\/\/)?[^\s/]+\.[^\s/.]{2,}(?:\/\S*)?$/;

function hostChoices(text: string, id: string): Choice[] {
  const wanted = text.replace(/^why\s+/i, '').trim();
  if (!looksLikeHost.test(wanted)) return [];
  const url = /^https?:/.test(wanted) ? wanted : `https://${wanted}/`;
  const to = `/a/${encodeURIComponent(id)}/test#${new URLSearchParams({ r: url })}`;
  return [{ id: 'why', icon: 'test', text: `Why ${wanted}?`, hint: 'Test a visit from there', run: () => go(to) }];
}

async function ruleChoices(id: string, text: string, signal: AbortSignal): Promise<Choice[]> {
  const query = { account_id: id, include_inactive: true };
  const [mappings, passthrough] = await Promise.all([
    ask(api.GET('/referrer-mappings', { params: { query }, signal })),
    ask(api.GET('/passthrough-referrers', { params: { query }, signal })),
  ]);
  const wanted = text.toLowerCase();
  const path = (kind: string, rule: number) => `/a/${encodeURIComponent(id)}/rules/${kind}/${rule}`;
  return [
    ...(mappings.mappings ?? []).map((each) => ({
      id: `m${each.id}`,
      text: each.referrer_pattern,
      words: `${each.referrer_pattern} ${each.label ?? ''} ${each.utm_source}`,
      hint: `Mapping ${each.id}`,
      to: path('mapping', each.id),
    })),
    ...(passthrough.referrers ?? []).map((each) => ({
      id: `p${each.id}`,
      text: each.domain,
      words: `${each.domain} ${each.service_name} ${each.utm_source}`,
      hint: `Passthrough ${each.id}`,
      to: path('passthrough', each.id),
    })),
  ]
    .filter((each) => each.words.toLowerCase().includes(wanted))
    .slice(0, 8)
    .map(({ id: key, text: shown, hint, to }) => ({ id: key, icon: 'rules' as const, text: shown, hint, run: () => go(to) }));
}

function fixedChoices(): Choice[] {
  const id = menuAccountId.value;
  return [
    ...pages
      .filter((each) => each.isOffered() && (!each.isOfAccount || id))
      .map((each) => ({ id: each.name, icon: each.icon, text: each.label, hint: `g ${each.letter}`, run: () => go(pathOf(each, id)) })),
    ...(id && canRead.value ? [{ id: 'settings', icon: 'rules' as const, text: 'Settings of attribution', hint: 'Rules', run: () => go(`/a/${encodeURIComponent(id)}/rules/settings`) }] : []),
    ...bindings.value
      .filter((each) => each.isAction && each.run)
      .map((each) => ({ id: each.keys, icon: 'right' as const, text: each.label, hint: shownKeys(each.keys).join(' '), run: () => each.run?.() })),
    ...accounts.value
      .filter((each) => each.account_id !== id)
      .map((each) => ({ id: `a${each.account_id}`, icon: 'box' as const, text: each.name, hint: 'Account', run: () => go(`/a/${encodeURIComponent(each.account_id)}/rules`) })),
  ];
}

export default function Palette() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [rules, setRules] = useState<Choice[]>([]);
  const id = menuAccountId.value;

  useEffect(() => {
    setRules([]);
    if (!id || text.trim().length < 2) return;
    const cancel = new AbortController();
    const timer = setTimeout(() => {
      ruleChoices(id, text.replace(/^why\s+/i, '').trim(), cancel.signal).then(setRules, () => {});
    }, 150);
    return () => {
      clearTimeout(timer);
      cancel.abort();
    };
  }, [text, id]);

  const wanted = text.trim().toLowerCase();
  const fixed = fixedChoices().filter((each) => `${each.text} ${each.hint ?? ''}`.toLowerCase().includes(wanted));
  const choices = [...(id ? hostChoices(text, id) : []), ...fixed, ...rules].slice(0, 14);
  const current = Math.min(at, choices.length - 1);
  const close = () => (isPaletteOpen.value = false);
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    close();
    setTimeout(choice.run); // once the focus is back on the page
  };
  return (
    <Dialog title="Search or jump to" onClose={close}>
      <input
        class="palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-choices"
        aria-activedescendant={choices[current] ? `palette-${current}` : undefined}
        aria-label="Page, rule, account or host"
        placeholder="Rules, trivago, why paypal.com …"
        value={text}
        autoFocus
        spellcheck={false}
        autoComplete="off"
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(current + 1, choices.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(current - 1, 0));
          else if (event.key === 'Enter') choose(choices[current]);
          else return;
          event.preventDefault();
        }}
      />
      <ul class="choices" id="palette-choices" role="listbox" aria-label="Results">
        {choices.map((each, index) => (
          <li
            key={each.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === current}
            class="choice"
            onMouseMove={() => setAt(index)}
            onClick={() => choose(each)}
          >
            <Icon name={each.icon} />
            <bdi class="choice-text">{each.text}</bdi>
            <span class="muted">{each.hint}</span>
          </li>
        ))}
        {choices.length === 0 && <li class="muted choice">Nothing of that name.</li>}
      </ul>
    </Dialog>
  );
}
