import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled, ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { GraphQLFormattedError } from 'graphql';
import { DomainError, messageOf } from '../../common/errors.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { Authenticator } from '../http/authenticator.js';
import { HttpDoor, type Door, type DoorRequest, type DoorResponse } from '../http/door.js';
import { publicError } from '../http/problem.js';
import { readJson } from '../http/request-body.js';
import type { OperationContext } from './caller.js';
import { errorLogPlugin, thrownBy } from './error-log.js';
import { checkQueryLimits, MAX_TOKENS } from './query-limits.js';

const BODY_LIMIT = 200_000;

const limitsPlugin: ApolloServerPlugin<OperationContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, operation, request }) {
        if (operation) checkQueryLimits(document, operation, request.variables ?? {});
      },
    };
  },
};

/** POST /api/graphql. */
@Injectable()
@HttpDoor('graphql')
export class GraphQLDoor implements Door, OnApplicationShutdown {
  private server: Promise<ApolloServer<OperationContext>> | null = null;

  constructor(
    @Inject(GraphQLSchemaHost) private readonly schemaHost: GraphQLSchemaHost,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    if (request.method !== 'POST') throw new DomainError('METHOD_NOT_ALLOWED', 'Send GraphQL as POST with a JSON body.', 405);
    const body = await readJson(request, BODY_LIMIT);
    const [server, context] = await Promise.all([this.start(), this.authenticator.authenticate(request)]);
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    try {
      const result = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers, search: request.url.search, body },
        context: async () => ({ caller: context }),
      });
      if (result.body.kind !== 'complete') throw new Error('Incremental delivery is not offered.');
      return { status: result.status ?? 200, headers: { ...Object.fromEntries(result.headers), 'cache-control': 'no-store' }, body: result.body.string };
    } finally {
      await this.database.end(context);
    }
  }

  /** Builds the server once; a cold start calls this while the database connects. */
  start(): Promise<ApolloServer<OperationContext>> {
    this.server ??= this.createServer();
    return this.server;
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.server)?.stop();
  }

  private async createServer(): Promise<ApolloServer<OperationContext>> {
    const server = new ApolloServer<OperationContext>({
      schema: this.schemaHost.schema,
      introspection: !this.environment.production,
      hideSchemaDetailsFromClientErrors: this.environment.production,
      includeStacktraceInErrorResponses: false,
      csrfPrevention: true,
      allowBatchedHttpRequests: false,
      persistedQueries: false,
      stopOnTerminationSignals: false,
      parseOptions: { maxTokens: MAX_TOKENS },
      plugins: [
        limitsPlugin, errorLogPlugin(this.logger), ApolloServerPluginCacheControlDisabled(), ApolloServerPluginInlineTraceDisabled(),
        ApolloServerPluginLandingPageDisabled(), ApolloServerPluginUsageReportingDisabled(),
      ],
      formatError: (formatted, error) => this.format(formatted, error),
    });
    await server.start();
    return server;
  }

  private format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
    const thrown = thrownBy(error, formatted.extensions?.['code']);
    if (!thrown) return formatted;
    const known = publicError(thrown.cause);
    const hint = known.code === 'INTERNAL' && !this.environment.production ? ` (${messageOf(thrown.cause)})` : '';
    return {
      message: `${known.publicMessage}${hint}`, path: formatted.path, locations: formatted.locations,
      extensions: { code: known.code, retryable: known.retryable, ...known.details },
    };
  }
}
