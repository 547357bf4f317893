/** The GraphQL operations about offers, approvals and outreach, as text. */

export interface Pay {
  readonly amount: number;
  readonly currency: string;
  readonly period: 'hour' | 'day' | 'month' | 'year';
}

interface Named {
  readonly id: string;
  readonly displayName: string;
}

export interface ApprovalStep {
  readonly id: string;
  readonly state: 'pending' | 'active' | 'approved' | 'rejected' | 'skipped';
  readonly escalated: boolean;
  readonly approver: Named;
  readonly delegatedFrom: Named | null;
  readonly decision: { readonly comment: string | null; readonly at: string; readonly user: Named } | null;
}

export interface Approval {
  readonly id: string;
  readonly status: 'pending' | 'approved' | 'rejected' | 'voided' | 'expired';
  readonly mode: 'serial' | 'parallel';
  readonly required: number;
  readonly dueAt: string;
  readonly voidReason: string | null;
  readonly steps: readonly ApprovalStep[];
}

export interface Terms {
  readonly number: number;
  readonly pay: Pay | null;
  readonly startDate: string | null;
  readonly expiresAt: string;
  readonly otherTerms: string | null;
}

export interface Offer {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly terms: Terms;
  readonly approval: Approval | null;
}

const TERMS = 'terms { number pay { amount currency period } startDate expiresAt otherTerms }';
const APPROVAL = `id status mode required dueAt voidReason steps { id state escalated approver { id displayName } delegatedFrom { id displayName }
  decision { comment at user { id displayName } } }`;

export interface OffersData {
  readonly offers: { readonly nodes: readonly Offer[] };
}
/** The newest offer of an application. */
export const OFFERS = `query ($id: ID!) { offers(first: 1, filter: { applicationId: $id }) { nodes { id status version ${TERMS} approval { ${APPROVAL} } } } }`;
export const CREATE_OFFER = 'mutation ($id: ID!, $terms: OfferTermsInput!) { createOffer(applicationId: $id, terms: $terms) { id } }';
export const EDIT_OFFER = 'mutation ($id: ID!, $version: Int!, $terms: OfferTermsInput!) { editOffer(id: $id, version: $version, terms: $terms) { id } }';
export const WITHDRAW_OFFER = 'mutation ($id: ID!) { withdrawOffer(id: $id) { id } }';
export const REQUEST_APPROVAL = `mutation ($id: ID!, $approvers: [ID!]!, $required: Int!, $mode: ApprovalMode!) {
  requestOfferApproval(offerId: $id, approverIds: $approvers, required: $required, mode: $mode) { id } }`;

export interface Member {
  readonly id: string;
  readonly role: string;
  readonly user: Named;
}
export const MEMBERS = '{ members { id role user { id displayName } } }';

export interface MyApproval extends Approval {
  readonly termsHash: string;
  readonly createdAt: string;
  readonly requestedBy: Named;
  readonly offer: {
    readonly terms: Terms;
    readonly application: { readonly id: string; readonly jobOpening: { readonly title: string }; readonly candidate: { readonly person: { readonly displayName: string } } };
  } | null;
}
export const MY_APPROVALS = `{ myApprovals { ${APPROVAL} termsHash createdAt requestedBy { id displayName }
  offer { ${TERMS} application { id jobOpening { title } candidate { person { displayName } } } } } }`;
export const APPROVE = 'mutation ($id: ID!, $hash: String!, $comment: String) { approveOffer(approvalId: $id, termsHash: $hash, comment: $comment) { id } }';
export const REJECT_OFFER = 'mutation ($id: ID!, $hash: String!, $comment: String) { rejectOffer(approvalId: $id, termsHash: $hash, comment: $comment) { id } }';
export const DELEGATE = 'mutation ($id: ID!, $to: ID!) { delegateApproval(approvalId: $id, toUserId: $to) { id } }';

export interface LinkedOffer extends Terms {
  readonly pay: Pay;
  readonly approver: string;
  readonly candidate: string;
  readonly jobTitle: string;
  readonly requestedBy: string;
  readonly dueAt: string;
}
export const LINK = `query ($token: String!) { offerApprovalLink(token: $token) { approver candidate jobTitle requestedBy number pay { amount currency period }
  startDate expiresAt otherTerms dueAt } }`;
export const DECIDE_BY_LINK = 'mutation ($token: String!, $approve: Boolean!, $comment: String) { decideOfferByLink(token: $token, approve: $approve, comment: $comment) }';

export interface Outreach {
  readonly id: string;
  readonly status: 'active' | 'replied' | 'stopped' | 'finished';
  readonly stopReason: string | null;
  readonly subject: string;
  readonly messages: readonly { readonly text: string; readonly afterDays: number }[];
  readonly sent: number;
  readonly createdAt: string;
}
export interface OutreachData {
  readonly application: { readonly candidate: { readonly id: string }; readonly outreach: readonly Outreach[] } | null;
}
export const OUTREACH = 'query ($id: ID!) { application(id: $id) { candidate { id } outreach { id status stopReason subject messages { text afterDays } sent createdAt } } }';
export const START_OUTREACH = 'mutation ($id: ID!, $input: OutreachInput!) { startOutreach(applicationId: $id, input: $input) { id } }';
export const STOP_OUTREACH = 'mutation ($id: ID!) { stopOutreach(id: $id) { id } }';
export const RECORD_REPLY = 'mutation ($id: ID!) { recordCandidateReply(candidateId: $id) }';
