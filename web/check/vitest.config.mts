import { defineConfig } from 'vitest/config';

// The parts of web/src that need no page. What they ask of a browser is put there by browser.ts.
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], setupFiles: ['browser.ts'] },
});
