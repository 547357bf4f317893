import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/common/json.js';
import type { RequestContext } from '../../src/common/request-context.js';
import { ApplicationService } from '../../src/features/recruiting/applications/application.service.js';
import { JobOpeningService } from '../../src/features/recruiting/job-openings/job-opening.service.js';
import { OfferApprovalService } from '../../src/features/recruiting/offers/offer-approval.service.js';
import type { Offer } from '../../src/features/recruiting/offers/offer.entity.js';
import { OfferService } from '../../src/features/recruiting/offers/offer.service.js';
import { OutreachService } from '../../src/features/recruiting/outreach/outreach.service.js';
import { ApprovalService } from '../../src/platform/approvals/approval.service.js';
import { WebhookEventRegistry } from '../../src/platform/webhooks/webhook-event.registry.js';
import { terms } from '../offers/offer-bench.js';
import { WebhookBench } from './webhook-bench.js';

const SECRETS = /70000|75000|Thirty days|Ada|@|nobody needs to know/;

interface Sent {
  readonly type: string;
  readonly data: JsonObject;
}

describe('the events that are offered', () => {
  let bench: WebhookBench;
  let sent: readonly Sent[];

  beforeAll(async () => {
    bench = await WebhookBench.open();
    await bench.create('all');
    await jobs();
    await applications();
    await offers();
    for (let left = 1; left > 0; left = (await bench.rows()).filter(({ state }) => state === 'pending').length) await bench.deliver();
    sent = bench.receiver.take().map(({ body }) => JSON.parse(body) as Sent);
  });
  afterAll(() => bench.close());

  const rita = <T>(work: (context: RequestContext) => Promise<T>): Promise<T> => bench.office.call(bench.team.as('rita'), work);

  async function jobs(): Promise<void> {
    const openings = bench.office.get(JobOpeningService);
    const { id } = await rita((context) => openings.create(context, { title: 'Engineer', description: 'nobody needs to know' }));
    await rita((context) => openings.publishPosting(context, id));
    const [{ version }] = await bench.office.database.query<{ version: number }>('SELECT version FROM job_opening WHERE id = $1', [id]) as [{ version: number }];
    await rita((context) => openings.changeRequirements(context, id, version, { title: 'Engineer', description: 'nobody needs to know', minimumYears: 2, criteria: [] }));
    await rita((context) => openings.close(context, id));
  }

  async function applications(): Promise<void> {
    const service = bench.office.get(ApplicationService);
    const id = await bench.team.applicant();
    const [stage] = await bench.office.database.query<{ id: string }>("SELECT id FROM pipeline_stage WHERE workspace_id = $1 AND category = 'interview' ORDER BY position LIMIT 1", [bench.team.workspaceId]);
    await rita((context) => service.move(context, id, stage!.id));
    await rita((context) => service.reject(context, id, 'nobody needs to know'));
    await rita((context) => service.restore(context, id));
    const { candidateId } = await rita((context) => service.withdraw(context, id, 'nobody needs to know'));
    await rita((context) => bench.office.get(OutreachService).recordReply(context, candidateId));
  }

  async function asked(): Promise<Offer> {
    const service = bench.office.get(OfferService);
    const draft = await service.create(bench.team.as('rita'), await bench.team.applicant(), terms());
    const edited = await rita((context) => service.edit(context, draft.id, draft.version, terms(75_000)));
    const approverIds = [await bench.team.member('olga')];
    return rita((context) => bench.office.get(OfferApprovalService).request(context, edited.id, { approverIds, required: 1, mode: 'parallel' }));
  }

  async function offers(): Promise<void> {
    const [service, approvals] = [bench.office.get(OfferService), bench.office.get(ApprovalService)];
    for (const approve of [true, false]) {
      const offer = await asked();
      await bench.office.call(bench.team.as('olga'), async (context) => {
        const { termsHash } = await service.currentTerms(context, await service.get(context, offer.id));
        await approvals.decide(context, offer.approvalId!, { approve, comment: 'nobody needs to know', termsHash });
      });
    }
    const offer = await asked();
    await rita((context) => approvals.expire(context, offer.approvalId!));
    await rita((context) => service.withdraw(context, offer.id));
  }

  it('all come to be', () => {
    const offered = bench.office.get(WebhookEventRegistry).all.map(({ type }) => type);
    expect([...new Set(sent.map(({ type }) => type))].sort()).toEqual(offered);
  });

  it('have the fields of their examples', () => {
    const shapeOf = (value: unknown): unknown => (value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)])) : 'value');
    const examples = new Map(bench.office.get(WebhookEventRegistry).all.map(({ type, example }) => [type, shapeOf(example)]));
    for (const { type, data } of sent) expect([type, shapeOf(data)]).toEqual([type, examples.get(type)]);
  });

  it('say what has become of the record', () => {
    const statuses = (entity: string): string[] => sent.filter(({ type }) => type.startsWith(`io.perch.${entity}.`)).map(({ type, data }) => `${type.split('.').at(-1)!} ${String(data['status'])}`);
    expect(statuses('application').filter((line, index, all) => all.indexOf(line) === index)).toEqual(['submitted active', 'moved active', 'rejected rejected', 'restored active', 'withdrawn withdrawn']);
    expect([...new Set(statuses('offer'))].sort()).toEqual(['approval_approved approved', 'approval_expired draft', 'approval_rejected draft', 'created draft', 'edited draft', 'withdrawn withdrawn']);
    expect(statuses('job_opening')).toEqual(['published open', 'requirements_changed open', 'closed closed']);
  });

  it('hold no pay, no name and no prose', () => {
    expect(JSON.stringify(sent)).not.toMatch(SECRETS);
  });
});
