import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { startPerch, type Perch } from '../support/perch.js';

const TERMS = { payAmount: 64_000, payCurrency: 'EUR', payPeriod: 'year', expiresAt: '2030-01-01T00:00:00Z', otherTerms: 'Thirty days of leave.' };
const OFFER = 'query ($id: ID!) { offer(id: $id) { status terms { pay { amount } otherTerms } approval { id status termsHash } } }';

interface SeenOffer {
  readonly offer: { readonly status: string; readonly terms: { readonly pay: { amount: number } | null; readonly otherTerms: string | null }; readonly approval: { readonly id: string; readonly status: string; readonly termsHash: string } | null } | null;
}

describe('offers through GraphQL', () => {
  let perch: Perch;
  let recruiter: Client;
  let offerId: string;
  const people = new Map<string, Client>();
  const client = (name: string): Client => people.get(name)!;
  const see = async (who: Client): Promise<SeenOffer['offer']> => (await who.graphql<SeenOffer>(OFFER, { id: offerId })).data.offer;
  const codeOf = async (who: Client, query: string, variables: object): Promise<string | undefined> => (await who.graphql(query, variables)).errors?.[0]?.extensions.code;

  beforeAll(async () => {
    perch = await startPerch('process');
    recruiter = await new Client(perch.address).signIn();
    const ids = new Map<string, string>();
    for (const [name, role] of [['Hanna Manager', 'hiring_manager'], ['Ivo Approver', 'interviewer'], ['Nia Bystander', 'interviewer']] as const) {
      ids.set(name, await addMember(perch.database, name, role));
      people.set(name, await new Client(perch.address).signIn(`${name.toLowerCase().replace(' ', '.')}@perch.example`, MEMBER_PASSWORD));
    }
    const [application] = await perch.database.query<{ id: string }>("SELECT id FROM application WHERE status = 'active' ORDER BY id LIMIT 1");
    const created = await recruiter.graphql<{ createOffer: { id: string } }>('mutation ($id: ID!, $terms: OfferTermsInput!) { createOffer(applicationId: $id, terms: $terms) { id } }', { id: application!.id, terms: TERMS });
    offerId = created.data.createOffer.id;
    await recruiter.graphql('mutation ($id: ID!, $who: [ID!]!) { requestOfferApproval(offerId: $id, approverIds: $who, required: 1, mode: serial) { id } }', { id: offerId, who: [ids.get('Ivo Approver')] });
  });
  afterAll(() => perch.stop());

  it('show pay to recruiters and approvers only', async () => {
    expect((await see(recruiter))?.terms).toEqual({ pay: { amount: 64_000 }, otherTerms: 'Thirty days of leave.' });
    expect((await see(client('Ivo Approver')))?.terms).toEqual({ pay: { amount: 64_000 }, otherTerms: 'Thirty days of leave.' });
    expect((await see(client('Hanna Manager')))?.terms).toEqual({ pay: null, otherTerms: null });
    expect(await see(client('Nia Bystander'))).toBeNull();
    expect(await codeOf(client('Nia Bystander'), '{ offers { nodes { id } } }', {})).toBe('FORBIDDEN');
    expect(await codeOf(new Client(perch.address), OFFER, { id: offerId })).toBe('UNAUTHENTICATED');
  });

  it('are changed by recruiters only', async () => {
    const withdraw = 'mutation ($id: ID!) { withdrawOffer(id: $id) { id } }';
    expect(await codeOf(client('Hanna Manager'), withdraw, { id: offerId })).toBe('FORBIDDEN');
    expect(await codeOf(client('Ivo Approver'), withdraw, { id: offerId })).toBe('FORBIDDEN');
  });

  it('wait for their approver and for nobody else', async () => {
    const mine = async (who: Client): Promise<readonly { readonly offer: { readonly terms: { readonly pay: object | null } } }[]> =>
      (await who.graphql<{ myApprovals: readonly { readonly offer: { readonly terms: { readonly pay: object | null } } }[] }>('{ myApprovals { offer { terms { pay { amount } } } } }')).data.myApprovals;
    expect(await mine(client('Ivo Approver'))).toEqual([{ offer: { terms: { pay: { amount: 64_000 } } } }]);
    expect(await mine(client('Nia Bystander'))).toEqual([]);
    expect(await mine(recruiter)).toEqual([]);
  });

  it('are approved, and the workflow says so', async () => {
    const { approval } = (await see(client('Ivo Approver')))!;
    const approve = 'mutation ($id: ID!, $hash: String!) { approveOffer(approvalId: $id, termsHash: $hash) { status } }';
    expect(await codeOf(client('Nia Bystander'), approve, { id: approval!.id, hash: approval!.termsHash })).toBe('NOT_YOUR_APPROVAL');
    expect(await codeOf(client('Ivo Approver'), approve, { id: approval!.id, hash: 'f'.repeat(64) })).toBe('TERMS_CHANGED');
    expect((await client('Ivo Approver').graphql(approve, { id: approval!.id, hash: approval!.termsHash })).data).toEqual({ approveOffer: { status: 'approved' } });
    await eventually('the workflow has ended', async () => {
      const [run] = await perch.database.query<{ state: string }>("SELECT state FROM background_job WHERE type = 'offerApproval'");
      return run?.state === 'done';
    });
    const [mail] = await perch.database.query("SELECT to_address FROM mail_message WHERE kind = 'offer_approval' AND subject LIKE '%was approved'");
    expect(mail).toEqual({ to_address: 'demo@perch.example' });
  });
});
