import type { SecretBox } from '../../common/secret-box.js';
import { sealedColumn } from '../sealed-secrets/sealed-column.js';
import type { MailMessage } from './mail-message.entity.js';

const { field } = sealedColumn({ table: 'mail_message', column: 'sealed_text', field: 'mail_message.sealed_text', owner: 'workspace' });

/** Stands where the text of a confidential mail would be. */
export const HIDDEN_TEXT = 'Only the person to whom this mail goes can read it.';

/** How a text is stored: that of a confidential mail sealed, because it holds a link that acts for its addressee. */
export function storedText(box: SecretBox, workspaceId: string, text: string, confidential: boolean): { readonly text: string; readonly sealedText: string | null } {
  return confidential ? { text: HIDDEN_TEXT, sealedText: box.seal(text, { workspaceId, field }) } : { text, sealedText: null };
}

/** The text as it was written. Throws SECRET_UNREADABLE where its key is gone. */
export const readText = (box: SecretBox, { workspaceId, text, sealedText }: Pick<MailMessage, 'workspaceId' | 'text' | 'sealedText'>): string =>
  (sealedText === null ? text : box.open(sealedText, { workspaceId, field }));
