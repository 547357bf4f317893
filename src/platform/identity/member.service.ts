import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Membership } from './membership.entity.js';

/** The people of a workspace. */
@Injectable()
export class MemberService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** All members, the oldest first; a team has few. */
  list(context: RequestContext): Promise<Membership[]> {
    return this.database.read(context, (manager) => manager.getRepository(Membership).find({ order: { createdAt: 'ASC' }, take: 1_000 }));
  }
}
