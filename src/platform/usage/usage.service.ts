import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import type { RequestContext } from '../../common/request-context.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { METERS, USAGE_UNITS, type Meter } from '../../config/usage.js';
import { Database } from '../../infrastructure/database/database.js';
import { KINDS, type Period } from './usage-meter.js';
import { DAY_MS, dayName, forecast, usageMonth, type UsageMonth } from './usage-month.js';
import { UsageSourceRegistry } from './usage-source.registry.js';

/** How many of a meter's units the prices of PERCH_USAGE_PRICES are for. */
const PRICED: Readonly<Record<Meter, number>> = { jobs: 1_000, mails: 1_000, storage: 1_000_000_000, modelTokens: 1_000_000 };

export interface DayUse {
  /** Like 2026-11-28. */
  readonly day: string;
  readonly amount: number;
}

export interface MeterUse {
  readonly meter: Meter;
  /** Of a flow, all of the month so far; of a level, the last. Bytes for storage. */
  readonly amount: number;
  readonly limit: number | null;
  /** What the month will come to; null while that would be a guess. */
  readonly forecast: number | null;
  /** US dollars. */
  readonly cost: number;
  readonly days: readonly DayUse[];
}

export interface Usage {
  readonly month: string;
  /** Whether the month is over. */
  readonly complete: boolean;
  readonly meters: readonly MeterUse[];
  /** US dollars, so far and at the end of the month. */
  readonly cost: number;
  readonly forecastCost: number | null;
}

interface NotedDay {
  readonly day: string;
  readonly meter: Meter;
  readonly amount: number;
}

/** A level is priced by the month, what flows as it comes. */
const costOf = (meters: readonly MeterUse[], kind: 'flow' | 'level'): number => meters.filter(({ meter }) => KINDS[meter] === kind).reduce((sum, { cost }) => sum + cost, 0);

/** Tells what a workspace uses, from the days that were noted and from the rest of the month as it is now. */
@Injectable()
export class UsageService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(UsageSourceRegistry) private readonly sources: UsageSourceRegistry,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The use of a month, the current one where none is named. Throws INVALID_INPUT. */
  month(context: RequestContext, name: string | null = null): Promise<Usage> {
    return this.database.read(context, (manager) => this.read(manager, context.workspace, usageMonth(name, this.clock.now())));
  }

  /** The same in a transaction that is under way. */
  async read(manager: EntityManager, workspaceId: string, month: UsageMonth): Promise<Usage> {
    const noted = await manager.query<NotedDay[]>(
      'SELECT day::text, meter, amount::float8 AS amount FROM usage_day WHERE workspace_id = $1 AND day >= $2::date AND day < $3::date ORDER BY day', [workspaceId, dayName(month.from), dayName(month.to)]);
    const meters: MeterUse[] = [];
    for (const meter of METERS) meters.push(await this.meterUse(manager, workspaceId, month, meter, noted.filter((row) => row.meter === meter)));
    const complete = this.clock.now() >= month.to;
    const flows = costOf(meters, 'flow');
    const levels = costOf(meters, 'level');
    const stretched = complete ? null : forecast(flows, month, this.clock.now());
    return { month: month.name, complete, meters, cost: flows + levels, forecastCost: stretched === null ? null : stretched + levels };
  }

  private async meterUse(manager: EntityManager, workspaceId: string, month: UsageMonth, meter: Meter, noted: readonly NotedDay[]): Promise<MeterUse> {
    const now = this.clock.now();
    const days = [...noted.map(({ day, amount }) => ({ day, amount })), ...(now < month.to ? [await this.today(manager, workspaceId, month, meter, noted.at(-1)?.day ?? null)] : [])];
    const amount = KINDS[meter] === 'level' ? (days.at(-1)?.amount ?? 0) : days.reduce((sum, day) => sum + day.amount, 0);
    const limit = this.environment.usage.limits[meter];
    const source = this.sources.get(meter);
    const known = await source.cost?.(manager, workspaceId, { from: month.from, to: month.to });
    return {
      meter, amount, days, limit: limit === undefined ? null : limit * USAGE_UNITS[meter],
      forecast: KINDS[meter] === 'level' || now >= month.to ? null : forecast(amount, month, now),
      cost: known ?? (amount / PRICED[meter]) * (this.environment.usage.prices[meter] ?? 0),
    };
  }

  /** What is not noted yet, as if it were all of today: also of days whose job is late. */
  private async today(manager: EntityManager, workspaceId: string, month: UsageMonth, meter: Meter, last: string | null): Promise<DayUse> {
    const period: Period = { from: last === null ? month.from : new Date(Date.parse(last) + DAY_MS), to: this.clock.now() };
    return { day: dayName(period.to), amount: await this.sources.get(meter).amount(manager, workspaceId, period) };
  }
}
