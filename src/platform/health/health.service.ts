import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Remembered, type Check } from './health-check.js';
import { NeighbourChecks } from './neighbour-checks.service.js';
import { WorkChecks } from './work-checks.service.js';

export interface Health {
  readonly status: 'ready' | 'degraded' | 'not ready';
  readonly checks: readonly Check[];
}

export type PartState = 'works' | 'limited' | 'down';

/** What everybody may know: no figures, no names of neighbours. */
export interface PublicStatus {
  readonly state: PartState;
  /** Whether nothing can be changed at the moment. */
  readonly readOnly: boolean;
  readonly parts: readonly { readonly name: string; readonly state: PartState }[];
  readonly checkedAt: string;
}

/** Without these nothing works. A late queue or a lost Redis makes Perch slower, and taking it down would not help. */
const NEEDED: readonly string[] = ['database', 'schema', 'queue'];
const STATUS_MEMORY_MS = 15_000;

/** The parts that people know, with the checks that each hangs on; the first kind stops a part, the second limits it. */
const PARTS: readonly (readonly [name: string, stoppedBy: readonly string[], limitedBy: readonly string[]])[] = [
  ['Pages and sign-in', ['database', 'schema'], ['writing', 'redis']],
  ['Applications', ['database', 'schema', 'writing'], ['storage']],
  ['Background work', ['database', 'schema', 'queue'], ['jobs', 'sweep', 'writing']],
  ['Files', ['database', 'storage'], []],
  ['Mail', ['database', 'mail'], []],
];

/** Brings the checks together: for machines that decide where to send requests, and for people who wonder what is wrong. */
@Injectable()
export class HealthService {
  private readonly remembered: Remembered<PublicStatus>;

  constructor(
    @Inject(NeighbourChecks) private readonly neighbours: NeighbourChecks,
    @Inject(WorkChecks) private readonly work: WorkChecks,
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.remembered = new Remembered(STATUS_MEMORY_MS, () => this.summary(), () => clock.now().getTime());
  }

  async check(): Promise<Health> {
    const [neighbours, work] = [await this.neighbours.run(), await this.work.run()];
    const checks = [...neighbours, ...work];
    const ready = checks.every(({ ok, name }) => ok || !NEEDED.includes(name));
    return { status: checks.every(({ ok }) => ok) ? 'ready' : ready ? 'degraded' : 'not ready', checks };
  }

  /** The summary of at most 15 seconds ago: strangers cannot make Perch check itself. */
  publicStatus(): Promise<PublicStatus> {
    return this.remembered.get();
  }

  /** Whether nothing can be changed at the moment. */
  async isReadOnly(context: RequestContext): Promise<boolean> {
    return (await this.database.read(context, (manager) => this.database.readOnlyReason(manager))) !== null;
  }

  private async summary(): Promise<PublicStatus> {
    const { checks } = await this.check();
    const failed = new Set(checks.filter(({ ok }) => !ok).map(({ name }) => name));
    const parts = PARTS.map(([name, stoppedBy, limitedBy]) => {
      const state: PartState = stoppedBy.some((each) => failed.has(each)) ? 'down' : limitedBy.some((each) => failed.has(each)) ? 'limited' : 'works';
      return { name, state };
    });
    const state = parts.every((part) => part.state === 'works') ? 'works' : parts[0]!.state === 'down' ? 'down' : 'limited';
    return { state, readOnly: failed.has('writing') && !failed.has('database'), parts, checkedAt: this.clock.now().toISOString() };
  }
}
