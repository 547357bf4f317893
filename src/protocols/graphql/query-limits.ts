import { GraphQLError, Kind, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode, type ValueNode } from 'graphql';

export const MAX_TOKENS = 2_000;
export const MAX_DEPTH = 10;
export const MAX_ALIASES = 20;
export const MAX_DIRECTIVES = 20;
/** A field costs 1; what stands below a list costs as often as the list may have rows. */
export const MAX_COST = 60_000;
const DEFAULT_LIST_SIZE = 50;
const NESTED_LIST_SIZE = 5;

interface Measure {
  depth: number;
  cost: number;
  aliases: number;
  directives: number;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function listSize(value: ValueNode | undefined, variables: Readonly<Record<string, unknown>>): number {
  if (!value) return DEFAULT_LIST_SIZE;
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind === Kind.VARIABLE) return Number(variables[value.name.value] ?? DEFAULT_LIST_SIZE);
  return DEFAULT_LIST_SIZE;
}

class Meter {
  private readonly memo = new Map<string, Measure>();

  constructor(
    private readonly fragments: Fragments,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  /** Measures a selection; each fragment is measured once, and a circular one is left to the rule that refuses it. */
  measure(selection: SelectionSetNode | undefined, open: ReadonlySet<string>): Measure {
    const total: Measure = { depth: 0, cost: 0, aliases: 0, directives: 0 };
    for (const node of selection?.selections ?? []) {
      total.directives += node.directives?.length ?? 0;
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        this.add(total, this.fragment(node.name.value, open), 0, 1);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        this.add(total, this.measure(node.selectionSet, open), 0, 1);
      } else {
        total.aliases += node.alias ? 1 : 0;
        total.cost += 1;
        // Introspection has a rule of its own in graphql-js and is off in production.
        if (!node.name.value.startsWith('__')) this.add(total, this.measure(node.selectionSet, open), 1, this.rows(node));
      }
    }
    return total;
  }

  /** How many rows may stand below the field: a connection has as many as were asked for, another list a few. */
  private rows(node: FieldNode): number {
    if (!node.selectionSet || node.name.value === 'nodes') return 1;
    if (!this.selectsNodes(node.selectionSet, new Set())) return NESTED_LIST_SIZE;
    const first = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
    return Math.max(1, listSize(first, this.variables));
  }

  private selectsNodes(selection: SelectionSetNode, open: ReadonlySet<string>): boolean {
    return selection.selections.some((inner) => {
      if (inner.kind === Kind.FIELD) return inner.name.value === 'nodes';
      if (inner.kind === Kind.INLINE_FRAGMENT) return this.selectsNodes(inner.selectionSet, open);
      const name = inner.name.value;
      const definition = this.fragments.get(name);
      return definition !== undefined && !open.has(name) && this.selectsNodes(definition.selectionSet, new Set([...open, name]));
    });
  }

  private fragment(name: string, open: ReadonlySet<string>): Measure {
    const known = this.memo.get(name);
    if (known) return known;
    const definition = this.fragments.get(name);
    if (!definition || open.has(name)) return { depth: 0, cost: 0, aliases: 0, directives: 0 };
    const measured = this.measure(definition.selectionSet, new Set([...open, name]));
    this.memo.set(name, measured);
    return measured;
  }

  private add(total: Measure, inner: Measure, levels: number, factor: number): void {
    total.depth = Math.max(total.depth, inner.depth + levels);
    total.cost += inner.cost * factor;
    total.aliases += inner.aliases;
    total.directives += inner.directives;
  }
}

function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])));
}

const refuse = (what: string, found: number, limit: number): GraphQLError =>
  new GraphQLError(`The query has ${what} ${found}; ${limit} is the limit. Ask for less at once.`, { extensions: { code: 'QUERY_TOO_LARGE', http: { status: 400 } } });

/** Refuses an operation that would cost too much, before anything of it is executed. Throws QUERY_TOO_LARGE. */
export function checkQueryLimits(document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): void {
  const measured = new Meter(fragmentsOf(document), variables).measure(operation.selectionSet, new Set());
  if (measured.depth > MAX_DEPTH) throw refuse('depth', measured.depth, MAX_DEPTH);
  if (measured.aliases > MAX_ALIASES) throw refuse('aliases', measured.aliases, MAX_ALIASES);
  if (measured.directives > MAX_DIRECTIVES) throw refuse('directives', measured.directives, MAX_DIRECTIVES);
  if (measured.cost > MAX_COST) throw refuse('a cost of', measured.cost, MAX_COST);
}
