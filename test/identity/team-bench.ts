import request from 'supertest';
import type { Role } from '../../src/common/permission.js';
import { Client } from '../support/client.js';
import { mailsWhere } from '../support/mail-texts.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { startPerch, type Perch, type Shape } from '../support/perch.js';

export const NEW_PASSWORD = 'quiet harbour tin lantern';

export interface HttpAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A Perch whose team changes. Each call before the sign-in may come from an address of its own. */
export class TeamBench {
  private caller = 0;

  private constructor(
    readonly perch: Perch,
    readonly owner: Client,
  ) {}

  static async open(shape: Shape, extra: Readonly<Record<string, string>> = {}): Promise<TeamBench> {
    const perch = await startPerch(shape, async () => ({ TRUST_PROXY: 'true', ...extra }));
    return new TeamBench(perch, await new Client(perch.address).signIn());
  }

  static emailOf(name: string): string {
    return `${name.toLowerCase().replaceAll(' ', '.')}@perch.example`;
  }

  /** Adds a member and signs them in. */
  async member(name: string, role: Role): Promise<Client> {
    await addMember(this.perch.database, name, role);
    return this.signIn(TeamBench.emailOf(name), MEMBER_PASSWORD);
  }

  signIn(email: string, password: string): Promise<Client> {
    return new Client(this.perch.address).signIn(email, password);
  }

  /** A call of a door below /api/auth from an address that nobody else calls from, unless one is given. */
  async auth(route: string, body: object, { ip = `198.51.100.${++this.caller % 250}`, token }: { ip?: string; token?: string } = {}): Promise<HttpAnswer> {
    const call = request(this.perch.address).post(`/api/auth/${route}`).set('x-forwarded-for', ip);
    if (token !== undefined) void call.set('authorization', `Bearer ${token}`);
    const { status, body: answer } = await call.send(body);
    return { status, body: answer as HttpAnswer['body'] };
  }

  async token(email: string, password: string): Promise<string> {
    const { body } = await this.auth('sign-in', { email, password, as: 'token' });
    return body['token'] as string;
  }

  /** The secrets of the links that were mailed to the address, the oldest first. */
  async links(email: string, page: string): Promise<string[]> {
    const mails = await mailsWhere(this.perch.database, 'to_address = $1', [email]);
    return mails.flatMap(({ text }) => new RegExp(`/${page}#(\\S+)`).exec(text)?.[1] ?? []);
  }

  async lastLink(email: string, page: string): Promise<string> {
    return (await this.links(email, page)).at(-1)!;
  }

  /** Invites by the caller; answers the id, or the code of what refuses it. */
  async invite(by: Client, email: string, role: Role): Promise<string> {
    const { data, errors } = await by.graphql<{ inviteMember: { id: string } }>('mutation ($email: String!, $role: Role!) { inviteMember(email: $email, role: $role) { id } }', { email, role });
    return errors?.[0]?.extensions.code ?? data.inviteMember.id;
  }

  /** Accepts as somebody without an account; answers "200", or the code of what refuses it. */
  async accept(token: string, body: object = { displayName: 'Nova New', password: NEW_PASSWORD }, session?: string): Promise<string> {
    const { status, body: answer } = await this.auth('invitation-acceptance', { token, ...body }, session === undefined ? {} : { token: session });
    return status === 200 ? '200' : String(answer['code']);
  }

  /** The code with which a mutation is refused, or "done". */
  async run(by: Client, mutation: string, variables: object = {}): Promise<string> {
    return (await by.graphql(mutation, variables)).errors?.[0]?.extensions.code ?? 'done';
  }

  async memberId(name: string): Promise<string> {
    const [row] = await this.perch.database.query<{ id: string }>('SELECT m.id FROM membership m JOIN user_account u ON u.id = m.user_id WHERE u.display_name = $1', [name]);
    return row!.id;
  }

  async roleOf(email: string): Promise<Role | undefined> {
    const [row] = await this.perch.database.query<{ role: Role }>('SELECT m.role FROM membership m JOIN user_account u ON u.id = m.user_id WHERE u.email = $1', [email]);
    return row?.role;
  }

  /** What was noted about a record, in the order in which it happened. */
  async noted(objectId: string): Promise<string[]> {
    return (await this.perch.database.query<{ action: string }>('SELECT action FROM audit_event WHERE object_id = $1 ORDER BY id', [objectId])).map(({ action }) => action);
  }

  async events(subjectId: string): Promise<string[]> {
    return (await this.perch.database.query<{ type: string }>('SELECT type FROM domain_event WHERE subject_id = $1 ORDER BY id', [subjectId])).map(({ type }) => type);
  }
}

export const REMOVE = 'mutation ($id: ID!) { removeMember(id: $id) }';
export const CHANGE_ROLE = 'mutation ($id: ID!, $role: Role!) { changeMemberRole(id: $id, role: $role) { role } }';
