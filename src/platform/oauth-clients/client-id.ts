/** Where a client is found: its row can only be read within its workspace. */
export interface ClientPlace {
  readonly workspaceId: string;
  readonly id: string;
}

const FORM = /^client_([0-9a-f]{32})_([0-9a-f]{32})$/;
const withHyphens = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The public name of a client, `client_<workspace>_<id>` without hyphens. */
export const clientIdOf = ({ workspaceId, id }: ClientPlace): string => `client_${workspaceId.replaceAll('-', '')}_${id.replaceAll('-', '')}`;

/** Takes a public name apart; null where the text is none. */
export function parseClientId(text: string): ClientPlace | null {
  const [, workspaceId, id] = FORM.exec(text) ?? [];
  return workspaceId === undefined || id === undefined ? null : { workspaceId: withHyphens(workspaceId), id: withHyphens(id) };
}
