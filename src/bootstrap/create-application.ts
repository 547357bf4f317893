import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService, NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import type { Environment } from '../config/environment.js';
import { ENVIRONMENT } from '../config/environment.token.js';
import { Database } from '../infrastructure/database/database.js';
import type { ReadOnlyReason } from '../infrastructure/database/read-only.js';
import { ErrorReporter } from '../infrastructure/error-reports/error-reporter.js';
import { Logger } from '../infrastructure/logging/logger.js';
import { Telemetry } from '../infrastructure/telemetry/telemetry.js';
import { GraphQLDoor } from '../protocols/graphql/graphql.door.js';
import { HttpDoor, type Door } from '../protocols/http/door.js';

/** The composed application and its doors by name. */
export interface PerchApplication {
  readonly nest: INestApplicationContext;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly reporter: ErrorReporter;
  readonly doors: ReadonlyMap<string, Door>;
  /** Why nothing can be written; null where it can. */
  readOnlyReason(): Promise<ReadOnlyReason | null>;
  close(): Promise<void>;
}

function findDoors(nest: INestApplicationContext): Map<string, Door> {
  const discovery = nest.get(DiscoveryService, { strict: false });
  const doors = new Map<string, Door>();
  for (const wrapper of discovery.getProviders({ metadataKey: HttpDoor.KEY })) {
    const name = discovery.getMetadataByDecorator(HttpDoor, wrapper)!;
    if (doors.has(name)) throw new Error(`The door "${name}" exists twice.`);
    doors.set(name, wrapper.instance as Door);
  }
  return doors;
}

/** Builds the application without an HTTP server of its own; the doors are called by functions and by the ordinary process. */
export async function createApplication(): Promise<PerchApplication> {
  const nest = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  await nest.get(GraphQLDoor, { strict: false }).start();
  return {
    nest,
    environment: nest.get<Environment>(ENVIRONMENT, { strict: false }),
    logger: nest.get(Logger, { strict: false }),
    telemetry: nest.get(Telemetry, { strict: false }),
    reporter: nest.get(ErrorReporter, { strict: false }),
    doors: findDoors(nest),
    readOnlyReason: () => nest.get(Database, { strict: false }).readOnlyReason(),
    close: () => nest.close(),
  };
}
