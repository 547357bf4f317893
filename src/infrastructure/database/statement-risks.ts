/** What a statement can do to those who use the database meanwhile. */
export interface Risk {
  /** `contract`: older code stops working. `lock`: others wait. `rewrite`: others wait while all rows are written. `rows`: many rows are changed. */
  readonly kind: 'contract' | 'lock' | 'rewrite' | 'rows';
  readonly table: string | null;
  readonly why: string;
}

const COMMENT = /--[^\n]*|\/\*[\s\S]*?\*\//g;
const PIECE = /\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|;|[^;$']+|[$']/g;

/** The statements of a text, cut at semicolons outside of quotes and function bodies. */
export function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let statement = '';
  for (const [piece] of sql.replace(COMMENT, '').matchAll(PIECE)) {
    if (piece === ';') {
      statements.push(statement);
      statement = '';
    } else statement += piece;
  }
  return [...statements, statement].map((text) => text.trim()).filter((text) => text !== '');
}

const NAME = '(?:"?public"?\\.)?"?(\\w+)"?';
const pattern = (text: string): RegExp => new RegExp(text.replace(/NAME/g, NAME).replace(/ /g, '\\s+'), 'i');

type Rule = readonly [RegExp, Risk['kind'], string];

/** Statements of their own; the first group is the table, where there is one. */
const STATEMENT_RULES: readonly Rule[] = [
  [pattern('^drop table (?:if exists )?NAME'), 'contract', 'takes a table away'],
  [pattern('^drop (?:view|materialized view|function|type|policy|role)'), 'contract', 'takes away what older code may use'],
  [pattern('^truncate (?:table )?NAME'), 'contract', 'deletes all rows'],
  [pattern('^create (?:unique )?index (?!concurrently)(?:if not exists )?\\w+ on (?:only )?NAME'), 'lock', 'writes wait until the index is built; CONCURRENTLY lets them go on'],
  [pattern('^update (?:only )?NAME'), 'rows', 'changes rows in one transaction; a background job can do it in chunks'],
  [pattern('^delete from NAME'), 'rows', 'deletes rows in one transaction; a background job can do it in chunks'],
  [pattern('^(?:vacuum full|cluster|lock table|reindex(?! \\w+ concurrently))'), 'lock', 'keeps others from the table'],
];

/** Parts of ALTER TABLE. */
const ALTER_RULES: readonly Rule[] = [
  [pattern('drop (?:column )?(?!constraint\\b|not\\b|default\\b|expression\\b|identity\\b)(?:if exists )?"?\\w+"?$'), 'contract', 'takes a column away'],
  [pattern('^rename'), 'contract', 'older code knows the old name only'],
  [pattern('^alter (?:column )?\\S+ set not null'), 'contract', 'older code may leave the column empty, and all rows are read meanwhile'],
  [pattern('^alter (?:column )?\\S+ (?:set data )?type '), 'rewrite', 'may write all rows anew'],
  [pattern('^add (?!constraint|primary|unique|foreign|check)(?:column )?.*\\b(?:gen_random_uuid|uuidv7|clock_timestamp|random|nextval)\\b'), 'rewrite', 'the default differs for each row, so all rows are written anew'],
  [pattern('^add (?:constraint \\S+ )?(?:foreign key|check)(?!.*not valid)'), 'lock', 'all rows are checked while others wait; NOT VALID and a later VALIDATE let them go on'],
  [pattern('^add (?:constraint \\S+ )?(?:primary key|unique)(?!.*using index)'), 'lock', 'an index is built while others wait'],
];

const isRequiredColumn = (part: string): boolean =>
  /^add\s+(?!constraint|primary|unique|foreign|check)/i.test(part) && /\bnot\s+null\b/i.test(part) && !/\bdefault\b|\bgenerated\b/i.test(part);

/** Parts of ALTER TABLE, cut at commas outside of brackets. */
function partsOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const sign of text) {
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim());
}

function alterRisks(table: string, text: string): Risk[] {
  return partsOf(text).flatMap((part) => [
    ...ALTER_RULES.filter(([rule]) => rule.test(part)).map(([, kind, why]): Risk => ({ kind, table, why })),
    ...(isRequiredColumn(part) ? [{ kind: 'contract', table, why: 'older code does not fill the column, and has no default' } as const] : []),
  ]);
}

const ALTER_TABLE = pattern('^alter table (?:if exists )?(?:only )?NAME ([\\s\\S]+)$');
const CREATED = pattern('^create (?:unlogged )?table (?:if not exists )?NAME');

/** The table that the statement makes, or null. */
export const createdTable = (statement: string): string | null => CREATED.exec(statement)?.[1] ?? null;

/** What can go wrong with one statement. Tables that were made in the same plan are empty and unknown to older code. */
export function risksOf(statement: string, fresh: ReadonlySet<string>): Risk[] {
  const alter = ALTER_TABLE.exec(statement);
  const found = alter ? alterRisks(alter[1]!, alter[2]!) : STATEMENT_RULES.flatMap(([rule, kind, why]): Risk[] => {
    const match = rule.exec(statement);
    return match ? [{ kind, table: match[1] ?? null, why }] : [];
  });
  return found.filter(({ table }) => table === null || !fresh.has(table));
}
