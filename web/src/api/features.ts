// What this server's API has. The console asks for nothing that /openapi.json does not name, and shows no page for it.
import { signal } from '@preact/signals';
import { apiRoot } from '../base';

interface Operation {
  description?: string;
  parameters?: { name?: string; in?: string; schema?: { type?: string; enum?: unknown[] } }[];
}
type Description = { paths: Record<string, Record<string, Operation>> };

export const description = signal<Description | null>(null);

async function read() {
  try {
    const response = await fetch(`${apiRoot}/openapi.json`);
    if (response.ok) description.value = await response.json();
  } catch {
    // Without it, only what every server has is offered.
  }
}

let reading: Promise<void> | undefined;
/** Once for as long as the page is open. */
export const readDescription = () => (reading ??= read());

export const has = (path: string, method = 'get') => description.value?.paths[path]?.[method] !== undefined;

/** Whether an operation takes a parameter in its query; `value` also asks whether it may have this one. */
export function takes(path: string, method: string, name: string, value?: string): boolean {
  const found = description.value?.paths[path]?.[method]?.parameters?.find((each) => each.name === name);
  if (!found || value === undefined) return found !== undefined;
  return found.schema?.enum?.includes(value) === true || JSON.stringify(found).includes(`"${value}"`);
}
