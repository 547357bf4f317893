import { Inject, Injectable } from '@nestjs/common';
import { notFound, unauthenticated } from '../../common/errors.js';
import { sameSecret } from '../../common/secrets.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { HttpDoor, jsonResponse, subPath, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { HealthService } from './health.service.js';
import { MetricsService } from './metrics.service.js';

/**
 * GET /api/health/live: the process answers. GET /api/health/ready: what it needs answers too; 503 when it does not.
 * GET /api/health/status: what the public status page shows. GET /api/health/metrics: numbers, for whoever has METRICS_TOKEN.
 */
@Injectable()
@HttpDoor('health')
export class HealthDoor implements Door {
  constructor(
    @Inject(HealthService) private readonly health: HealthService,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    const path = subPath(request, 'health');
    if (path === 'live') return jsonResponse(200, { status: 'live' });
    if (path === 'status') return jsonResponse(200, await this.health.publicStatus());
    if (path === 'metrics') return this.showMetrics(request);
    const health = await this.health.check();
    return jsonResponse(health.status === 'not ready' ? 503 : 200, health);
  }

  private async showMetrics({ headers }: DoorRequest): Promise<DoorResponse> {
    const { metricsToken } = this.environment;
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (metricsToken === null) throw notFound('The page of metrics');
    if (token === undefined || !sameSecret(token, metricsToken)) throw unauthenticated('Metrics need the METRICS_TOKEN as a bearer token.');
    const metrics = await this.metrics.read();
    return { status: 200, headers: { 'content-type': metrics!.contentType, 'cache-control': 'no-store' }, body: metrics!.text };
  }
}
