import { generate } from 'otplib';
import request from 'supertest';
import { Client } from '../support/client.js';
import { MEMBER_PASSWORD } from '../support/members.js';
import type { Perch } from '../support/perch.js';

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Somebody with a phone: signs in by password, and sets up and uses an authenticator app. */
export class PhoneOwner {
  secret = '';
  recoveryCodes: string[] = [];
  token: string | null = null;

  constructor(
    readonly perch: Perch,
    readonly email: string,
  ) {}

  /** Sends JSON below /api/auth as whoever is signed in. */
  async post(path: string, body: object = {}): Promise<Reply> {
    const call = request(this.perch.address).post(`/api/auth/${path}`).send(body);
    return (await (this.token === null ? call : call.set('authorization', `Bearer ${this.token}`))) as unknown as Reply;
  }

  /** Sends the password; the answer holds a token or a ticket. */
  async password(): Promise<Reply> {
    const answer = await this.post('sign-in', { email: this.email, password: MEMBER_PASSWORD, as: 'token' });
    if (typeof answer.body['token'] === 'string') this.token = answer.body['token'];
    return answer;
  }

  async ticket(): Promise<string> {
    return String((await this.password()).body['ticket']);
  }

  async secondStep(ticket: string, code: string): Promise<Reply> {
    const answer = await this.post('second-factor', { ticket, code, as: 'token' });
    if (answer.status === 200) this.token = String(answer.body['token']);
    return answer;
  }

  /** Reads the QR code into the app. */
  async begin(): Promise<Reply> {
    const answer = await this.post('second-factor/begin');
    this.secret = String(answer.body['secret']);
    return answer;
  }

  /** Sets the app up and keeps the recovery codes. */
  async enrol(): Promise<this> {
    await this.password();
    await this.begin();
    const { status, body } = await this.post('second-factor/confirm', { code: await this.code() });
    if (status !== 200) throw new Error(`The enrolment was answered ${status} ${JSON.stringify(body)}.`);
    this.recoveryCodes = body['recoveryCodes'] as string[];
    return this;
  }

  code(): Promise<string> {
    return generate({ secret: this.secret });
  }

  /** A code that the app shows at no time near now. */
  async wrongCode(): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const near = await Promise.all([-60, -30, 0, 30, 60].map((seconds) => generate({ secret: this.secret, epoch: now + seconds })));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code))!;
  }

  /** Lets so much time pass that the app shows another code: the newest used step moves back instead of the clock forward. */
  async wait(): Promise<void> {
    await this.perch.database.query('UPDATE second_factor SET last_step = last_step - 10 WHERE user_id = (SELECT id FROM user_account WHERE email = $1)', [this.email]);
  }

  asClient(): Client {
    return new Client(this.perch.address).useToken(this.token);
  }
}
