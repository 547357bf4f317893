import DataLoader from 'dataloader';
import { In, type EntityTarget, type FindOptionsWhere, type ObjectLiteral } from 'typeorm';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import type { Database } from './database.js';

/** Reads rows by key in batches, so that a list with relations costs one statement a relation. */
export class EntityLoader {
  constructor(private readonly database: Database) {}

  /** The row with this id, or null where it is absent or belongs to another workspace. */
  async byId<T extends ObjectLiteral & { id: string }>(context: RequestContext, entity: EntityTarget<T>, id: string | null): Promise<T | null> {
    if (id === null) return null;
    return (await this.loader<T>(context, entity, 'id').load(id))[0] ?? null;
  }

  /** The rows whose property equals the value. */
  manyBy<T extends ObjectLiteral>(context: RequestContext, entity: EntityTarget<T>, property: keyof T & string, value: string): Promise<T[]> {
    return this.loader<T>(context, entity, property).load(value);
  }

  private loader<T extends ObjectLiteral>(context: RequestContext, entity: EntityTarget<T>, property: string): DataLoader<string, T[]> {
    const name = `${this.database.dataSource.getMetadata(entity).tableName}.${property}`;
    return context.once(name, () => new DataLoader<string, T[]>((values) => this.load(context, entity, property, values), { cache: false }));
  }

  private async load<T extends ObjectLiteral>(context: RequestContext, entity: EntityTarget<T>, property: string, values: readonly string[]): Promise<T[][]> {
    const unique = [...new Set(values)].filter(isId);
    const where = { [property]: In(unique) } as FindOptionsWhere<T>;
    const rows = await this.database.read(context, (manager) => manager.getRepository(entity).find({ where }));
    const groups = new Map<string, T[]>(unique.map((value) => [value, []]));
    for (const row of rows) groups.get(row[property] as string)?.push(row);
    return values.map((value) => groups.get(value) ?? []);
  }
}
