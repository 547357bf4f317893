import { newId } from '../../src/common/ids.js';
import { RequestContext, systemContext } from '../../src/common/request-context.js';
import { CandidateRankingService } from '../../src/features/candidate-ranking/candidate-ranking.service.js';
import { RankingStateService, type RankingState } from '../../src/features/candidate-ranking/ranking-state.service.js';
import type { CandidateMatch } from '../../src/features/candidate-ranking/candidate-match.entity.js';
import { DocumentService } from '../../src/features/recruiting/documents/document.service.js';
import { JobOpeningService, type NewRequirements } from '../../src/features/recruiting/job-openings/job-opening.service.js';
import { JobOpening } from '../../src/features/recruiting/job-openings/job-opening.entity.js';
import { Database } from '../../src/infrastructure/database/database.js';
import type { Office, Team } from '../support/office.js';

export const WANTED: NewRequirements = {
  title: 'Engineer', description: 'Builds things.', minimumYears: 2,
  criteria: [{ label: 'TypeScript', necessity: 'must' }, { label: 'PostgreSQL', necessity: 'must' }, { label: 'Kubernetes', necessity: 'nice' }],
};

/** A team whose candidates have been read, and its one job. */
export class RankingBench {
  private constructor(
    readonly office: Office,
    readonly team: Team,
    readonly jobOpeningId: string,
  ) {}

  static async open(office: Office, slug: string): Promise<RankingBench> {
    const team = await office.team(slug);
    await team.member('rita');
    const [opening] = await office.database.query<{ id: string }>('SELECT id FROM job_opening WHERE workspace_id = $1', [team.workspaceId]);
    const bench = new RankingBench(office, team, opening!.id);
    await bench.change(WANTED);
    return bench;
  }

  get rita(): RequestContext {
    return this.team.as('rita');
  }

  call<T>(work: (context: RequestContext) => Promise<T>): Promise<T> {
    return this.office.call(this.rita, work);
  }

  /** A candidate whose resume shows the lines; no file is behind it. */
  async candidate(name: string, lines: readonly string[], since = '2015'): Promise<string> {
    const [personId, id, documentId] = [newId(), newId(), newId()];
    const { workspaceId } = this.team;
    await this.office.database.query('INSERT INTO person (id, workspace_id, display_name) VALUES ($1, $2, $3)', [personId, workspaceId, name]);
    await this.office.database.query("INSERT INTO candidate (id, workspace_id, person_id, skills) VALUES ($1, $2, $3, '{}')", [id, workspaceId, personId]);
    await this.office.database.query(
      `INSERT INTO document (id, workspace_id, candidate_id, kind, file_name, mime_type, byte_size, sha256, storage_key) VALUES ($1, $2, $3, 'resume', 'resume.txt', 'text/plain', 1, '', $4)`, [documentId, workspaceId, id, `documents/${documentId}`]);
    await this.read(documentId, name, lines, since);
    return id;
  }

  /** Stores what was read from the document. */
  read(documentId: string, name: string, lines: readonly string[], since = '2015', hiddenLines: readonly number[] = []): Promise<void> {
    const record = { basics: { name, email: '', phone: '', label: '', url: '', profiles: [] }, work: [{ name: 'Acme', position: 'Engineer', startDate: since }], education: [], skills: [] };
    const text = [name, 'Experience', 'Engineer, Acme', `${since} – Present`, ...lines];
    return this.office.call(systemContext(this.team.workspaceId), (context) => this.office.get(DocumentService).storeParsed(context, documentId, { record, parserVersion: '1', lines: text, hiddenLines, recognizedPages: 0 }));
  }

  async change(wanted: NewRequirements): Promise<void> {
    await this.call(async (context) => {
      const { version } = await this.office.get(Database).read(context, (manager) => manager.findOneByOrFail(JobOpening, { id: this.jobOpeningId }));
      await this.office.get(JobOpeningService).changeRequirements(context, this.jobOpeningId, version, wanted);
    });
  }

  start(): Promise<unknown> {
    return this.call((context) => this.office.get(CandidateRankingService).start(context, this.jobOpeningId));
  }

  /** Starts a ranking and lets it end. */
  async rank(): Promise<void> {
    await this.start();
    await this.work();
  }

  /** Lets the waiting rankings of the team end at once. */
  async work(): Promise<void> {
    for (;;) {
      const [job] = await this.office.database.query<{ id: string }>(
        "UPDATE background_job SET run_at = now() WHERE id = (SELECT id FROM background_job WHERE workspace_id = $1 AND type = 'rankCandidates' AND state = 'queued' ORDER BY id LIMIT 1) RETURNING id", [this.team.workspaceId]);
      if (!job) return;
      await this.office.deliver(this.team.workspaceId, job.id);
    }
  }

  list(): Promise<readonly CandidateMatch[]> {
    return this.call(async (context) => (await this.office.get(CandidateRankingService).list(context, this.jobOpeningId, {})).nodes);
  }

  /** The candidates of all pages of so many. */
  async pages(first: number): Promise<string[]> {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { nodes, pageInfo } = await this.call((context) => this.office.get(CandidateRankingService).list(context, this.jobOpeningId, { first, after }));
      ids.push(...nodes.map(({ candidateId }) => candidateId));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    return ids;
  }

  state(): Promise<RankingState | null> {
    return this.call((context) => this.office.get(RankingStateService).of(context, this.jobOpeningId));
  }
}
