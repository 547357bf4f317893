import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, EntityManager, QueryResult, QueryRunner } from 'typeorm';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import type { Logger } from '../logging/logger.js';
import { isDeadlock } from './database-errors.js';
import { readOnlyError, type ReadOnlyReason } from './read-only.js';

const STATEMENT_TIMEOUT = '15s';
/** A process that stands still in the middle of a write gives its locks back before the leases of its jobs run out. */
const IDLE_WRITE_TIMEOUT = '10s';

const DEADLOCK_ATTEMPTS = 3;
const DEADLOCK_PAUSE_MS = 20;

/** What a transaction may see beside the rows of its workspace. */
export interface Visibility {
  /** Opens the workspace of this slug, for the careers page and sign-in. */
  readonly workspaceSlug?: string;
  /** Opens the memberships of this user, for sign-in. */
  readonly userId?: string;
  /** Opens background jobs and workspaces of all tenants, for sweeps and schedules only. */
  readonly allWorkspaces?: boolean;
}

interface Transaction {
  readonly context: RequestContext;
  readonly manager: EntityManager;
  readonly writable: boolean;
  /** Items that wait for the commit, by the service that collects them. */
  readonly collected: Map<object, Collection>;
}

interface Collection {
  readonly items: unknown[];
  readonly flush: (items: never[]) => Promise<void>;
}

/** A transaction's connection. What opens the transaction may still be under way: whatever follows on the connection waits for it at the server. */
interface Opened {
  readonly runner: QueryRunner;
  readonly opening: Promise<unknown>;
}

interface ReadSession {
  opened: Promise<Opened>;
  queue: Promise<unknown>;
}

const recordsOf = <Row>({ records }: QueryResult): Row[] => records as Row[];

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** The statement that opens a transaction and binds it to a workspace, in one message to the server. A read sees one moment throughout. */
function opening(context: RequestContext, writable: boolean, visibility: Visibility): string {
  const { workspaceId } = context;
  if (workspaceId !== null && !isId(workspaceId)) throw new Error('A workspace id must be a UUID.');
  if (visibility.userId !== undefined && !isId(visibility.userId)) throw new Error('A user id must be a UUID.');
  const slug = visibility.workspaceSlug ?? '';
  const settings: readonly (readonly [string, string])[] = [
    ['statement_timeout', STATEMENT_TIMEOUT],
    ...(writable ? [['idle_in_transaction_session_timeout', IDLE_WRITE_TIMEOUT] as const] : []),
    ['perch.workspace_id', workspaceId ?? ''],
    ['perch.workspace_slug', /^[a-z0-9-]{0,63}$/.test(slug) ? slug : ''],
    ['perch.user_id', visibility.userId ?? ''],
    ['perch.all_workspaces', visibility.allWorkspaces === true ? 'on' : ''],
  ];
  const calls = settings.map(([name, value]) => `set_config(${quoted(name)}, ${quoted(value)}, true)`);
  return `BEGIN${writable ? '' : ' ISOLATION LEVEL REPEATABLE READ READ ONLY'}; SELECT ${calls.join(', ')}`;
}

/**
 * Transactions bound to a workspace by row-level security.
 *
 * A request reads in one read-only transaction that opens with its first read and ends with `release`. Each write is a
 * transaction of its own. Services called inside a transaction of the same request join it.
 */
export class Database {
  private readonly current = new AsyncLocalStorage<Transaction>();
  private readonly readSessions = new WeakMap<RequestContext, ReadSession>();
  private readonly ended = new WeakSet<RequestContext>();

  constructor(
    readonly dataSource: DataSource,
    private readonly logger: Logger,
    /** Whether every write is refused before it reaches the server. */
    readonly isSwitchedToReading = false,
  ) {}

  /** Why nothing can be written; null where it can. A request asks on the connection that it reads on: one that holds it and waits for another keeps others from both. */
  async readOnlyReason(asked: Pick<EntityManager, 'query'> = this.dataSource): Promise<ReadOnlyReason | null> {
    if (this.isSwitchedToReading) return 'switch';
    const [server] = await asked.query<{ follows: boolean }[]>(`SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS follows`);
    return server!.follows ? 'replica' : null;
  }

  /**
   * Runs the work in a transaction that is committed when the work resolves and rolled back when it throws. Where PostgreSQL
   * ends one of two transactions that wait for each other, the work is done again. Throws READ_ONLY.
   */
  async write<T>(context: RequestContext, work: (manager: EntityManager) => Promise<T>, visibility: Visibility = {}): Promise<T> {
    const joined = this.joinable(context);
    if (joined) {
      if (!joined.writable) throw new Error('A write was begun inside a read.');
      return work(joined.manager);
    }
    if (this.isSwitchedToReading) throw readOnlyError();
    await this.release(context);
    const { result, collected } = await this.commitWithPatience(context, work, visibility);
    for (const { items, flush } of collected.values()) {
      await this.current.exit(() => flush(items as never[]));
    }
    return result;
  }

  /** Whether a write of this request is under way here, which others would join. */
  isWriting(context: RequestContext): boolean {
    return this.joinable(context)?.writable === true;
  }

  /**
   * One statement in a transaction of its own, sent in one round trip with what opens and commits it; inside a write it joins
   * that. Resolves with the rows that it returns. Whether it may have effects has to be decided by the statement itself.
   */
  async statement<Row>(context: RequestContext, sql: string, values: unknown[], visibility: Visibility = {}): Promise<Row[]> {
    const joined = this.joinable(context);
    if (joined && !joined.writable) throw new Error('A write was begun inside a read.');
    if (joined) return recordsOf<Row>(await joined.manager.queryRunner!.query(sql, values, true));
    if (this.isSwitchedToReading) throw readOnlyError();
    await this.release(context);
    const opened = opening(context, true, visibility);
    const runner = await this.connect();
    try {
      // After a failed statement the COMMIT rolls back, so that it need not wait for the statement's success.
      const [begun, answered, committed] = await Promise.allSettled([runner.query(opened), runner.query(sql, values, true), runner.query('COMMIT')]);
      for (const part of [begun, answered, committed]) if (part.status === 'rejected') throw part.reason;
      return recordsOf<Row>((answered as PromiseFulfilledResult<QueryResult>).value);
    } finally {
      await runner.release();
    }
  }

