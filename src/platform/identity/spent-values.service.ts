import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';

const SPEND = 'INSERT INTO spent_value (hash, expires_at) VALUES ($1, now() + make_interval(secs => $2)) ON CONFLICT DO NOTHING RETURNING hash';

/** Remembers values that work once, across all processes. */
@Injectable()
export class SpentValues {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Whether the value of this purpose is used for the first time within the seconds in which it is good for anything. */
  async spend(purpose: string, value: string, seconds: number): Promise<boolean> {
    const context = systemContext(null);
    return this.database.write(context, async (manager) => {
      await manager.query('DELETE FROM spent_value WHERE expires_at < now()');
      const spent = await manager.query<unknown[]>(SPEND, [sha256(`${purpose}\n${value}`), seconds]);
      return spent.length === 1;
    });
  }
}
