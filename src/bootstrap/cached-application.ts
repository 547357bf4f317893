import { createApplication, type PerchApplication } from './create-application.js';

/** Builds a value once for all callers, also those of the same moment; a failure is forgotten, so that the next call tries again. */
export function cachePromise<T>(create: () => Promise<T>): () => Promise<T> {
  let cached: Promise<T> | null = null;
  return () => {
    cached ??= create().catch((error: unknown) => {
      cached = null;
      throw error;
    });
    return cached;
  };
}

/** The one application of this process. */
export const cachedApplication: () => Promise<PerchApplication> = cachePromise(createApplication);
