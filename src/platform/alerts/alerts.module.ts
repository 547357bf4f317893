import { Module } from '@nestjs/common';
import { AlertWebhook } from './alert-webhook.service.js';
import { AlertService } from './alerts.service.js';
import { DeadLetterAlarm } from './dead-letter-alarm.js';
import { SendAlert } from './send-alert.handler.js';
import { StuckJobAlarm } from './stuck-job-alarm.js';
import { SweepAlarm } from './sweep-alarm.js';

/** Says what must not stay unseen: jobs that failed for good or do not begin, and a sweep that stands still. */
@Module({ providers: [AlertWebhook, AlertService, SendAlert, DeadLetterAlarm, StuckJobAlarm, SweepAlarm], exports: [AlertWebhook, StuckJobAlarm, SweepAlarm] })
export class AlertsModule {}
