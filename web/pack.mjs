// Makes a built console ready to be part of the program:
//
//   node pack.mjs DIST [OUT]      OUT is DIST if it is not given
//
// Beside each file stands its gzip (.gz) and brotli (.br) form where that is at least 5 % smaller. OUT/assets.S brings
// all of them in with `.incbin`, and a table of them:
//
//   headwater_console_assets        count entries, in the order of their names
//   headwater_console_assets_count  64 bits
//
// An entry is thirteen 64-bit words:
//   name, its length            without a slash in front, such as "assets/main-Cx3.js"; ends with a zero byte, too
//   type, its length            what stands in Content-Type
//   etag                        20 hexadecimal digits of the SHA-256 of the file as it is; ends with a zero byte
//   immutable                   1 if the name has a hash in it, so the file never changes
//   not compressed: begin, length
//   gzip: begin, length         0, 0 where there is none
//   brotli: begin, length       0, 0 where there is none
//   reserved                    0
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [dist, out = dist] = process.argv.slice(2);
if (!dist || !existsSync(join(dist, 'index.html'))) {
  console.error('usage: node pack.mjs DIST [OUT], where DIST has the index.html of a built console');
  process.exit(2);
}

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const notServed = new Set(['manifest.json', 'assets.S']); // of the build, not of the page

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name);
    return each.isDirectory() ? filesBelow(path) : [path];
  });
}

function smaller(bytes, compressed, path) {
  rmSync(path, { force: true });
  if (compressed.length > bytes.length * 0.95) return undefined;
  writeFileSync(path, compressed);
  return resolve(path);
}

const assets = filesBelow(dist)
  .map((path) => ({ path, name: relative(dist, path).split('\\').join('/') }))
  .filter(({ name }) => !notServed.has(name) && !name.endsWith('.gz') && !name.endsWith('.br'))
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map(({ path, name }) => {
    const type = types[extname(name)];
    if (!type) throw new Error(`${name}: pack.mjs knows no Content-Type for it`);
    const bytes = readFileSync(path);
    const brotli = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    return {
      name,
      type,
      etag: createHash('sha256').update(bytes).digest('hex').slice(0, 20),
      immutable: /^assets\/.+-[\w-]{8,}\.\w+$/.test(name),
      size: bytes.length,
      plain: resolve(path),
      gzip: smaller(bytes, gzipSync(bytes, { level: 9 }), `${path}.gz`),
      brotli: smaller(bytes, brotli, `${path}.br`),
    };
  });

const lines = [
  '// Made by web/pack.mjs: the files of the console. Do not edit.',
  '    .section .rodata.headwater_console, "a", %progbits',
];
const quoted = (text) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
function incbin(label, path) {
  lines.push(`    .balign 8`, `${label}:`);
  if (path) lines.push(`    .incbin ${quoted(path)}`);
  lines.push(`${label}_end:`);
}
assets.forEach((asset, index) => {
  lines.push(`.Lname${index}: .asciz ${quoted(asset.name)}`);
  lines.push(`.Ltype${index}: .asciz ${quoted(asset.type)}`);
  lines.push(`.Letag${index}: .asciz ${quoted(asset.etag)}`);
  incbin(`.Lplain${index}`, asset.plain);
  if (asset.gzip) incbin(`.Lgzip${index}`, asset.gzip);
  if (asset.brotli) incbin(`.Lbrotli${index}`, asset.brotli);
});
// The table holds addresses, so a position-independent program has them filled in when it starts, and locked after.
lines.push('    .section .data.rel.ro.headwater_console, "aw", %progbits', '    .balign 8');
lines.push('    .globl headwater_console_assets', '    .type headwater_console_assets, %object', 'headwater_console_assets:');
assets.forEach((asset, index) => {
  const span = (kind) => (asset[kind] ? `.L${kind}${index}, .L${kind}${index}_end - .L${kind}${index}` : '0, 0');
  lines.push(`    .quad .Lname${index}, ${Buffer.byteLength(asset.name)}, .Ltype${index}, ${asset.type.length}, .Letag${index}`);
  lines.push(`    .quad ${asset.immutable ? 1 : 0}, ${span('plain')}, ${span('gzip')}, ${span('brotli')}, 0`);
});
lines.push('    .size headwater_console_assets, . - headwater_console_assets');
lines.push('    .globl headwater_console_assets_count', '    .type headwater_console_assets_count, %object');
lines.push('headwater_console_assets_count:', `    .quad ${assets.length}`, '    .size headwater_console_assets_count, 8');
lines.push('    .section .note.GNU-stack, "", %progbits', '');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'assets.S'), lines.join('\n'));

const total = (kind) => assets.reduce((sum, asset) => sum + statSync(asset[kind] ?? asset.plain).size, 0);
console.log(`${assets.length} files: ${total('plain')} bytes, gzip ${total('gzip')}, brotli ${total('brotli')}`);
