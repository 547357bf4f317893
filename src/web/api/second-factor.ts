import { getAuth, postAuth } from './client.js';

export interface SecondFactorStatus {
  readonly since: string | null;
  readonly recoveryCodesLeft: number;
  readonly required: boolean;
}

export interface BegunEnrolment {
  readonly secret: string;
  readonly address: string;
}

interface Codes {
  readonly recoveryCodes: readonly string[];
}

export const secondFactorStatus = (): Promise<SecondFactorStatus> => getAuth('second-factor');
export const beginEnrolment = (): Promise<BegunEnrolment> => postAuth('second-factor/begin');
export const confirmEnrolment = (code: string): Promise<Codes> => postAuth('second-factor/confirm', { code });
export const renewRecoveryCodes = (code: string): Promise<Codes> => postAuth('second-factor/recovery-codes', { code });
export const turnOffSecondFactor = (code: string): Promise<unknown> => postAuth('second-factor/turn-off', { code });

export interface SecondFactorPolicy {
  readonly required: boolean;
  readonly membersWithout: number;
}
export const SECOND_FACTOR_POLICY = '{ secondFactorPolicy { required membersWithout } }';
export const REQUIRE_SECOND_FACTOR = 'mutation ($required: Boolean!) { requireSecondFactor(required: $required) { required } }';
