// Bundles what functions run: one file for all doors, one each for the threads that read resumes and recognise scans and for what few invocations need, such as BullMQ, MCP,
// mail or the writers of documents, and a loader with V8's code cache.
import { build } from 'esbuild';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const FUNCTIONS = join(root, 'dist', 'functions');

/** Modules that a function never reaches and that cost a cold start; test/architecture/bundle.test.ts holds the list of what they match. */
const LEFT_OUT = [
  /node_modules\/typeorm\/driver\/(?!postgres\/|types\/|Driver|Query|driver-)[a-z0-9-]+\//,
  /node_modules\/typeorm\/(entity-manager\/Mongo|repository\/Mongo|schema-builder\/Mongo)/,
  /node_modules\/(express|body-parser|cors|multer|chokidar|ws|graphql-ws|subscriptions-transport-ws)\//,
  /node_modules\/@nestjs\/platform-express\//,
  /node_modules\/@apollo\/usage-reporting-protobuf\//,
  /node_modules\/@apollo\/server\/dist\/(esm|cjs)\/plugin\/(usageReporting|landingPage|schemaReporting|inlineTrace|subscriptionCallback|drainHttpServer|cacheControl)\//,
];
/** A stand-in from which classes can be derived; calling it would be a mistake in the list above. */
const STAND_IN = `module.exports = new Proxy(function () {}, { get: (target, key) => key === '__esModule' ? false : typeof key === 'string' && key !== 'prototype' && key !== 'then' ? class LeftOut {} : target[key] });`;

/** Packages in files of their own, which are loaded where they are used. */
const APART = new Map([
  ['bullmq', './bullmq.cjs'],
  ['@modelcontextprotocol/server', './mcp.cjs'],
  ['@simplewebauthn/server', './passkeys.cjs'],
  ['nodemailer', './mail.cjs'],
  ...['ai', '@ai-sdk/openai-compatible', '@ai-sdk/google'].map((name) => [name, './language-model.cjs']),
]);

/** Modules of ours that few invocations load and that bring much along: they are files of their own. */
const PARTS = ['documents/writing/pdf-writer', 'documents/writing/docx-writer', 'telemetry/open-telemetry', 'telemetry/metrics-board', 'error-reports/sentry-backend'];
const PART = new RegExp(`infrastructure/(?:${PARTS.join('|')})\\.js$`);

function leanPlugin(leftOut) {
  return {
    name: 'lean',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, async (asked) => {
        if (asked.pluginData === 'resolving' || asked.kind === 'entry-point') return undefined;
        if (APART.has(asked.path)) return { path: APART.get(asked.path), external: true };
        const found = await builder.resolve(asked.path, { kind: asked.kind, resolveDir: asked.resolveDir, importer: asked.importer, pluginData: 'resolving' });
        // An optional package that is not installed: whoever asks for it is prepared for its absence.
        if (found.errors.length > 0) return { path: asked.path, external: true };
        if (/node_modules\/@node-rs\//.test(found.path)) return { path: asked.path, external: true };
        if (PART.test(found.path)) return { path: `./${basename(found.path, '.js')}.cjs`, external: true };
        if (LEFT_OUT.some((pattern) => pattern.test(found.path)) && !found.path.endsWith('.json')) {
          leftOut.add(found.path.replace(/.*node_modules\//, ''));
          return { path: 'left-out', namespace: 'left-out' };
        }
        return found;
      });
      builder.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: STAND_IN, loader: 'js' }));
      builder.onLoad({ filter: /@apollo\/utils\.createhash\/dist\/index\.js$/ }, () => ({ contents: "const { createHash } = require('node:crypto'); exports.createHash = (kind) => createHash(kind);", loader: 'js' }));
    },
  };
}

const rxjs = join(root, 'node_modules', 'rxjs', 'dist', 'esm');
const SHARED = {
  bundle: true, platform: 'node', target: 'node20', mainFields: ['module', 'main'], minify: true, keepNames: true,
  legalComments: 'none', logLevel: 'error', alias: { 'rxjs/operators': join(rxjs, 'operators', 'index.js'), rxjs: join(rxjs, 'index.js') },
};

const ADDRESS = {
  define: { 'import.meta.url': 'moduleAddress' }, supported: { 'dynamic-import': false },
  banner: { js: "const moduleAddress = require('node:url').pathToFileURL(__filename).href;" },
};

/** Bundles a program with all it imports into one CommonJS file. Returns the bundle's size in bytes and what was left out. */
export async function bundleProgram(entry, outfile) {
  const leftOut = new Set();
  const migrations = (await readdir(join(root, 'dist', 'migrations'))).flatMap((file) => /^(\d{13})-.*\.js$/.exec(file)?.[1] ?? []).sort();
  const { metafile } = await build({
    ...SHARED, entryPoints: [entry], outfile, format: 'cjs', metafile: true,
    ...ADDRESS, define: { ...ADDRESS.define, PERCH_MIGRATIONS: JSON.stringify(migrations) }, plugins: [leanPlugin(leftOut)],
    // pg asks for a navigator and would load a whole fetch implementation to find none (Node 20).
    banner: { js: `globalThis.navigator ??= { userAgent: 'Node.js' }; ${ADDRESS.banner.js}` },
  });
  return { bytes: Object.values(metafile.outputs)[0].bytes, leftOut: [...leftOut].sort() };
}

