import { Module } from '@nestjs/common';
import { SecondFactorCodes } from './second-factor-codes.service.js';
import { SecondFactorPolicies } from './second-factor-policy.service.js';
import { SecondFactorResolver } from './second-factor.resolver.js';
import { SecondFactorRoutes } from './second-factor.routes.js';
import { SecondFactorService } from './second-factor.service.js';

/** Codes of an authenticator app after the password. */
@Module({ providers: [SecondFactorCodes, SecondFactorService, SecondFactorPolicies, SecondFactorRoutes, SecondFactorResolver] })
export class SecondFactorModule {}
