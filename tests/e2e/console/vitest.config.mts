import { defineConfig } from 'vitest/config';

// Each file has a program of its own, and each worker a browser; they wait so much that three keep two cores busy.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    globalSetup: 'lib/prepare.ts',
    isolate: false, // else each file loads playwright and starts a browser anew
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: Number(process.env.HEADWATER_CONSOLE_WORKERS ?? 3),
    fileParallelism: true,
    slowTestThreshold: 10_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
  },
});
