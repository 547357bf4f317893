import 'reflect-metadata';
import { AppModule } from '../app.module.js';
import { openApiDocument } from '../protocols/rest/open-api.js';
import { OperationList } from '../protocols/rest/operation-list.js';
import { RestOperations, type OperationSet } from '../protocols/rest/rest-operation.js';

interface Composed {
  readonly imports?: readonly unknown[];
  readonly providers?: readonly unknown[];
}

type SetClass = new () => OperationSet;

const isClass = (value: unknown): value is SetClass => typeof value === 'function';

/** The modules that are reached from this one, each as what it is composed of. */
function composed(module: unknown, seen = new Set<unknown>()): Composed[] {
  if (seen.has(module) || module === null || module === undefined) return [];
  seen.add(module);
  const dynamic = isClass(module) ? null : (module as Composed & { readonly module?: unknown });
  const own: Composed = dynamic ?? { imports: Reflect.getMetadata('imports', module) as unknown[] | undefined ?? [], providers: Reflect.getMetadata('providers', module) as unknown[] | undefined ?? [] };
  return [own, ...[...(own.imports ?? []), ...(dynamic?.module ? [dynamic.module] : [])].flatMap((other) => composed(other, seen))];
}

/** docs/openapi.json, made without a database: operations are declared apart from the services that they call. */
export function restDocument(): string {
  const classes = new Set(composed(AppModule).flatMap(({ providers = [] }) => providers).filter(isClass).filter((provider) => Reflect.hasMetadata(RestOperations.KEY, provider)));
  return `${JSON.stringify(openApiDocument(new OperationList([...classes].flatMap((each) => new each().operations))), null, 1)}\n`;
}
