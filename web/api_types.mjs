// Writes src/api/schema.ts, the types of the API, from an openapi.json:
//
//   node api_types.mjs URL|FILE            write
//   node api_types.mjs --check URL|FILE    compare, and fail if the API has changed since
import { readFileSync, writeFileSync } from 'node:fs';
import openapi, { astToString } from 'openapi-typescript';

const arguments_ = process.argv.slice(2).filter((each) => each !== '--check');
const isCheck = process.argv.includes('--check');
const source = arguments_[0] ?? `${process.env.HEADWATER_URL ?? 'http://127.0.0.1:8080'}/openapi.json`;
const target = new URL('src/api/schema.ts', import.meta.url);

const description = /^https?:/.test(source) ? await (await fetch(source)).json() : JSON.parse(readFileSync(source, 'utf8'));
const types = astToString(await openapi(description, { defaultNonNullable: false, alphabetize: true }));
const text = `// The API's types, made by api_types.mjs of /openapi.json. Do not edit.\n\n${types}`;
if (!isCheck) {
  writeFileSync(target, text);
  console.log(`${text.split('\n').length} lines of types from ${source}`);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error(`src/api/schema.ts is not what ${source} says: run "npm run api-types -- ${source}"`);
  process.exit(1);
}
