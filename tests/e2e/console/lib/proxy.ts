// A proxy in front of the program, whose address stays while the program is killed and started again, and which may
// answer by itself: late, in part, or not at all.
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Program } from './program.ts';

/** Answers a request by itself and says so, or leaves it to the program. */
export type Intercept = (request: IncomingMessage, response: ServerResponse, pass: () => void) => boolean;

const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' };

export class Proxy {
  url = '';
  intercept: Intercept | null = null;
  private readonly program: Program;
  /** A build of web/ that stands in for the one in the program, for whoever changes the console. */
  private readonly dist: string | undefined;
  private readonly server = createServer((request, response) => {
    const pass = () => this.pass(request, response);
    if (this.intercept?.(request, response, pass)) return;
    pass();
  });

  constructor(program: Program, dist?: string) {
    this.program = program;
    this.dist = dist;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  private pass(request: IncomingMessage, response: ServerResponse) {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const onward = ask(this.program.url + request.url, { method: request.method, headers: request.headers }, (answer) => {
      if (this.dist && path.startsWith('/console/')) {
        answer.resume();
        return this.fromDist(this.dist, path.slice('/console/'.length), answer, response);
      }
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  private fromDist(dist: string, name: string, answer: IncomingMessage, response: ServerResponse) {
    const isPage = !name.includes('.');
    const file = join(dist, isPage ? 'index.html' : name);
    const policy = isPage ? { 'Content-Security-Policy': answer.headers['content-security-policy'] ?? '' } : {};
    if (!existsSync(file)) return response.writeHead(404).end();
    // As small as the program sends it, and kept as long.
    const caching = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'text/plain', 'Content-Encoding': 'gzip', 'Cache-Control': caching, ...policy });
    response.end(this.packed(file));
  }

  private readonly packs = new Map<string, Buffer>();
  private packed(file: string) {
    const pack = this.packs.get(file) ?? gzipSync(readFileSync(file), { level: 9 });
    this.packs.set(file, pack);
    return pack;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
