import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Peers that Perch does not depend on: the newest versions that say they run on Node 20. */
export const PEERS = { 'pg-boss': '10.4.2', 'graphile-worker': '0.17.3' } as const;
export type Peer = keyof typeof PEERS;

/** Installs the peer below the folder. Resolves with what kept it from being installed, if anything. */
export async function installPeer(folder: string, peer: Peer): Promise<string | null> {
  try {
    await promisify(execFile)('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', join(folder, peer), `${peer}@${PEERS[peer]}`]);
    return null;
  } catch (error) {
    return String((error as { stderr?: string }).stderr ?? error).trim().split('\n')[0]!.slice(0, 200);
  }
}

/** The peer, from the folder that it was installed to. */
export async function importPeer<Module>(peer: Peer): Promise<Module> {
  const from = createRequire(join(process.env['BENCHMARK_PEERS']!, peer, 'node_modules', 'from-here.js'));
  return import(pathToFileURL(from.resolve(peer)).href) as Promise<Module>;
}
