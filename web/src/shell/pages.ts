// All pages, in the order of the menu. Each is a chunk of its own. A page whose API is not there is not in the menu.
import type { ComponentType } from 'preact';
import { has } from '../api/features';
import type { IconName } from '../parts/icon';
import { decoded } from './place';
import { canRead, isOperator } from './session';

export interface Page {
  name: string;
  label: string;
  /** Where there is little room. */
  shortLabel?: string;
  icon: IconName;
  /** The key after `g`. */
  letter: string;
  /** Below /a/{account}, or, for what belongs to no account, below /console. */
  isOfAccount: boolean;
  load: () => Promise<{ default: ComponentType }>;
  isOffered: () => boolean;
}

export const pages: Page[] = [
  {
    name: 'rules',
    label: 'Rules',
    icon: 'rules',
    letter: 'r',
    isOfAccount: true,
    load: () => import('../pages/rules/page'),
    isOffered: () => canRead.value,
  },
  {
    name: 'test',
    label: 'Test',
    icon: 'test',
    letter: 't',
    isOfAccount: true,
    load: () => import('../pages/test/page'),
    isOffered: () => canRead.value,
  },
  {
    name: 'ai',
    label: 'AI referrals',
    shortLabel: 'AI',
    icon: 'ai',
    letter: 'a',
    isOfAccount: true,
    load: () => import('../pages/ai/page'),
    isOffered: () => canRead.value && has('/{brand_id}/ai-referrals'),
  },
  {
    name: 'history',
    label: 'History',
    icon: 'history',
    letter: 'h',
    isOfAccount: true,
    load: () => import('../pages/history/page'),
    isOffered: () => canRead.value && has('/events'),
  },
  {
    name: 'ops',
    label: 'Operations',
    shortLabel: 'Ops',
    icon: 'operations',
    letter: 'p',
    isOfAccount: false,
    load: () => import('../pages/operations/page'),
    isOffered: () => isOperator.value,
  },
];

export const pathOf = (page: Page, account: string | null) =>
  page.isOfAccount ? `/a/${encodeURIComponent(account ?? '')}/${page.name}` : `/${page.name}`;

/** The page that a path shows. */
export function pageAt(path: string): Page | undefined {
  if (path.split('/').some((each) => decoded(each) === null)) return undefined;
  const [, first, , third] = path.split('/');
  const name = first === 'a' ? third : first;
  return pages.find((each) => each.name === name && each.isOfAccount === (first === 'a'));
}
