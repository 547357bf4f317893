import type { RestOperation } from './rest-operation.js';

interface Route {
  readonly pattern: RegExp;
  readonly operation: RestOperation;
}

export interface Found {
  readonly operation: RestOperation;
  readonly id: string;
}

/** Operations by the names and addresses that they have. */
export class OperationList {
  private readonly routes: readonly Route[];
  readonly operations: readonly RestOperation[];

  /** Throws for a name, or a method and path, that two operations have. */
  constructor(operations: readonly RestOperation[]) {
    this.operations = [...operations].sort((a, b) => (a.path === b.path ? (a.method < b.method ? -1 : 1) : a.path < b.path ? -1 : 1));
    for (const key of [({ name }: RestOperation) => name, ({ method, path }: RestOperation) => `${method} ${path}`]) {
      const keys = this.operations.map(key);
      const twice = keys.find((one, index) => keys.indexOf(one) !== index);
      if (twice !== undefined) throw new Error(`The operation "${twice}" is declared twice.`);
    }
    this.routes = this.operations.map((operation) => ({ pattern: new RegExp(`^${operation.path.replace('{id}', '([^/]{1,100})')}$`), operation }));
  }

  /** The operation of this method and path, with the id in the path. */
  find(method: string, path: string): Found | null {
    for (const { pattern, operation } of this.routes) {
      const match = operation.method === method ? pattern.exec(path) : null;
      if (match) return { operation, id: match[1] ?? '' };
    }
    return null;
  }

  /** The methods that the path has. */
  methods(path: string): string[] {
    return this.routes.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation.method);
  }
}
