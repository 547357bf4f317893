import { Module } from '@nestjs/common';
import { DailyDigestTask, SendDailyDigest } from './daily-digest.js';
import { AggregateMetrics, AnalyticsTask } from './daily-metrics.js';

@Module({ providers: [DailyDigestTask, SendDailyDigest, AnalyticsTask, AggregateMetrics] })
export class ReportingModule {}
