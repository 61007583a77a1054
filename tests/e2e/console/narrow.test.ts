// The narrowest phones that are about: nothing scrolls sideways, and nothing stands outside its place.
import { test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect } from './lib/expect.ts';
import { misfits } from './lib/fit.ts';
import { allLooks } from './lib/looks.ts';

const at = openConsole({ look: { ...allLooks[1]!, name: '320 dark', width: 320, height: 640 } });

const pages: [path: string, role: 'editor' | 'admin'][] = [
  ['/a/acme/rules', 'editor'],
  ['/a/acme/rules/mapping/2', 'editor'],
  ['/a/acme/rules/mapping/new', 'editor'],
  ['/a/acme/rules/settings', 'editor'],
  ['/a/acme/rules/import', 'editor'],
  ['/a/acme/test#r=https%3A%2F%2Fwww.trivago.es%2F&s=utm_source%3Dx', 'editor'],
  ['/a/acme/ai', 'editor'],
  ['/a/acme/history', 'editor'],
  ['/a/acme/history?at=60', 'editor'],
  ['/ops/health', 'admin'],
  ['/ops/tokens', 'admin'],
  ['/ops/accounts', 'admin'],
  ['/ops/snapshots', 'admin'],
  ['/ops/checkpoints', 'admin'],
];

test.each(pages)('%s', async (path, role) => {
  await at.open(path, at.tokenOf(role));
  await at.rested();
  if (path.includes('/test')) await at.press(at.page.getByRole('button', { name: 'draft a rule' }));
  // What is typed may be longer than its box, in which it scrolls.
  expect((await at.page.evaluate(misfits)).filter((each) => !/cut at its side: .*> input/.test(each))).toEqual([]);
});
