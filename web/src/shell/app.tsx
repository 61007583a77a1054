// What is shown: sign-in, a choice of accounts, or a page in its frame.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readDescription } from '../api/features';
import { ask, api } from '../api/client';
import { asFailure } from '../api/failure';
import { returns } from '../api/reach';
import { Empty, Skeleton } from '../parts/states';
import { Link } from '../parts/link';
import { copyText } from '../parts/copy';
import { AccountsPage } from './account_list';
import { account, accountId, accounts, accountsAreKnown, menuAccountId, readAccounts, rememberUse } from './accounts';
import { loadChunk } from './chunks';
import { isHelpOpen, KeyHelp } from './key_help';
import { useKeys } from './keys';
import { LazyPage } from './lazy_page';
import { Notices } from './notices';
import { pageAt, pages, pathOf } from './pages';
import { isPaletteOpen, openPalette } from './palette_state';
import { go, place } from './place';
import { self, signOut, token } from './session';
import { LapsedSignIn, SignInPage } from './sign_in';
import { say, Toasts } from './toasts';
import { BottomBar, TopBar } from './top_bar';

function PaletteLayer() {
  const [Palette, setPalette] = useState<ComponentType | null>(null);
  const isOpen = isPaletteOpen.value;
  useEffect(() => {
    if (isOpen && !Palette) loadChunk(() => import('./palette')).then((module) => setPalette(() => module.default), () => (isPaletteOpen.value = false));
  }, [isOpen]);
  return isOpen && Palette ? <Palette /> : null;
}

function ShellKeys() {
  useKeys([
    { keys: 'Mod+k', label: 'Search or jump to', group: 'Everywhere', run: openPalette },
    { keys: '?', label: 'Show all keys', group: 'Everywhere', run: () => (isHelpOpen.value = true) },
    {
      keys: 'y',
      label: 'Copy the link to what is shown',
      group: 'Everywhere',
      isAction: true,
      run: async () => say((await copyText(location.href)) ? 'Link copied' : 'Copy the link from the address bar'),
    },
    { keys: 'Escape', label: 'Close the topmost layer', group: 'Everywhere' },
  ]);
  useKeys(
    pages
      .filter((each) => each.isOffered())
      .map((each) => ({
        keys: `g ${each.letter}`,
        label: `Go to ${each.label}`,
        group: 'Pages',
        run: () => (!each.isOfAccount || menuAccountId.value) && go(pathOf(each, menuAccountId.value)),
      })),
  );
  return null;
}

function Content() {
  const path = place.value.path;
  const page = pageAt(path);
  const id = accountId.value;
  useEffect(() => {
    document.title = [page?.label, account.value?.name, 'Headwater'].filter(Boolean).join(' · ');
    if (id) rememberUse(id);
  }, [page, id, accounts.value]);
  useEffect(() => {
    if (id && path === `/a/${encodeURIComponent(id)}`) go(`${path}/rules`, { replace: true });
  }, [path, id]);
  if (page) return <LazyPage key={`${page.name} ${id}`} page={page} />;
  if (path === '/' || path === '/sign-in') return <AccountsPage />;
  return (
    <>
      <h1 class="for-readers">There is no such page</h1>
      <Empty title="There is no such page">
        <Link to="/">To the accounts</Link>
      </Empty>
    </>
  );
}

export function App() {
  const now = token.value;
  const who = self.value;
  const back = returns.value;
  useEffect(() => {
    readDescription();
  }, []);
  // A token that this tab kept: who it is has to be asked once more.
  useEffect(() => {
    if (now && !who)
      ask(api.GET('/api-tokens/self')).then(
        (data) => (self.value = data),
        (error) => asFailure(error).kind !== 'unreachable' && signOut(),
      );
  }, [now, who, back]);
  useEffect(() => {
    if (who) {
      readAccounts();
      return;
    }
    accounts.value = [];
    accountsAreKnown.value = false;
  }, [who?.id, back]);
  if (!now)
    return (
      <>
        <Notices />
        <SignInPage />
      </>
    );
  if (!who)
    return (
      <>
        <Notices />
        <Skeleton />
        <LapsedSignIn />
      </>
    );
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById('content')?.focus(); }}>
        Skip to the page
      </a>
      <TopBar />
      <Notices />
      <main id="content" tabIndex={-1}>
        <Content />
      </main>
      <BottomBar />
      <ShellKeys />
      <PaletteLayer />
      <KeyHelp />
      <LapsedSignIn />
      <Toasts />
    </>
  );
}
