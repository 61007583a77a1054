// System, light or dark. The colours themselves are light-dark() in the style sheets.
import { effect, signal } from '@preact/signals';
import { preferences } from './stored';

export type Theme = 'system' | 'light' | 'dark';
export const themes: Theme[] = ['system', 'light', 'dark'];

const kept = preferences.get('theme');
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system');

const system = matchMedia('(prefers-color-scheme: dark)');
/** Grows when the colours change, for charts, which draw them themselves. */
export const paints = signal(0);
system.addEventListener('change', () => paints.value++);

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  preferences.set('theme', theme.value === 'system' ? null : theme.value);
  paints.value = paints.peek() + 1;
});
