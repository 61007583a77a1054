// Ctrl K: pages, accounts, actions, the account's rules, and any host ("why paypal.com").
import { useEffect, useState } from 'preact/hooks';
import { ask, api } from '../api/client';
import { count } from '../formats';
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
  /** The hint is a key. */
  isKey?: boolean;
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

/** So many rules of each kind are looked through here; the list of rules looks through all. */
const mostRules = 500;

interface FoundRule {
  choice: Choice;
  /** What is looked through, in lower case. */
  words: string;
}
interface KnownRules {
  rules: FoundRule[];
  /** Kinds of which there are more than were read. */
  longer: { kind: 'mapping' | 'passthrough'; word: string; total: number }[];
}

const rulesPath = (id: string) => `/a/${encodeURIComponent(id)}/rules`;
const asFound = (account: string, kind: string, id: number, text: string, words: (string | null | undefined)[]): FoundRule => ({
  choice: { id: `${kind} ${id}`, icon: 'rules', text, hint: `${kind === 'mapping' ? 'Mapping' : 'Passthrough'} ${id}`, run: () => go(`${rulesPath(account)}/${kind}/${id}`) },
  words: words.filter(Boolean).join(' ').toLowerCase(),
});

/** Asked once for each time that the palette is open, and never for more than a screen could ever need. */
async function readRules(account: string, signal: AbortSignal): Promise<KnownRules> {
  const query = { account_id: account, include_inactive: true, limit: mostRules };
  const [mappings, passthrough] = await Promise.all([
    ask(api.GET('/referrer-mappings', { params: { query }, signal })),
    ask(api.GET('/passthrough-referrers', { params: { query }, signal })),
  ]);
  return {
    rules: [
      ...mappings.mappings.map((each) => asFound(account, 'mapping', each.id, each.referrer_pattern, [each.referrer_pattern, each.label, each.utm_source])),
      ...passthrough.referrers.map((each) => asFound(account, 'passthrough', each.id, each.domain, [each.domain, each.service_name, each.utm_source])),
    ],
    longer: [
      { kind: 'mapping' as const, word: 'mappings', total: mappings.total },
      { kind: 'passthrough' as const, word: 'passthrough rules', total: passthrough.total },
    ].filter((each) => each.total > mostRules),
  };
}

function ruleChoices({ rules, longer }: KnownRules, account: string, text: string): Choice[] {
  const wanted = text.replace(/^why\s+/i, '').trim();
  if (wanted.length < 2) return [];
  const found = rules.filter((each) => each.words.includes(wanted.toLowerCase())).slice(0, 8);
  const further = longer.map(({ kind, word, total }): Choice => {
    const query = new URLSearchParams({ ...(kind === 'mapping' ? {} : { kind }), q: wanted });
    return { id: `all ${kind}`, icon: 'search', text: `Look for ${wanted} in all ${count(total)} ${word}`, run: () => go(`${rulesPath(account)}?${query}`) };
  });
  return [...found.map((each) => each.choice), ...further];
}

function fixedChoices(): Choice[] {
  const id = menuAccountId.value;
  return [
    ...pages
      .filter((each) => each.isOffered() && (!each.isOfAccount || id))
      .map((each) => ({ id: each.name, icon: each.icon, text: each.label, hint: shownKeys(`g ${each.letter}`).join(' '), isKey: true, run: () => go(pathOf(each, id)) })),
    ...(id && canRead.value ? [{ id: 'settings', icon: 'rules' as const, text: 'Settings', hint: 'Rules', run: () => go(`/a/${encodeURIComponent(id)}/rules/settings`) }] : []),
    ...bindings.value
      .filter((each) => each.isAction && each.run)
      .map((each) => ({ id: each.keys, icon: 'right' as const, text: each.label, hint: shownKeys(each.keys).join(' '), isKey: true, run: () => each.run?.() })),
    ...accounts.value
      .filter((each) => each.account_id !== id)
      .map((each) => ({ id: `a${each.account_id}`, icon: 'box' as const, text: each.name, hint: 'Account', run: () => go(`/a/${encodeURIComponent(each.account_id)}/rules`) })),
  ];
}

export default function Palette() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [known, setKnown] = useState<KnownRules>();
  const id = menuAccountId.value;
  const isSearching = text.trim().length >= 2;

  useEffect(() => {
    if (!id || !isSearching || known) return;
    const cancel = new AbortController();
    // Without them, everything else is offered still.
    readRules(id, cancel.signal).then(setKnown, () => {});
    return () => cancel.abort();
  }, [id, isSearching]);

  const wanted = text.trim().toLowerCase();
  const fixed = fixedChoices().filter((each) => `${each.text} ${each.hint ?? ''}`.toLowerCase().includes(wanted));
  const rules = id && known ? ruleChoices(known, id, text) : [];
  const choices = [...(id ? hostChoices(text, id) : []), ...fixed, ...rules].slice(0, 16);
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
            <span class={`muted ${each.isKey ? 'for-keys' : ''}`}>{each.hint}</span>
          </li>
        ))}
        {choices.length === 0 && <li class="muted choice">{id && isSearching && !known ? 'Looking…' : 'Nothing of that name. A whole host, such as paypal.com, can be tested here.'}</li>}
      </ul>
    </Dialog>
  );
}
