import { type Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { Page } from '../../common/pagination.js';

@ObjectType({ description: 'Where a page ends and whether the list goes on.' })
export class PageInfo {
  @Field(() => String, { nullable: true, description: 'Give this as "after" to read on.' }) endCursor: string | null;
  @Field(() => Boolean) hasNextPage: boolean;
}

@ArgsType()
export class ConnectionArguments {
  @Field(() => Int, { nullable: true, description: 'Rows to read, 1 to 200; 50 unless told.' }) first: number | null;
  @Field(() => String, { nullable: true, description: 'The endCursor of the page before.' }) after: string | null;
}

/** One page of a list as GraphQL shows it. `totalCount` is counted only when it is asked for. */
export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  readonly totalCount: Promise<number>;
}

export const toConnection = <T>(page: Page<T>, totalCount: () => Promise<number>): Connection<T> => ({
  nodes: page.nodes,
  pageInfo: { endCursor: page.endCursor, hasNextPage: page.hasNextPage },
  get totalCount() {
    return totalCount();
  },
});

/** Makes the connection type of a node type: `CompanyConnection` for `Company`. */
export function connectionOf<T>(node: Type<T>): Type<Connection<T>> {
  @ObjectType(`${node.name.replace(/Model$/, '')}Connection`)
  class ConnectionType {
    @Field(() => [node]) nodes: T[];
    @Field(() => PageInfo) pageInfo: PageInfo;
    @Field(() => Int) totalCount: number;
  }
  return ConnectionType as unknown as Type<Connection<T>>;
}
