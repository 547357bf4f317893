import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashPassword } from '../../src/platform/identity/password.js';
import { SessionService } from '../../src/platform/identity/session.service.js';
import { Office, refusal } from '../support/office.js';

const TURNS = 8;

describe('a sign-in that fails', () => {
  let office: Office;
  let caller = 0;

  beforeAll(async () => {
    office = await Office.open();
    const team = await office.team('timing');
    const hash = await hashPassword('quiet harbour tin lantern');
    await office.database.query('UPDATE user_account SET password_hash = $1 WHERE id = $2', [hash, await team.member('known')]);
    await office.database.query('UPDATE user_account SET password_hash = $1, disabled_at = now() WHERE id = $2', [hash, await team.member('disabled')]);
    await work('known');
  });
  afterAll(() => office.close());

  /** Milliseconds of the processor for one sign-in: unlike those of the clock they do not depend on what else the machine does. */
  async function work(name: string): Promise<number> {
    const before = process.cpuUsage();
    const code = await refusal(office.get(SessionService).signIn({ email: `${name}@timing.example`, password: 'wrong', workspace: null, ip: `198.51.100.${++caller}`, device: { device: null, address: null } }));
    expect(code).toBe('SIGN_IN_FAILED');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  }

  it('costs the same for whomever', async () => {
    const spent: Record<string, number[]> = { known: [], unknown: [], disabled: [] };
    for (let turn = 0; turn < TURNS; turn++) for (const [name, times] of Object.entries(spent)) times.push(await work(name));
    const [known, unknown, disabled] = Object.values(spent).map((times) => Math.min(...times)) as [number, number, number];
    for (const ratio of [unknown / known, disabled / known]) {
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(1.67);
    }
  });
});
