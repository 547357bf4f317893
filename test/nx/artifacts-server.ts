import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers as Vercel Remote Cache does: PUT and GET /v8/artifacts/HASH?teamId=TEAM with a bearer token. */
export class ArtifactsServer {
  readonly artifacts = new Map<string, { body: Buffer; tag: string | null }>();
  readonly calls: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
  /** Every call is answered with this status instead. */
  broken: number | null = null;
  private readonly server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      const { method, url, headers } = request as { method: string; url: string; headers: IncomingHttpHeaders };
      this.calls.push({ method, url, headers });
      const hash = /^\/v8\/artifacts\/(\w+)\?teamId=team_test$/.exec(url)?.[1];
      if (this.broken !== null) return void response.writeHead(this.broken).end();
      if (headers.authorization !== 'Bearer token-of-the-team' || hash === undefined) return void response.writeHead(403).end();
      if (method === 'PUT') {
        this.artifacts.set(hash, { body: Buffer.concat(pieces), tag: (headers['x-artifact-tag'] as string | undefined) ?? null });
        return void response.writeHead(202, { 'content-type': 'application/json' }).end('{"urls":[]}');
      }
      const found = this.artifacts.get(hash);
      return void (found ? response.writeHead(200, found.tag === null ? {} : { 'x-artifact-tag': found.tag }).end(found.body) : response.writeHead(404).end());
    });
  });

  async open(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
