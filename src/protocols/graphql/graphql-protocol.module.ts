import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { DirectGraphQLDriver } from './direct-graphql.driver.js';
import { GraphQLDoor } from './graphql.door.js';

/** GraphQL, code first. Resolvers are found in every module of the application. */
@Module({
  imports: [GraphQLModule.forRoot({ driver: DirectGraphQLDriver, autoSchemaFile: true, buildSchemaOptions: { skipCheck: true } })],
  providers: [GraphQLDoor],
})
export class GraphQLProtocolModule {}
