import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QStashBench } from '../../support/qstash.js';

/** Calls as the published clients of other languages make them, and what their suites expect. */
describe('clients of the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  beforeEach(() => bench.destination.reset());
  afterAll(() => bench.close());

  const deadLetter = async (): Promise<string> => {
    bench.destination.byPath.set('/fails', [{ status: 404 }]);
    const { messageId } = await bench.client.publishJSON({ url: `${bench.destination.origin}/fails`, body: {}, retries: 0 });
    await bench.ended(messageId, 'dead');
    return (await bench.client.dlq.listMessages({ filter: { messageId } })).messages[0]!.dlqId;
  };

  it('may write the path in capitals', async () => {
    const created = await bench.call('POST', `/v2/Schedules/${bench.destination.origin}/Kept/As/It/Is`, '{}', { 'upstash-cron': '1 1 1 1 1' });
    expect(created.status).toBe(201);
    const { scheduleId } = created.body as { scheduleId: string };
    expect((await bench.call('GET', `/v2/Schedules/${scheduleId}`)).body).toMatchObject({ scheduleId, destination: `${bench.destination.origin}/Kept/As/It/Is` });
    expect((await bench.call('PATCH', `/v2/schedules/${scheduleId}/PAUSE`)).status).toBe(200);
    expect(await bench.client.schedules.get(scheduleId)).toMatchObject({ isPaused: true });
    expect((await bench.call('POST', `/V2/Publish/${bench.destination.origin}/Mixed`, 'x')).status).toBe(201);
    expect((await bench.destination.arrived(1))[0]!.path).toBe('/Mixed');
  });

  it('may name no queue in a batch', async () => {
    const item = { destination: bench.destination.origin, headers: { 'Upstash-Retries': '0' }, body: 'hi', queue: '' };
    expect((await bench.call('POST', '/v2/batch', JSON.stringify([item, { ...item, queue: null }]))).body).toEqual([
      expect.objectContaining({ messageId: expect.any(String) }), expect.objectContaining({ messageId: expect.any(String) }),
    ]);
    await bench.destination.arrived(2);
  });

  it('see the first label and all labels', async () => {
    const { messageId } = await bench.client.publishJSON({ url: `${bench.destination.origin}/labels`, body: {}, label: ['first', 'second'], delay: '1h' });
    expect(await bench.client.messages.get(messageId)).toMatchObject({ label: 'first', labels: ['first', 'second'] });
    expect((await bench.client.logs({ filter: { messageId } })).logs[0]).toMatchObject({ label: 'first', labels: ['first', 'second'] });
    const { scheduleId } = await bench.client.schedules.create({ destination: bench.destination.origin, cron: '1 1 1 1 1', label: ['first', 'second'] });
    expect(await bench.client.schedules.get(scheduleId)).toMatchObject({ label: 'first', labels: ['first', 'second'] });
  });

  it('see the period of every flow control', async () => {
    const { messageId } = await bench.client.publishJSON({ url: bench.destination.origin, body: {}, flowControl: { key: 'only-parallelism', parallelism: 5 }, delay: '1h' });
    const { body } = await bench.call('GET', `/v2/messages/${messageId}`);
    expect(body).toMatchObject({ flowControlKey: 'only-parallelism', parallelism: 5, period: 1 });
    expect(body).not.toHaveProperty('rate');
  });

  it('see the headers of callbacks', async () => {
    const headers = { 'upstash-callback': bench.destination.origin, 'upstash-callback-forward-mine': 'yes', 'upstash-failure-callback-retries': '2', 'upstash-delay': '1h' };
    const { messageId } = (await bench.call('POST', `/v2/publish/${bench.destination.origin}`, 'x', headers)).body as { messageId: string };
    const wanted = [{ 'forward-mine': ['yes'] }, { retries: ['2'] }];
    const message = (await bench.call('GET', `/v2/messages/${messageId}`)).body as Record<string, unknown>;
    expect([message['callbackHeader'], message['failureCallbackHeader']]).toEqual(wanted);
    const { events } = (await bench.call('GET', `/v2/events?messageId=${messageId}`)).body as { events: Record<string, unknown>[] };
    expect([events[0]!['callbackHeaders'], events[0]!['failureCallbackHeaders']]).toEqual(wanted);
  });

  it('may name a group in two ways', async () => {
    const { origin } = bench.destination;
    await bench.client.urlGroups.addEndpoints({ name: 'both-ways', endpoints: [{ url: `${origin}/group` }] });
    const [published] = await bench.client.publishJSON({ urlGroup: 'both-ways', body: {}, delay: '1h' });
    const { status, body } = await bench.call('GET', '/v2/events?urlGroup=both-ways&topicName=both-ways');
    expect([status, (body as { events: { messageId: string }[] }).events.map(({ messageId }) => messageId)]).toEqual([200, [published!.messageId]]);
    expect((await bench.call('GET', '/v2/dlq?urlGroup=both-ways')).body).toEqual({ messages: [] });
    expect((await bench.call('DELETE', '/v2/messages?urlGroup=another')).body).toEqual({ cancelled: 0 });
  });

  it('may delete a dead letter they retried', async () => {
    const dlqId = await deadLetter();
    expect((await bench.client.dlq.retry(dlqId)).responses).toHaveLength(1);
    expect(await bench.client.dlq.delete(dlqId)).toEqual({ deleted: 1 });
    await expect(bench.client.dlq.delete('dlq_unknown')).rejects.toThrow(/not found/);
  });

  it('learn which destination is missing', async () => {
    expect(await bench.call('POST', '/v2/publish/no_such_group', 'x')).toEqual({ status: 404, body: { error: expect.stringContaining('topic no_such_group not found') } });
    for (const path of ['publish/', 'enqueue/queue/', 'schedules/']) {
      expect(await bench.call('POST', `/v2/${path}`, 'x')).toEqual({ status: 400, body: { error: 'a non-empty destination must be provided' } });
    }
  });

  it('learn that a path is badly encoded', async () => {
    expect((await bench.call('POST', `/v2/enqueue/%zz/${bench.destination.origin}`, 'x')).status).toBe(400);
    expect((await bench.call('GET', '/v2/queues/%zz')).status).toBe(400);
  });
});
