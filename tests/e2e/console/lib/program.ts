// The real program: started on a free port of the loopback with what tools/demo makes, and ended with its files.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from './client.ts';

export const root = join(import.meta.dirname, '../../../..');
const listening = /^headwater is listening on (http:\/\/127\.0\.0\.1:\d+)$/m;

let found: string | undefined;
const binary = () => (found ??= process.env.HEADWATER_PROGRAM ?? execFileSync(join(root, 'tools/find-program'), { encoding: 'utf8' }).trim());

/** This process's environment without the settings of a Headwater that somebody runs beside the tests. */
const environment = (more: Record<string, string>) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEADWATER_'))),
  ...more,
});

export interface Demo {
  account: string;
  brands: Record<string, number>;
  editor: string;
  viewer: string;
}

/** An installation that the demo has filled and that was ended: each test file starts from a copy of it. */
export interface Prepared {
  data: string;
  admin: string;
  demo: Demo;
}

export class Program {
  readonly home = mkdtempSync(join(tmpdir(), 'headwater-console-'));
  readonly data = join(this.home, 'data');
  readonly admin: string;
  /** Every token that this installation has given out: none may turn up where tokens must not be. */
  readonly secrets: Set<string>;
  url = '';
  log = '';
  private child: ChildProcess | undefined;
  private readonly flags: string[];

  constructor(flags: string[] = [], from?: Prepared) {
    this.flags = flags;
    this.admin = from?.admin ?? `hw_${randomBytes(24).toString('hex')}`;
    this.secrets = new Set([this.admin]);
    if (!from) return;
    cpSync(from.data, this.data, { recursive: true });
    this.secrets.add(from.demo.editor).add(from.demo.viewer);
  }

  async start(port = 0): Promise<this> {
    const arguments_ = ['serve', '--data', this.data, '--listen', `127.0.0.1:${port}`, '--log-level', 'debug', ...this.flags];
    const child = spawn(binary(), arguments_, { env: environment({ HEADWATER_ADMIN_TOKEN: this.admin }), stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stderr.on('data', (text) => (this.log += text));
    this.url = await new Promise((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (text) => {
        said += text;
        const found = listening.exec(said);
        if (found) resolve(found[1] ?? '');
      });
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`the program ended with ${code} before it listened:\n${said}${this.log.slice(-3000)}`)));
    });
    return this;
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  /** What tools/demo puts there. */
  async fill(): Promise<Demo> {
    const { stdout } = await promisify(execFile)(join(root, 'tools/demo'), ['--url', this.url, '--json'], {
      env: environment({ HEADWATER_TOKEN: this.admin }),
    });
    const done = JSON.parse(stdout) as Demo;
    this.secrets.add(done.editor).add(done.viewer);
    return done;
  }

  client(token = this.admin) {
    return new Client(this.url, token);
  }

  async newToken(fields: Record<string, unknown>): Promise<{ id: number; token: string }> {
    const made = await this.client().data<{ id: number; token: string }>('POST', '/api-tokens', fields);
    this.secrets.add(made.token);
    return made;
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  /** What a power cut is to a process. */
  kill() {
    return this.end('SIGKILL');
  }

  /** Ends the program, and fails if it did not end well or a token is in its log. */
  async stop() {
    const code = await this.end('SIGTERM');
    if (code) throw new Error(`exit code ${code} after SIGTERM:\n${this.log.slice(-3000)}`);
    const leaked = this.log.split('\n').filter((line) => [...this.secrets].some((secret) => line.includes(secret)));
    if (leaked.length) throw new Error(`a token is in the server's log:\n${leaked.slice(0, 3).join('\n')}`);
  }

  /** The same, and its files are gone. */
  async close() {
    try {
      await this.stop();
    } finally {
      this.remove();
    }
  }

  remove() {
    rmSync(this.home, { recursive: true, force: true });
  }
}
