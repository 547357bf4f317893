import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page, Request } from 'playwright-core';
import { demoWorkspace, insertJobRows } from '../support/background-job-rows.js';
import { openBrowser, openPage } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

const COMPONENTS = fileURLToPath(new URL('../../../src/web/components', import.meta.url));
/** A page's part that shows the numbers of what a run told, and how it ended. */
const PART = `
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { useRunEvents } from './use-run-events.js';
const Watched = ({ run }) => {
  const { events, endedAs } = useRunEvents(run);
  return createElement('output', null, events.map(({ sequence }) => sequence).join(' ') + ' ' + endedAs);
};
globalThis.watch = (run) => {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  root.render(createElement(Watched, { run }));
  globalThis.leave = () => root.unmount();
};`;

describe('a run watched in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let silent: Server;
  let script: string;
  let run: string;
  let streams: Request[];

  beforeAll(async () => {
    perch = await startPerch('process', async () => ({ PERCH_STREAM_SECONDS: '1' }));
    silent = createServer((_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()).listen(0, '127.0.0.1');
    const { outputFiles } = await build({ stdin: { contents: PART, resolveDir: COMPONENTS }, bundle: true, write: false, format: 'iife', define: { 'process.env.NODE_ENV': '"production"' } });
    script = outputFiles[0]!.text;
    browser = await openBrowser();
    ({ page } = await openPage(browser, perch.address));
    page.on('request', (request) => request.url().includes('/api/events') && streams.push(request));
    await page.goto('/outbox');
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Password').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'No mail' }).waitFor();
  });
  beforeEach(async () => {
    streams = [];
    await page.unrouteAll();
    await page.reload();
    await page.getByRole('heading', { name: 'No mail' }).waitFor();
    [run] = await insertJobRows(perch.database, await demoWorkspace(perch.database), [{ state: 'running', finished: null }]) as [string];
    await perch.database.query("UPDATE background_job SET lease_until = now() + interval '1 hour' WHERE id = $1", [run]);
    await tell(1, 3);
  });
  afterAll(async () => {
    await browser.close();
    silent.closeAllConnections();
    silent.close();
    await perch.stop();
  });

  const tell = (from: number, to: number): Promise<object[]> => perch.database.query(
    "INSERT INTO run_event (workspace_id, background_job_id, sequence, kind, data) SELECT workspace_id, id, n, 'told', '{}' FROM background_job, generate_series($2::int, $3::int) n WHERE id = $1", [run, from, to]);
  const finish = (): Promise<object[]> => perch.database.query("UPDATE background_job SET state = 'done', finished_at = now(), lease_until = NULL WHERE id = $1", [run]);
  const shows = (text: string): Promise<void> => page.locator('output').getByText(text, { exact: true }).waitFor({ timeout: 20_000 });
  const watch = async (): Promise<void> => {
    await page.evaluate(script);
    await page.evaluate(`watch('${run}')`);
  };

  it('shows each event once over reconnects', async () => {
    await watch();
    await shows('1 2 3 null');
    await eventually('the browser came back', async () => streams.length > 2);
    await tell(4, 5);
    await shows('1 2 3 4 5 null');
    expect((await streams.at(-1)!.allHeaders())['last-event-id']).toBe('3');
    await finish();
    await shows('1 2 3 4 5 done');
  });

  it('is polled where streams are refused', async () => {
    await page.route('**/api/events?*', (route) => route.fulfill({ status: 503 }));
    await watch();
    await shows('1 2 3 null');
    await tell(4, 450);
    await finish();
    await page.locator('output').getByText(/ 450 done$/).waitFor();
    expect(await page.locator('output').innerText()).toBe(`${Array.from({ length: 450 }, (_, index) => index + 1).join(' ')} done`);
    expect(streams.length).toBe(1);
  });

  it('is polled where streams are held back', async () => {
    await page.route('**/api/events?*', (route) => route.continue({ url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/` }));
    await watch();
    await shows('1 2 3 null');
    await tell(4, 4);
    await shows('1 2 3 4 null');
    await finish();
    await shows('1 2 3 4 done');
  });

  it('is left with the part that showed it', async () => {
    await watch();
    await shows('1 2 3 null');
    await eventually('the browser came back', async () => streams.length > 1);
    await page.evaluate('leave()');
    const [count, next] = [streams.length, page.waitForRequest(/api\/events/, { timeout: 3_000 }).then(() => 'asked again', () => 'silent')];
    expect([await next, streams.length]).toEqual(['silent', count]);
  });
});
