import type { AddressInfo, Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

/** A real mail server on loopback: what it was given, and how it answers next. */
export class MailServer {
  readonly received: Email[] = [];
  /** Answers to the next recipients; empty means that they are accepted. `drop` breaks the connection off. */
  readonly answers: (number | 'drop')[] = [];
  /** Connections that were made so far. */
  connections = 0;
  private readonly server: SMTPServer;
  private readonly sockets = new Set<Socket>();

  constructor() {
    this.server = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false,
      onConnect: (_session, done) => {
        this.connections++;
        done();
      },
      onRcptTo: (_address, _session, done) => {
        const answer = this.answers.shift();
        if (answer === 'drop') for (const socket of this.sockets) socket.destroy();
        else if (answer === undefined) done();
        else done(refusal(answer, answer < 500 ? 'Come back later' : 'No such user'));
      },
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          this.received.push(mail);
          done();
        }));
      },
    });
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** Starts to listen and returns its address as SMTP_URL. */
  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((done) => this.server.close(() => done()));
  }
}