async function bundleApplication() {
  const { bytes, leftOut } = await bundleProgram(join(root, 'dist', 'src', 'bootstrap', 'function-handler.js'), join(FUNCTIONS, 'application.cjs'));
  await writeFile(join(FUNCTIONS, 'left-out.json'), JSON.stringify(leftOut, null, 1));
  return bytes;
}

/** The threads that read resumes and recognise scans; the recogniser and its model stay in node_modules. */
async function bundleWorkers() {
  const entryPoints = [join('features', 'resume-analysis', 'resume-worker.js'), join('infrastructure', 'documents', 'recognition', 'scan-worker.js')].map((file) => join(root, 'dist', 'src', file));
  await build({
    ...SHARED, entryPoints, outdir: FUNCTIONS, entryNames: '[name]', format: 'esm',
    banner: { js: "import { createRequire as requireMaker } from 'node:module'; const require = requireMaker(import.meta.url);" },
  });
}

/** The writers of documents read their fonts from node_modules. */
async function bundleParts() {
  const entryPoints = PARTS.map((name) => join(root, 'dist', 'src', 'infrastructure', `${name}.js`));
  await build({ ...SHARED, ...ADDRESS, entryPoints, outdir: FUNCTIONS, entryNames: '[name]', outExtension: { '.js': '.cjs' }, format: 'cjs' });
}

/** BullMQ in a file of its own, which only installations that use it load. */
async function bundleBullMQ() {
  await build({
    ...SHARED, stdin: { contents: "export { Queue, Worker, DelayedError } from 'bullmq';", resolveDir: root }, outfile: join(FUNCTIONS, 'bullmq.cjs'), format: 'cjs',
    mainFields: ['main'], external: ['ioredis', 'pg', 'redis'],
  });
}

/** The client of language models, which the first call of one loads. */
async function bundleLanguageModel() {
  const contents = "export { streamText, Output } from 'ai'; export { createOpenAICompatible } from '@ai-sdk/openai-compatible'; export { createGoogleGenerativeAI } from '@ai-sdk/google';";
  await build({ ...SHARED, stdin: { contents, resolveDir: root }, outfile: join(FUNCTIONS, 'language-model.cjs'), format: 'cjs' });
}

/** The server of the Model Context Protocol, which the first call of its door loads. */
async function bundleMcp() {
  const contents = "export { McpServer, ResourceTemplate, createMcpHandler } from '@modelcontextprotocol/server';";
  await build({ ...SHARED, stdin: { contents, resolveDir: root }, outfile: join(FUNCTIONS, 'mcp.cjs'), format: 'cjs' });
}

/** What checks passkeys, which the first passkey loads. */
async function bundlePasskeys() {
  const contents = "export { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';";
  await build({ ...SHARED, stdin: { contents, resolveDir: root }, outfile: join(FUNCTIONS, 'passkeys.cjs'), format: 'cjs' });
}

/** What speaks to mail servers, which the first mail loads. */
async function bundleMail() {
  const contents = "export { createTransport } from 'nodemailer';";
  await build({ ...SHARED, stdin: { contents, resolveDir: root }, outfile: join(FUNCTIONS, 'mail.cjs'), format: 'cjs' });
}

/** Loads application.cjs with V8's code cache where there is one for this very V8; without one it only takes longer. */
const LOADER = `'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const file = join(__dirname, 'application.cjs');
const FLAG_HASH = [12, 16];

function cachedCode() {
  try {
    const cache = readFileSync(file + '.' + process.versions.v8 + '.cache');
    // V8 refuses a cache that was made under other flags, though a heap limit changes no code: the hash of ours is put in.
    new vm.Script('0').createCachedData().copy(cache, FLAG_HASH[0], FLAG_HASH[0], FLAG_HASH[1]);
    return cache;
  } catch {
    return undefined;
  }
}

const source = '(function (exports, require, module, __filename, __dirname) {' + readFileSync(file, 'latin1') + '\\n})';
const script = new vm.Script(source, { filename: file, cachedData: cachedCode() });
const loaded = { exports: {} };
script.runInThisContext().call(loaded.exports, loaded.exports, require, loaded, file, __dirname);
exports.functionHandler = loaded.exports.functionHandler;
exports.usesCodeCache = script.cachedDataRejected === false;
exports.createCodeCache = () => script.createCachedData();
`;

/** Whether dist/functions is missing or older than a compiled file, which carries the time of its source. */
export async function functionsAreStale() {
  const built = await stat(join(FUNCTIONS, 'function-handler.cjs')).catch(() => null);
  if (!built) return true;
  const folders = ['src', 'migrations'].map((folder) => readdir(join(root, 'dist', folder), { withFileTypes: true, recursive: true }));
  const files = (await Promise.all(folders)).flat().filter((entry) => entry.isFile());
  const times = await Promise.all(files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs));
  return Math.max(...times) > built.mtimeMs;
}

/** Writes dist/functions and returns the size of the application's bundle in bytes. */
export async function bundleFunctions() {
  await mkdir(FUNCTIONS, { recursive: true });
  for (const old of await readdir(FUNCTIONS)) await rm(join(FUNCTIONS, old));
  const [bytes] = await Promise.all([bundleApplication(), bundleWorkers(), bundleParts(), bundleMail(), bundleBullMQ(), bundleLanguageModel(), bundleMcp(), bundlePasskeys()]);
  await writeFile(join(FUNCTIONS, 'package.json'), '{ "type": "module" }\n');
  await writeFile(join(FUNCTIONS, 'function-handler.cjs'), LOADER);
  return bytes;
}
