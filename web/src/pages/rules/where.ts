// The parts of the page's URL: A/rules?kind=&q=&state=&lint=&sort=, A/rules/mapping/12?tab=, A/rules/import, A/rules/settings
import { accountId } from '../../shell/accounts';
import { pathWith, place } from '../../shell/place';
import type { RuleKind } from '../../words';

export interface Where {
  kind: RuleKind;
  /** A rule that is open, 'new', or null. */
  open: number | 'new' | null;
  isImport: boolean;
  /** The settings of attribution, in the place of the list. */
  isSettings: boolean;
  tab: 'edit' | 'history';
  filter: string;
  state: 'all' | 'active' | 'inactive';
  lint: boolean;
  sort: string;
}

export function whereNow(): Where {
  const { path, query } = place.value;
  const [, , , , third, fourth] = path.split('/');
  const named = third === 'mapping' || third === 'passthrough' ? third : query.get('kind');
  const state = query.get('state');
  return {
    kind: named === 'passthrough' ? 'passthrough' : 'mapping',
    open: third !== 'mapping' && third !== 'passthrough' ? null : fourth === 'new' ? 'new' : Number(fourth) || null,
    isImport: third === 'import',
    isSettings: third === 'settings',
    tab: query.get('tab') === 'history' ? 'history' : 'edit',
    filter: query.get('q') ?? '',
    state: state === 'active' || state === 'inactive' ? state : 'all',
    lint: query.get('lint') === '1',
    sort: query.get('sort') ?? '',
  };
}

const base = () => `/a/${encodeURIComponent(accountId.value ?? '')}/rules`;
const kindQuery = (kind: RuleKind) => (kind === 'mapping' ? null : kind);

/** Paths of the page that keep the filter, so that going into a rule and back loses nothing. */
export const listPath = (kind: RuleKind) => pathWith({ path: base(), query: { kind: kindQuery(kind), tab: null } });
export const rulePath = (kind: RuleKind, id: number | 'new', tab?: 'history') =>
  pathWith({ path: `${base()}/${kind}/${id}`, query: { kind: null, tab } });
export const importPath = (kind: RuleKind) => pathWith({ path: `${base()}/import`, query: { kind: kindQuery(kind), tab: null } });
export const settingsPath = () => pathWith({ path: `${base()}/settings`, query: { kind: null, tab: null } });
