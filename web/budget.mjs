// Fails the build when the console has become too heavy. Sizes are those of gzip -9, in KiB of 1,024 bytes.
//
//   shell       what index.html loads before anything else
//   first load  the shell and the page that opens first, with what that page always needs
//   all pages   everything there is, once
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = process.argv.slice(2).find((each) => !each.startsWith('--')) ?? 'dist';
const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
const firstPages = ['src/pages/overview/page.tsx', 'src/pages/rules/page.tsx']; // the first of these that is there
const limits = { shell: 35, 'first load': 80, 'all pages': 160 };

const weights = new Map();
function weight(file) {
  if (!weights.has(file)) weights.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length);
  return weights.get(file);
}

/** All files that come with a chunk: itself, its styles, and what it imports at once. */
function filesOf(key, found = new Set()) {
  const chunk = manifest[key];
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const each of chunk.css ?? []) found.add(each);
  for (const each of chunk.imports ?? []) filesOf(each, found);
  return found;
}

const sum = (files) => [...files].reduce((total, file) => total + weight(file), 0);
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shell = new Set(['index.html', ...filesOf(entry)]);
const first = firstPages.find((page) => manifest[page]);
const firstLoad = new Set([...shell, ...(first ? filesOf(first) : [])]);
const all = new Set(['index.html']);
for (const key of Object.keys(manifest)) filesOf(key, all);

const sizes = { shell: sum(shell), 'first load': sum(firstLoad), 'all pages': sum(all) };
let tooHeavy = false;
for (const [name, bytes] of Object.entries(sizes)) {
  const kib = bytes / 1024;
  const isOver = kib > limits[name];
  tooHeavy ||= isOver;
  console.log(`${name.padEnd(10)} ${kib.toFixed(1).padStart(6)} KiB of ${limits[name]}${isOver ? '  TOO HEAVY' : ''}`);
}
if (process.argv.includes('--files')) {
  for (const file of [...all].sort((a, b) => weight(b) - weight(a)))
    console.log(`  ${weight(file).toString().padStart(7)} ${statSync(join(dist, file)).size.toString().padStart(8)}  ${file}`);
}
if (tooHeavy) process.exit(1);
