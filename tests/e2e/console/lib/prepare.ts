// Once for all test files: an installation with what tools/demo makes, of which each file takes a copy.
import type { TestProject } from 'vitest/node';
import { type Prepared, Program } from './program.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    prepared: Prepared;
  }
}

export default async function prepare(project: TestProject) {
  const program = await new Program().start();
  try {
    const demo = await program.fill();
    await program.stop();
    project.provide('prepared', { data: program.data, admin: program.admin, demo });
  } catch (error) {
    await program.close();
    throw error;
  }
  return () => program.remove();
}
