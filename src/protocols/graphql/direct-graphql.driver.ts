import { Injectable } from '@nestjs/common';
import { AbstractGraphQLDriver, type GqlModuleOptions } from '@nestjs/graphql';
import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

type Resolvers = Record<string, Record<string, GraphQLFieldResolver<unknown, unknown> | { resolve?: GraphQLFieldResolver<unknown, unknown> }>>;

/** The parts of @nestjs/graphql's factory that are used here; private to it, so its version is pinned and the SDL is compared in a test. */
interface FactoryInternals {
  readonly resolversExplorerService: { explore(): Resolvers | Resolvers[]; getAllCtors(): () => void };
  readonly gqlSchemaBuilder: { build(file: boolean, options: GqlModuleOptions, resolvers: unknown): Promise<GraphQLSchema> };
}

/**
 * Builds the code-first schema and attaches the resolvers to it directly. The stock path prints the schema, parses it and
 * builds it again, which costs a third of a cold start.
 */
@Injectable()
export class DirectGraphQLDriver extends AbstractGraphQLDriver {
  override async generateSchema(options: GqlModuleOptions): Promise<GraphQLSchema> {
    const factory = this.graphQlFactory as unknown as FactoryInternals;
    const explored = factory.resolversExplorerService.explore();
    const schema = await factory.gqlSchemaBuilder.build(true, options, factory.resolversExplorerService.getAllCtors());
    for (const resolvers of Array.isArray(explored) ? explored : [explored]) attach(schema, resolvers);
    return schema;
  }

  // Requests come in through protocols/graphql/graphql.door.ts; there is no server to start or stop here.
  async start(): Promise<void> {}

  async stop(): Promise<void> {}
}

function attach(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    const known = type.getFields();
    for (const [fieldName, resolver] of Object.entries(fields)) {
      const field = known[fieldName];
      if (field) field.resolve = typeof resolver === 'function' ? resolver : resolver.resolve;
    }
  }
}
