import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { OutreachMessage, OutreachStatus } from './outreach.entity.js';

export const OutreachStatusEnum = { active: 'active', replied: 'replied', stopped: 'stopped', finished: 'finished' } as const;
registerEnumType(OutreachStatusEnum, { name: 'OutreachStatus' });

@ObjectType('OutreachMessage')
export class OutreachMessageModel {
  @Field(() => String) text: string;
  @Field(() => Int, { description: 'Days after the mail before; 0 for the first.' }) afterDays: number;
}

@ObjectType('Outreach')
export class OutreachModel {
  @Field(() => ID) id: string;
  @Field(() => OutreachStatusEnum) status: OutreachStatus;
  @Field(() => String, { nullable: true, description: 'by_hand, rejected, hired, withdrawn, application_closed, do_not_contact, no_email or gone.' }) stopReason: string | null;
  @Field(() => String) subject: string;
  @Field(() => [OutreachMessageModel]) messages: OutreachMessage[];
  @Field(() => Boolean) businessDays: boolean;
  @Field(() => Int, { description: 'How many of the mails were sent.' }) sent: number;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) endedAt: Date | null;
  startedBy: string;
}

@InputType()
export class OutreachReminderInput {
  @Field(() => Int, { description: 'Days after the mail before, 1 to 90.' }) afterDays: number;
  @Field(() => String) text: string;
}

@InputType({ description: 'Texts may hold {{firstName}}, {{jobTitle}} and {{company}}.' })
export class OutreachInput {
  @Field(() => String) subject: string;
  @Field(() => String) text: string;
  @Field(() => [OutreachReminderInput], { defaultValue: [] }) reminders: OutreachReminderInput[];
  @Field(() => Boolean, { defaultValue: true, description: 'Whether Saturdays and Sundays do not count.' }) businessDays: boolean;
}
