import { z } from 'zod';
import { invalidInput } from '../../common/errors.js';
import type { WakeUpBody } from '../transports/transport.js';

const mirror = z.object({ call: z.string().max(100), shadow: z.boolean() }).optional();
const MESSAGE = z.union([
  z.object({ workspaceId: z.uuid(), jobId: z.uuid(), wake: z.number().int(), mirror }),
  z.object({ drain: z.literal(true), mirror }),
]);

/** What a transport delivered, checked. Throws INVALID_INPUT. */
export function readWakeUp(value: unknown): WakeUpBody {
  const parsed = MESSAGE.safeParse(value);
  if (!parsed.success) throw invalidInput('The message is not a wake-up call of a background job.');
  return parsed.data as WakeUpBody;
}
