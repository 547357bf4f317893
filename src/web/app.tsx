import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { Loading } from './components/notice.js';
import { NotFound } from './screens/not-found.js';

const Shell = lazy(() => import('./components/shell.js'));
const SignIn = lazy(() => import('./screens/sign-in.js'));
const SecondFactorSetup = lazy(() => import('./screens/second-factor-setup.js'));
const Careers = lazy(() => import('./screens/careers.js'));
const Apply = lazy(() => import('./screens/apply.js'));
const ApplicationStatus = lazy(() => import('./screens/application-status.js'));
const Status = lazy(() => import('./screens/status.js'));
const Jobs = lazy(() => import('./screens/jobs.js'));
const NewJob = lazy(() => import('./screens/new-job.js'));
const Board = lazy(() => import('./screens/board/board.js'));
const Ranking = lazy(() => import('./screens/ranking/ranking.js'));
const Comparison = lazy(() => import('./screens/ranking/comparison.js'));
const Candidate = lazy(() => import('./screens/candidate/candidate.js'));
const ResumeVariant = lazy(() => import('./screens/resume-variant/resume-variant.js'));
const BackgroundJobs = lazy(() => import('./screens/background-jobs/background-jobs.js'));
const BackgroundJob = lazy(() => import('./screens/background-job/background-job.js'));
const Outbox = lazy(() => import('./screens/outbox/outbox.js'));
const Schedules = lazy(() => import('./screens/schedules.js'));
const Approvals = lazy(() => import('./screens/approvals.js'));
const Webhooks = lazy(() => import('./screens/webhooks/webhooks.js'));
const NewWebhook = lazy(() => import('./screens/webhooks/new-webhook.js'));
const Webhook = lazy(() => import('./screens/webhooks/webhook.js'));
const WebhookDelivery = lazy(() => import('./screens/webhooks/delivery.js'));
const Approve = lazy(() => import('./screens/approve.js'));
const ResetPassword = lazy(() => import('./screens/reset-password.js'));
const Invitation = lazy(() => import('./screens/invitation.js'));
const Settings = lazy(() => import('./screens/settings/settings.js'));
const Team = lazy(() => import('./screens/settings/team.js'));
const Security = lazy(() => import('./screens/settings/security.js'));
const ApiKeys = lazy(() => import('./screens/settings/api-keys.js'));
const Usage = lazy(() => import('./screens/settings/usage.js'));

/** Every address of the application; what is public is not wrapped in the shell and loads nothing of it. */
export function App(): ReactNode {
  return (
    <Suspense fallback={<main className="page"><Loading /></main>}>
      <Routes>
        <Route path="/" element={<Navigate to="/jobs" replace />} />
        <Route path="/sign-in" element={<SignIn />} />
        <Route path="/second-factor" element={<SecondFactorSetup />} />
        <Route path="/reset-password" element={<ResetPassword />} />
        <Route path="/invitation" element={<Invitation />} />
        <Route path="/careers/:workspace" element={<Careers />} />
        <Route path="/careers/:workspace/:posting" element={<Apply />} />
        <Route path="/application-status" element={<ApplicationStatus />} />
        <Route path="/approve" element={<Approve />} />
        <Route path="/status" element={<Status />} />
        <Route element={<Shell />}>
          <Route path="/jobs" element={<Jobs />} />
          <Route path="/jobs/new" element={<NewJob />} />
          <Route path="/jobs/:id/board" element={<Board />} />
          <Route path="/jobs/:id/ranking" element={<Ranking />} />
          <Route path="/jobs/:id/comparison" element={<Comparison />} />
          <Route path="/applications/:id" element={<Candidate />} />
          <Route path="/resume-variants/:id" element={<ResumeVariant />} />
          <Route path="/schedules" element={<Schedules />} />
          <Route path="/approvals" element={<Approvals />} />
          <Route path="/background-jobs" element={<BackgroundJobs />} />
          <Route path="/background-jobs/:id" element={<BackgroundJob />} />
          <Route path="/outbox/:id?" element={<Outbox />} />
          <Route path="/settings" element={<Settings />}>
            <Route index element={<Navigate to="/settings/team" replace />} />
            <Route path="team" element={<Team />} />
            <Route path="security" element={<Security />} />
            <Route path="api-keys" element={<ApiKeys />} />
            <Route path="webhooks">
              <Route index element={<Webhooks />} />
              <Route path="new" element={<NewWebhook />} />
              <Route path=":id" element={<Webhook />} />
              <Route path=":id/deliveries/:delivery" element={<WebhookDelivery />} />
            </Route>
            <Route path="usage" element={<Usage />} />
          </Route>
        </Route>
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Suspense>
  );
}