  /** Runs the work in the request's read-only transaction; reads of one request take turns on its connection. */
  async read<T>(context: RequestContext, work: (manager: EntityManager) => Promise<T>, visibility: Visibility = {}): Promise<T> {
    const joined = this.joinable(context);
    if (joined) return work(joined.manager);
    if (Object.keys(visibility).length > 0) return this.readAlone(context, work, visibility);
    if (this.ended.has(context)) throw new Error('The request is over.');
    let session = this.readSessions.get(context);
    if (!session) {
      session = { opened: this.open(context, false, {}), queue: Promise.resolve() };
      session.opened.catch(() => this.readSessions.delete(context));
      this.readSessions.set(context, session);
    }
    const { opened } = session;
    const turn = session.queue.then(async () => this.runIn(context, await opened, work));
    session.queue = turn.catch(() => undefined);
    return turn;
  }

  /** Lets a request go on in the read transaction in which its caller was identified. Both must be of the same workspace. */
  handOver(from: RequestContext, to: RequestContext): void {
    const session = this.readSessions.get(from);
    if (!session || from.workspaceId !== to.workspaceId) return;
    this.readSessions.delete(from);
    this.readSessions.set(to, session);
  }

  /**
   * Gives back what a request holds; later reads of it are refused. An answer can be complete while resolvers of it still
   * run, because an error of a field that must not be null ends it early: their reads would hold a connection for good.
   */
  async end(context: RequestContext): Promise<void> {
    this.ended.add(context);
    await this.release(context);
  }

  /** Ends the read transaction of a request, if it has one, so that what follows sees what was written since. */
  async release(context: RequestContext): Promise<void> {
    const session = this.readSessions.get(context);
    if (!session) return;
    this.readSessions.delete(context);
    await session.queue;
    await this.close(await session.opened, 'COMMIT').catch((cause: unknown) => this.logger.warn('read transaction was lost', { cause: String(cause) }));
  }

  /**
   * Hands the item over once the surrounding write is committed, together with all others of the same collector; nothing
   * happens when it is rolled back. Throws outside a write.
   */
  collectUntilCommit<T>(collector: object, item: T, flush: (items: T[]) => Promise<void>): void {
    const transaction = this.current.getStore();
    if (!transaction?.writable) throw new Error('There is no write whose commit could be waited for.');
    const collection = transaction.collected.get(collector) ?? { items: [], flush };
    collection.items.push(item);
    transaction.collected.set(collector, collection);
  }

  /** The one that was ended waits a moment, so that the other gets the lock that both want. */
  private async commitWithPatience<T>(context: RequestContext, work: (manager: EntityManager) => Promise<T>, visibility: Visibility): Promise<{ result: T; collected: Transaction['collected'] }> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.commit(context, work, visibility);
      } catch (error) {
        if (!isDeadlock(error) || attempt === DEADLOCK_ATTEMPTS) throw error;
        await pause(DEADLOCK_PAUSE_MS * attempt * (0.5 + Math.random()));
      }
    }
  }

  private async commit<T>(context: RequestContext, work: (manager: EntityManager) => Promise<T>, visibility: Visibility): Promise<{ result: T; collected: Transaction['collected'] }> {
    const opened = await this.open(context, true, visibility);
    const { manager } = opened.runner;
    const transaction: Transaction = { context, manager, writable: true, collected: new Map() };
    let result: T;
    try {
      result = await this.current.run(transaction, () => work(manager));
    } catch (error) {
      await this.close(opened, 'ROLLBACK').catch((cause: unknown) => this.logger.warn('rollback failed', { cause: String(cause) }));
      throw error;
    }
    await this.close(opened, 'COMMIT');
    return { result, collected: transaction.collected };
  }

  private joinable(context: RequestContext): Transaction | undefined {
    const transaction = this.current.getStore();
    return transaction?.context === context ? transaction : undefined;
  }

  private async readAlone<T>(context: RequestContext, work: (manager: EntityManager) => Promise<T>, visibility: Visibility): Promise<T> {
    const opened = await this.open(context, false, visibility);
    try {
      return await this.runIn(context, opened, work);
    } finally {
      await this.close(opened, 'COMMIT');
    }
  }

  private runIn<T>(context: RequestContext, { runner }: Opened, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.current.run({ context, manager: runner.manager, writable: false, collected: new Map() }, () => work(runner.manager));
  }

  private async open(context: RequestContext, writable: boolean, visibility: Visibility): Promise<Opened> {
    const statement = opening(context, writable, visibility);
    const runner = await this.connect();
    const begun = runner.query(statement);
    // Told to whoever ends the transaction; the statements that follow fail with it.
    begun.catch(() => undefined);
    // The transaction was begun by hand, in one round trip; without the mark, saving an entity would begin another.
    Object.assign(runner, { isTransactionActive: true });
    return { runner, opening: begun };
  }

  private async connect(): Promise<QueryRunner> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.connect();
    } catch (error) {
      await runner.release();
      throw error;
    }
    return runner;
  }

  private async close({ runner, opening: begun }: Opened, statement: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    try {
      await begun;
      await runner.query(statement);
    } finally {
      Object.assign(runner, { isTransactionActive: false });
      await runner.release();
    }
  }
}
