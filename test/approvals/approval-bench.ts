import { newId } from '../../src/common/ids.js';
import { ApprovalService } from '../../src/platform/approvals/approval.service.js';
import type { Approval } from '../../src/platform/approvals/approval.entity.js';
import { Office, type Team } from '../support/office.js';

export const TERMS = 'a'.repeat(64);

/** Approvals of something that no feature knows, among the members of a team. */
export class ApprovalBench {
  private constructor(
    readonly office: Office,
    readonly team: Team,
  ) {}

  static async open(): Promise<ApprovalBench> {
    const office = await Office.open();
    const team = await office.team('approvals');
    for (const [name, role] of [['olga', 'owner'], ['rita', 'recruiter'], ['ann', 'recruiter'], ['ben', 'hiring_manager'], ['cem', 'interviewer'], ['dora', 'interviewer'], ['adam', 'admin']] as const) {
      await team.member(name, role);
    }
    return new ApprovalBench(office, team);
  }

  get service(): ApprovalService {
    return this.office.get(ApprovalService);
  }

  async request(names: readonly string[], required: number, mode: 'serial' | 'parallel' = 'parallel', subjectId = newId()): Promise<Approval> {
    const approverIds = await Promise.all(names.map((name) => this.team.member(name)));
    return this.service.request(this.team.as('rita'), { subjectType: 'thing', subjectId, termsHash: TERMS, mode, required, approverIds, dueIn: 86_400_000 });
  }

  decide(name: string, approval: Approval, approve: boolean, termsHash = TERMS): Promise<Approval> {
    return this.service.decide(this.team.as(name), approval.id, { approve, comment: null, termsHash });
  }

  async delegate(from: string, approval: Approval, to: string): Promise<Approval> {
    return this.service.delegate(this.team.as(from), approval.id, await this.team.member(to));
  }

  async states(approval: Approval): Promise<string[]> {
    const rows = await this.office.database.query<{ state: string }>('SELECT state FROM approval_step WHERE approval_id = $1 ORDER BY position', [approval.id]);
    return rows.map(({ state }) => state);
  }

  /** What workflows were told about the approval. */
  async told(approval: Approval): Promise<string[]> {
    const rows = await this.office.database.query<{ decision: string }>(
      "SELECT payload ->> 'decision' AS decision FROM workflow_event WHERE name = 'approval.decided' AND payload ->> 'approvalId' = $1", [approval.id]);
    return rows.map(({ decision }) => decision);
  }

  async audit(approval: Approval): Promise<string[]> {
    const rows = await this.office.database.query<{ action: string }>('SELECT action FROM audit_event WHERE object_id = $1 ORDER BY id', [approval.id]);
    return rows.map(({ action }) => action);
  }
}
