// The frame around every page: name, account, search, who is signed in, and the menu, which is at the bottom on phones.
import { useState } from 'preact/hooks';
import { Drop } from '../parts/drop';
import { Icon } from '../parts/icon';
import { Link } from '../parts/link';
import { account, accounts, menuAccountId } from './accounts';
import { AccountList } from './account_list';
import { isAnythingUnsaved } from './drafts';
import { setSingleKeys, shownKeys, singleKeysWork } from './keys';
import { pageAt, pages, pathOf } from './pages';
import { openPalette } from './palette_state';
import { isHelpOpen } from './key_help';
import { go, place } from './place';
import { self, signOut } from './session';
import { theme, themes } from './theme';
import { roleWord } from '../words';

function Switcher() {
  const now = account.value;
  const pageName = pageAt(place.value.path)?.isOfAccount ? pageAt(place.value.path)?.name : undefined;
  if (accounts.value.length <= 1) return now && <span class="account-name"><bdi>{now.name}</bdi></span>;
  const label = (
    <>
      <bdi>{now?.name ?? 'Choose an account'}</bdi> <Icon name="down" />
    </>
  );
  return (
    <Drop label={label} title="Switch the account" className="switcher">
      {(close) => <AccountList onChosen={close} pageName={pageName} />}
    </Drop>
  );
}

function Person() {
  const [isWarned, setWarned] = useState(false);
  const name = self.value?.name || `Token ${self.value?.id}`;
  const initials = (name.match(/[\p{L}\p{N}]+/gu) ?? ['?']).map((each) => [...each][0]).slice(0, 2).join('').toUpperCase();
  return (
    <Drop label={<span class="initials"><bdi>{initials}</bdi></span>} title={`Signed in as ${name}`} className="person">
      {(close) => (
        <div class="person-box">
          <p>
            <bdi>{name}</bdi>
            <br />
            <span class="muted">{self.value && roleWord(self.value)}</span>
          </p>
          <fieldset class="segments">
            <legend>Colors</legend>
            {themes.map((each) => (
              <label key={each}>
                <input type="radio" name="theme" checked={theme.value === each} onChange={() => (theme.value = each)} />
                <span>
                  <Icon name={each === 'system' ? 'system' : each === 'light' ? 'sun' : 'moon'} /> {each}
                </span>
              </label>
            ))}
          </fieldset>
          <label class="check for-keys">
            <input type="checkbox" checked={singleKeysWork.value} onChange={(event) => setSingleKeys(event.currentTarget.checked)} />
            Single letters are shortcuts
          </label>
          <button type="button" class="menu-item for-keys" onClick={() => { close(); isHelpOpen.value = true; }}>
            <Icon name="info" /> Keys <kbd>?</kbd>
          </button>
          <button type="button" class="menu-item" onClick={() => (isAnythingUnsaved() && !isWarned ? setWarned(true) : signOut())}>
            <Icon name="out" /> {isWarned ? 'Sign out, and lose what is not saved' : 'Sign out'}
          </button>
        </div>
      )}
    </Drop>
  );
}

const offered = () => pages.filter((each) => each.isOffered() && (!each.isOfAccount || menuAccountId.value !== null));

/** What an account's page keeps when the menu leads to another one: nothing but the account. */
function MenuLink({ page, isShort }: { page: (typeof pages)[number]; isShort?: boolean }) {
  const isHere = pageAt(place.value.path) === page;
  return (
    <Link to={pathOf(page, menuAccountId.value)} aria-current={isHere ? 'page' : undefined} class={`menu-link ${page.isOfAccount ? '' : 'menu-end'}`}>
      <Icon name={page.icon} />
      <span>{isShort ? (page.shortLabel ?? page.label) : page.label}</span>
    </Link>
  );
}

export function TopBar() {
  return (
    <header class="top-bar">
      <div class="top-line">
        <Link to="/" class="mark">
          Headwater
        </Link>
        <Switcher />
        <button type="button" class="search-button" onClick={openPalette}>
          <Icon name="search" />
          <span>Search or jump to…</span>
          <span class="keys for-keys" aria-hidden="true">
            {shownKeys('Mod+k').map((each) => (
              <kbd key={each}>{each}</kbd>
            ))}
          </span>
        </button>
        <Person />
      </div>
      <nav class="menu" aria-label="Pages">
        {offered().map((each) => (
          <MenuLink key={each.name} page={each} />
        ))}
      </nav>
    </header>
  );
}

/** On phones, where the thumb is. What does not fit is under More. */
export function BottomBar() {
  const all = offered();
  const shown = all.length > 5 ? all.slice(0, 4) : all;
  const rest = all.slice(shown.length);
  if (all.length === 0) return null;
  return (
    <nav class="bottom-bar" aria-label="Pages, at the bottom">
      {shown.map((each) => (
        <MenuLink key={each.name} page={each} isShort />
      ))}
      {rest.length > 0 && (
        <Drop label={<><Icon name="more" /> More</>} title="More pages" className="more">
          {(close) =>
            rest.map((each) => (
              <button key={each.name} type="button" class="menu-item" onClick={() => { close(); go(pathOf(each, menuAccountId.value)); }}>
                <Icon name={each.icon} /> {each.label}
              </button>
            ))
          }
        </Drop>
      )}
    </nav>
  );
}
