import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const OUTPUT = join(ROOT, '.vercel', 'output');
const PROGRAM = fileURLToPath(new URL('./output-function.js', import.meta.url));
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

interface Route {
  readonly src?: string;
  readonly dest?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly continue?: boolean;
  readonly handle?: string;
}

export interface OutputConfig {
  readonly version: number;
  readonly routes: readonly Route[];
  readonly crons: readonly { readonly path: string }[];
}

export interface FunctionConfig {
  readonly handler: string;
  readonly runtime: string;
  readonly maxDuration: number;
  readonly filePathMap: Readonly<Record<string, string>>;
}

const json = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
export const outputConfig = (): OutputConfig => json(join(OUTPUT, 'config.json'));
export const functionNames = (): string[] => readdirSync(join(OUTPUT, 'functions', 'api')).map((name) => name.replace(/\.func$/, '')).sort();
const folderOf = (name: string): string => join(OUTPUT, 'functions', 'api', `${name}.func`);
export const functionConfig = (name: string): FunctionConfig => json(join(folderOf(name), '.vc-config.json'));

/** Bytes of a function as it is uploaded, with the files that it only refers to. */
export function functionBytes(name: string): number {
  const own = readdirSync(folderOf(name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return [...own, ...Object.values(functionConfig(name).filePathMap).map((file) => join(ROOT, file))].reduce((sum, file) => sum + statSync(file).size, 0);
}

/** Where a path leads, by the routes of the build: headers first, then files, then what is rewritten. */
export function routed(routes: readonly Route[], url: URL): { readonly path: string; readonly status: number | null; readonly headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  const exists = (path: string): boolean => existsSync(join(OUTPUT, 'static', path)) && statSync(join(OUTPUT, 'static', path)).isFile() || functionNames().includes(path.replace(/^\/api\//, ''));
  for (const route of routes) {
    if (route.handle === 'filesystem' && exists(url.pathname)) return { path: url.pathname + url.search, status: null, headers };
    if (route.handle === 'error') break;
    const match = route.src === undefined ? null : new RegExp(route.src).exec(url.pathname);
    if (!match) continue;
    Object.assign(headers, route.headers);
    if (route.continue) continue;
    if (route.status !== undefined) return { path: url.pathname, status: route.status, headers };
    const rewritten = new URL(route.dest!.replace(/\$(\d)/g, (_, index: string) => match[Number(index)] ?? ''), url);
    for (const [key, value] of url.searchParams) rewritten.searchParams.append(key, value);
    return { path: rewritten.pathname + rewritten.search, status: null, headers };
  }
  return { path: url.pathname, status: 404, headers };
}

/** The platform in small: one server before the files of the build and one process for each function that is called. */
export class BuiltOutput {
  private readonly folder = mkdtempSync(join(tmpdir(), 'perch-output-'));
  private readonly children: ChildProcess[] = [];
  private readonly functions = new Map<string, Promise<number>>();
  private readonly server: Server = createServer((request, response) => void this.answer(request, response).catch(() => response.writeHead(502).end()));
  private environment: NodeJS.ProcessEnv = {};

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The variables of all functions from now on. */
  deploy(environment: Readonly<Record<string, string>>): void {
    this.environment = { PATH: process.env['PATH'], ...environment };
  }

  close(): void {
    for (const child of this.children) child.kill('SIGKILL');
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, status, headers } = routed(outputConfig().routes, new URL(request.url!, 'http://perch.invalid'));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (status !== null) return void response.writeHead(status).end();
    if (!path.startsWith('/api/')) return void response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(join(OUTPUT, 'static', path)));
    const port = await this.start(path.split(/[/?]/)[2]!);
    const call = forward({ port, host: '127.0.0.1', method: request.method, path, headers: { ...request.headers, 'x-real-ip': '203.0.113.9' } }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    call.on('error', () => response.destroy());
    request.pipe(call);
  }

  private start(name: string): Promise<number> {
    const started = this.functions.get(name) ?? this.launch(name);
    this.functions.set(name, started);
    return started;
  }

  private async launch(name: string): Promise<number> {
    const [folder, { handler, filePathMap }] = [join(this.folder, name), functionConfig(name)];
    cpSync(folderOf(name), folder, { recursive: true });
    for (const [to, from] of Object.entries(filePathMap)) {
      mkdirSync(dirname(join(folder, to)), { recursive: true });
      cpSync(join(ROOT, from), join(folder, to), { dereference: true });
    }
    const child = fork(PROGRAM, [folder, handler], { env: this.environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    this.children.push(child);
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return port;
  }
}
