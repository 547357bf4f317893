import { createApplication } from '../bootstrap/create-application.js';
import { FileOwnerRegistry } from '../platform/files/file-owner.registry.js';

/** Which kinds of files there are, as the features tell. */
export async function fileKinds(): Promise<readonly string[]> {
  const application = await createApplication();
  try {
    return application.nest.get(FileOwnerRegistry, { strict: false }).kinds;
  } finally {
    await application.close();
  }
}
