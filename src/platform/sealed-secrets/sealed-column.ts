/** A column whose texts were sealed with SecretBox; its table has an `id`. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** What it is sealed under as the field of its place. */
  readonly field: string;
  /** Rows of a workspace hold its workspace_id. Rows of a person are sealed for no workspace, and are seen under `allWorkspaces`. */
  readonly owner: 'workspace' | 'user';
}

const declared = new Map<string, SealedColumn>();
const IDENTIFIER = /^[a-z][a-z_]{0,62}$/;

/** Declares a sealed column, so that its secrets are sealed anew once the key has changed. Throws at start where it is declared twice. */
export function sealedColumn(column: SealedColumn): SealedColumn {
  const name = `${column.table}.${column.column}`;
  if (!IDENTIFIER.test(column.table) || !IDENTIFIER.test(column.column)) throw new Error(`"${name}" is not a column.`);
  if (declared.has(name)) throw new Error(`The sealed column "${name}" is declared twice.`);
  declared.set(name, column);
  return column;
}

/** All sealed columns of the loaded features. */
export const sealedColumns = (): readonly SealedColumn[] => [...declared.values()];
