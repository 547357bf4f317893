import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { formatTraceparent, parseTraceparent } from '../../src/common/traceparent.js';
import { eventually } from '../support/eventually.js';
import { startPerch, type Perch } from '../support/perch.js';
import { resume } from '../support/resumes.js';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };

describe('a trace', () => {
  let receiver: OtlpReceiver;
  let perch: Perch;

  beforeAll(async () => {
    receiver = await OtlpReceiver.open();
    perch = await startPerch('process', async () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }));
  });
  afterAll(() => receiver.close());

  it('leads from the request to its job', async () => {
    const answer = await request(perch.address).post('/api/applications').set('traceparent', formatTraceparent(CALLER))
      .field({ workspace: 'demo', posting: 'product-designer', name: 'T. Race', email: 'trace@example.com' }).attach('resume', resume('engineer.pdf'), 'r.pdf');
    expect(answer.status).toBe(201);
    const find = (name: string, outcome?: string): ReceivedSpan | null => receiver.spans.find((span) => span.traceId === CALLER.traceId && span.name === name
      && (outcome === undefined || span.attributes.some(({ key, value }) => key === 'job.outcome' && value.stringValue === outcome))) ?? null;
    const entry = await eventually('the span of the request has arrived', async () => find('POST /api/applications'));
    const job = await eventually('the span of the job has arrived', async () => find('job analyzeResume', 'done'), 40_000);
    expect(entry.parentSpanId).toBe(CALLER.spanId);
    expect(job.parentSpanId).toBe(entry.spanId);
  });

  it('is complete with its numbers after a stop', async () => {
    await perch.stop();
    for (const name of ['perch.jobs.attempts', 'perch.jobs.wait', 'perch.jobs.duration', 'perch.jobs.depth']) expect(receiver.metrics).toContain(name);
  });
});

describe('a traceparent', () => {
  it('is read as it is written', () => {
    const text = formatTraceparent(CALLER);
    expect(parseTraceparent(text)).toEqual(CALLER);
    expect(formatTraceparent({ ...CALLER, sampled: false }).endsWith('-00')).toBe(true);
    for (const wrong of [null, '', text.toUpperCase(), text.replace('00-', '01-'), text.replace(CALLER.traceId, '0'.repeat(32)), text.replace(CALLER.spanId, '0'.repeat(16)), `${text}-x`]) {
      expect(parseTraceparent(wrong)).toBeNull();
    }
  });
});
