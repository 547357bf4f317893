import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key pair of somebody's phone, computer or password manager, of which Perch holds the public half. */
@Entity('passkey')
export class Passkey {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') userId: string;
  @Column('text') credentialId: string;
  @Column('bytea') publicKey: Buffer;
  /** How often it has signed, where its device counts; bigint arrives as text. */
  @Column('bigint') counter: string;
  @Column('text', { array: true }) transports: string[];
  @Column('text') name: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
}
