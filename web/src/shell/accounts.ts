// The accounts that the token may work on. Until their names are known, their ids stand in.
import { computed, signal } from '@preact/signals';
import { answered, api } from '../api/client';
import { asFailure, type Failure, isCancelled } from '../api/failure';
import { decoded, place } from './place';
import { canRead, self } from './session';
import { preferences } from './stored';

export interface KnownAccount {
  account_id: string;
  name: string;
  /** undefined: not known, or not yet */
  brand_ids?: number[];
}

export const accounts = signal<KnownAccount[]>([]);
export const accountsAreKnown = signal(false);
/** Why their names and brands could not be read. */
export const accountsFailure = signal<Failure | null>(null);

/** The account of the URL, or null where a page belongs to none. */
export const accountId = computed(() => {
  const found = /^\/a\/([^/]+)/.exec(place.value.path);
  return found?.[1] ? decoded(found[1]) : null;
});
export const account = computed<KnownAccount | null>(() => {
  const id = accountId.value;
  if (!id) return null;
  return accounts.value.find((each) => each.account_id === id) ?? { account_id: id, name: id };
});

/** A token that may not read has only the ids of its accounts. */
export async function readAccounts() {
  const own = self.value?.account_ids ?? [];
  const bare = own.filter((each) => each !== '*').map((each) => ({ account_id: each, name: each }));
  if (canRead.value)
    try {
      const { data } = await answered(api.GET('/accounts'));
      accounts.value = data.data.accounts.map((each) => ({ ...each, name: each.name || each.account_id }));
      accountsFailure.value = null;
    } catch (error) {
      if (isCancelled(error)) return;
      accountsFailure.value = asFailure(error);
      if (accounts.value.length === 0) accounts.value = bare;
    }
  else accounts.value = bare;
  accountsAreKnown.value = true;
}

const lastUsed = () => (preferences.get('accounts') ?? '').split(' ').filter(Boolean);

export function rememberUse(id: string) {
  preferences.set('accounts', [id, ...lastUsed().filter((each) => each !== id)].slice(0, 20).join(' '));
}

/** Last used first, then by name. */
export const byUse = computed(() => {
  const order = lastUsed();
  const rank = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return accounts.value.toSorted(
    (a, b) => rank(a.account_id) - rank(b.account_id) || a.name.localeCompare(b.name),
  );
});

/** The account that the menu leads to: that of the URL, or where there is none, the one used last. */
export const menuAccountId = computed(() => accountId.value ?? byUse.value[0]?.account_id ?? null);
