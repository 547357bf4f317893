import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { parse } from 'yaml';
import { boardName } from '../../src/infrastructure/telemetry/metrics-board.js';
import { METRICS, type MetricName } from '../../src/infrastructure/telemetry/metrics.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { startPerch, type Perch } from '../support/perch.js';
import { resume } from '../support/resumes.js';
import { SHAPES } from '../support/shapes.js';

const TOKEN = 'a-token-for-metrics';
const RULES = fileURLToPath(new URL('../../../docs/operations/alert-rules.yaml', import.meta.url));

/** Families by name with their samples; throws where a line is not OpenMetrics 1.0. */
function families(text: string): Map<string, { type: string; samples: Map<string, number> }> {
  const found = new Map<string, { type: string; samples: Map<string, number> }>();
  if (!text.endsWith('# EOF\n')) throw new Error('The end is missing.');
  for (const line of text.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    const [, kind, name, rest] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'TYPE') found.set(name!, { type: rest!, samples: new Map() });
    if (kind !== undefined) continue;
    const [, sample, labels = '', value] = /^([a-z_][\w:]*)(\{[^}]*\})? (\S+)(?: # .*)?$/i.exec(line) ?? [];
    if (sample === undefined) throw new Error(`This is not a sample: ${line}`);
    const family = [...found].findLast(([family]) => sample === family || (sample.startsWith(`${family}_`) && /_(total|bucket|sum|count|created|info)$/.test(sample)));
    if (!family) throw new Error(`${sample} belongs to no family.`);
    if (family[1].type === 'counter' && !/_(total|created)$/.test(sample)) throw new Error(`${sample} is a counter without _total.`);
    family[1].samples.set(sample + labels, Number(value));
  }
  return found;
}

describe.each(SHAPES)('metrics of Perch as %s', (shape) => {
  let perch: Perch;

  beforeAll(async () => {
    perch = await startPerch(shape, async () => ({ METRICS_TOKEN: TOKEN }));
  });
  afterAll(() => perch.stop());

  const scrape = async (): Promise<ReturnType<typeof families>> => {
    const { status, headers, text } = await request(perch.address).get('/api/health/metrics').set('authorization', `Bearer ${TOKEN}`).buffer(true).parse((answer, done) => {
      let read = '';
      answer.on('data', (chunk: Buffer) => (read += chunk.toString())).on('end', () => {
        (answer as unknown as { text: string }).text = read;
        done(null, read);
      });
    });
    expect([status, headers['content-type']]).toEqual([200, 'application/openmetrics-text; version=1.0.0; charset=utf-8']);
    return families(text);
  };

  it('are for whoever has the token', async () => {
    for (const header of ['', 'Bearer x', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
      expect((await request(perch.address).get('/api/health/metrics').set('authorization', header)).body.code).toBe('UNAUTHENTICATED');
    }
  });

  it('count requests, jobs and what waits', async () => {
    expect((await request(perch.address).get('/api/files/nothing')).status).toBeGreaterThanOrEqual(400);
    const client = await new Client(perch.address).signIn();
    const { body } = await client.apply({ email: 'metrics@example.com', resume: resume('engineer.pdf') });
    await client.analysed((body as { applicationId: string }).applicationId);
    const found = await eventually('the attempt is counted', async () => {
      const now = await scrape();
      return (now.get('perch_jobs_attempts')?.samples.get('perch_jobs_attempts_total{type="analyzeResume",outcome="done"}') ?? 0) > 0 ? now : null;
    });
    expect(found.get('perch_http_requests')!.samples.get('perch_http_requests_total{door="applications",status="2xx"}')).toBe(1);
    expect(found.get('perch_http_requests')!.samples.get('perch_http_requests_total{door="files",status="4xx"}')).toBe(1);
    expect(found.get('perch_http_duration_seconds')!.samples.get('perch_http_duration_seconds_count{door="applications"}')).toBe(1);
    expect(found.get('perch_jobs_dead')!.samples.get('perch_jobs_dead')).toBe(0);
    expect(found.get('perch_database_size_bytes')!.samples.get('perch_database_size_bytes')).toBeGreaterThan(1e6);
    expect(found.get('perch_sweep_age_seconds')!.samples.get('perch_sweep_age_seconds')).toBeLessThan(600);
    expect(found.has('perch_backup_age_seconds')).toBe(false);
    expect(found.get('process_resident_memory_bytes')!.samples.size).toBe(1);
  });

  it('count slow statements', async () => {
    const client = await new Client(perch.address).signIn();
    await perch.database.query('CREATE FUNCTION doze() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.2); RETURN NEW; END $$; CREATE TRIGGER doze BEFORE INSERT ON company FOR EACH ROW EXECUTE FUNCTION doze()');
    const { errors } = await client.graphql('mutation { createCompany(input: { name: "Slow Ltd" }) { id } }');
    expect(errors).toBeUndefined();
    expect((await scrape()).get('perch_database_slow')!.samples.get('perch_database_slow_total')).toBe(1);
  });

  it('hold what the alert rules ask for', async () => {
    const text = readFileSync(RULES, 'utf8');
    const { groups } = parse(text) as { groups: { rules: { alert: string; expr: string }[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.map(({ alert }) => alert)).toEqual(expect.arrayContaining(['PerchErrorRate', 'PerchSlowStatements', 'PerchDeadLetters', 'PerchMemory']));
    const ours = (Object.keys(METRICS) as MetricName[]).map((name) => boardName(name) + (METRICS[name].kind === 'counter' ? '_total' : ''));
    const known = new Set([...ours, ...[...(await scrape()).values()].flatMap(({ samples }) => [...samples.keys()])]);
    for (const { expr } of rules) for (const [name] of expr.matchAll(/(?:perch|process|nodejs)_\w+/g)) expect(known).toContain(name);
  });
});

describe('without a token', () => {
  it('there are no metrics', async () => {
    const perch = await startPerch('process');
    expect((await request(perch.address).get('/api/health/metrics')).status).toBe(404);
    await perch.stop();
  });
});
