import { Module } from '@nestjs/common';
import { CandidateRankingModule } from './features/candidate-ranking/candidate-ranking.module.js';
import { CompaniesModule } from './features/companies/companies.module.js';
import { DataRetentionModule } from './features/data-retention/data-retention.module.js';
import { PeopleModule } from './features/people/people.module.js';
import { PipelinesModule } from './features/pipelines/pipelines.module.js';
import { ApplicationsModule } from './features/recruiting/applications/applications.module.js';
import { CandidatesModule } from './features/recruiting/candidates/candidates.module.js';
import { CareersPageModule } from './features/recruiting/careers-page/careers-page.module.js';
import { DocumentsModule } from './features/recruiting/documents/documents.module.js';
import { JobOpeningsModule } from './features/recruiting/job-openings/job-openings.module.js';
import { OffersModule } from './features/recruiting/offers/offers.module.js';
import { OutreachModule } from './features/recruiting/outreach/outreach.module.js';
import { ReportingModule } from './features/reporting/reporting.module.js';
import { ResumeAnalysisModule } from './features/resume-analysis/resume-analysis.module.js';
import { ResumeOptimizationModule } from './features/resume-optimization/resume-optimization.module.js';
import { InfrastructureModule } from './infrastructure/infrastructure.module.js';
import { AccessControlModule } from './platform/access-control/access-control.module.js';
import { AlertsModule } from './platform/alerts/alerts.module.js';
import { ApprovalsModule } from './platform/approvals/approvals.module.js';
import { AuditLogModule } from './platform/audit-log/audit-log.module.js';
import { BackgroundJobsModule } from './platform/background-jobs/background-jobs.module.js';
import { BackupsModule } from './platform/backups/backups.module.js';
import { CallSupportModule } from './platform/call-support/call-support.module.js';
import { DomainEventsModule } from './platform/domain-events/domain-events.module.js';
import { FilesModule } from './platform/files/files.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { IdempotencyModule } from './platform/idempotency/idempotency.module.js';
import { IdentityModule } from './platform/identity/identity.module.js';
import { PasskeysModule } from './platform/identity/passkeys/passkeys.module.js';
import { SecondFactorModule } from './platform/identity/second-factor/second-factor.module.js';
import { JobSchedulesModule } from './platform/job-schedules/job-schedules.module.js';
import { MailModule } from './platform/mail/mail.module.js';
import { McpModule } from './platform/mcp/mcp.module.js';
import { NotificationsModule } from './platform/notifications/notifications.module.js';
import { OAuthClientsModule } from './platform/oauth-clients/oauth-clients.module.js';
import { RateLimitsModule } from './platform/rate-limits/rate-limits.module.js';
import { RestModule } from './platform/rest/rest.module.js';
import { ScheduledTasksModule } from './platform/scheduled-tasks/scheduled-tasks.module.js';
import { SealedSecretsModule } from './platform/sealed-secrets/sealed-secrets.module.js';
import { SingleSignOnModule } from './platform/single-sign-on/single-sign-on.module.js';
import { TeamModule } from './platform/team/team.module.js';
import { UsageModule } from './platform/usage/usage.module.js';
import { WebhooksModule } from './platform/webhooks/webhooks.module.js';
import { GraphQLProtocolModule } from './protocols/graphql/graphql-protocol.module.js';
import { ServerlessJobsModule } from './serverless-jobs/serverless-jobs.module.js';

/** Everything that Perch is made of; the only list of features. */
@Module({
  imports: [
    InfrastructureModule, GraphQLProtocolModule, ServerlessJobsModule,
    AccessControlModule, AuditLogModule, DomainEventsModule, IdentityModule, SecondFactorModule, PasskeysModule, SingleSignOnModule, OAuthClientsModule, RateLimitsModule, IdempotencyModule, CallSupportModule,
    BackgroundJobsModule, JobSchedulesModule, AlertsModule, NotificationsModule, MailModule, ApprovalsModule, ScheduledTasksModule, SealedSecretsModule, FilesModule, BackupsModule, UsageModule, WebhooksModule, HealthModule, McpModule, RestModule, TeamModule,
    CompaniesModule, PipelinesModule, PeopleModule, JobOpeningsModule, CandidatesModule, DocumentsModule, CareersPageModule, ApplicationsModule, OffersModule, OutreachModule,
    ResumeAnalysisModule, CandidateRankingModule, ResumeOptimizationModule, ReportingModule, DataRetentionModule,
  ],
})
export class AppModule {}
