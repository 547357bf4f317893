import { Inject, Injectable } from '@nestjs/common';
import { HttpDoor, jsonResponse, subPath, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { HealthService } from './health.service.js';

/**
 * GET /api/health/live: the process answers. GET /api/health/ready: what it needs answers too; 503 when it does not.
 * GET /api/health/status: what the public status page shows.
 */
@Injectable()
@HttpDoor('health')
export class HealthDoor implements Door {
  constructor(@Inject(HealthService) private readonly health: HealthService) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    const path = subPath(request, 'health');
    if (path === 'live') return jsonResponse(200, { status: 'live' });
    if (path === 'status') return jsonResponse(200, await this.health.publicStatus());
    const health = await this.health.check();
    return jsonResponse(health.status === 'not ready' ? 503 : 200, health);
  }
}
