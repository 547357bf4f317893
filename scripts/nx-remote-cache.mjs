// Runs Nx with Vercel Remote Cache: `node scripts/nx-remote-cache.mjs build` is `nx build` with a bridge on loopback before it. Nx fails a run whose cache is
// away or refuses a token, so the bridge answers for it: whatever goes wrong upstream is a miss. Only CI on main writes, because whoever can write decides
// what others run. Without VERCEL_ARTIFACTS_TOKEN it is plain `nx`. See docs/operations/deploy-on-vercel.md.
import { spawn } from 'node:child_process';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const UPSTREAM = 'https://api.vercel.com';
const PATIENCE_MS = 20_000;
const MOST_BYTES = 250_000_000;
const PATH = /^\/v1\/cache\/([A-Za-z0-9_-]{1,128})$/;

const same = (one, other) => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** Whether this run may fill the cache. A pull request never may, even one that is called main. */
export const mayWrite = ({ CI, GITHUB_REF, GITHUB_EVENT_NAME, VERCEL, VERCEL_ENV, VERCEL_GIT_COMMIT_REF } = process.env) =>
  Boolean(CI) && ((GITHUB_REF === 'refs/heads/main' && GITHUB_EVENT_NAME === 'push') || (Boolean(VERCEL) && VERCEL_ENV === 'production' && VERCEL_GIT_COMMIT_REF === 'main'));

async function bodyOf(request) {
  const pieces = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size <= MOST_BYTES) pieces.push(piece);
  }
  return size <= MOST_BYTES ? Buffer.concat(pieces) : null;
}

/** Vercel keeps a tag beside an artifact: what was not tagged with our key, for this very hash, is not ours. */
const tagOf = (key, hash, body) => createHmac('sha256', key).update(hash).update('\0').update(body).digest('base64');

function upstreamOf({ token, team, upstream = UPSTREAM, signatureKey }) {
  const address = (hash) => `${upstream}/v8/artifacts/${hash}${team ? `?teamId=${encodeURIComponent(team)}` : ''}`;
  const headers = { authorization: `Bearer ${token}`, 'x-artifact-client-ci': process.env.CI ? 'CI' : '' };
  const settings = () => ({ redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
  return {
    async read(hash) {
      const answer = await fetch(address(hash), { headers, ...settings() });
      if (answer.status !== 200) return null;
      const body = Buffer.from(await answer.arrayBuffer());
      const tag = answer.headers.get('x-artifact-tag') ?? '';
      return signatureKey && !same(tag, tagOf(signatureKey, hash, body)) ? null : body;
    },
    async write(hash, body) {
      const tag = signatureKey ? { 'x-artifact-tag': tagOf(signatureKey, hash, body) } : {};
      await fetch(address(hash), { method: 'PUT', headers: { ...headers, ...tag, 'content-type': 'application/octet-stream', 'content-length': String(body.length) }, body, ...settings() });
    },
  };
}

/** The server that Nx asks. `accessToken` is what Nx must send, so that no other program of this machine can fill the cache. */
export function createBridge({ accessToken, writes, ...settings }) {
  const upstream = upstreamOf(settings);
  const answer = async (request, response) => {
    // Nx takes anything but plain text for a broken server here.
    if (!same(request.headers.authorization ?? '', `Bearer ${accessToken}`)) return response.writeHead(401, { 'content-type': 'text/plain' }).end('This is not the token of this run.');
    const hash = PATH.exec(request.url)?.[1];
    if (hash === undefined) return response.writeHead(404).end();
    if (request.method === 'GET') {
      const found = await upstream.read(hash).catch(() => null);
      return found === null ? response.writeHead(404).end() : response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': found.length }).end(found);
    }
    if (request.method !== 'PUT') return response.writeHead(405).end();
    const body = await bodyOf(request);
    if (writes && body !== null) await upstream.write(hash, body).catch(() => undefined);
    // Anything but 200 makes Nx send it again and then fail the run.
    return response.writeHead(200).end();
  };
  return createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
}

function runNx(args, extra) {
  const nx = createRequire(`${process.cwd()}/package.json`).resolve('nx/package.json').replace(/package\.json$/, 'dist/bin/nx.js');
  const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', ...extra };
  // Nx and what it runs need none of the keys of the cache.
  for (const name of ['VERCEL_ARTIFACTS_TOKEN', 'NX_CACHE_SIGNATURE_KEY']) delete env[name];
  return new Promise((done) => spawn(process.execPath, [nx, ...args], { stdio: 'inherit', env }).once('exit', (code) => done(code ?? 1)));
}

async function main(args) {
  const { VERCEL_ARTIFACTS_TOKEN: token, VERCEL_ARTIFACTS_OWNER: team, PERCH_CACHE_URL: upstream, NX_CACHE_SIGNATURE_KEY: signatureKey } = process.env;
  if (!token) return runNx(args, {});
  const accessToken = randomBytes(32).toString('hex');
  const server = createBridge({ token, team, upstream, signatureKey, accessToken, writes: mayWrite() });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const code = await runNx(args, { NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${server.address().port}`, NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: accessToken });
  server.closeAllConnections();
  server.close();
  return code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main(process.argv.slice(2)));
