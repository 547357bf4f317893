import { Module } from '@nestjs/common';
import { SingleSignOnRoutes } from './single-sign-on.routes.js';
import { SingleSignOnService } from './single-sign-on.service.js';

/** Signing in with an account of another system, by OpenID Connect. */
@Module({ providers: [SingleSignOnService, SingleSignOnRoutes] })
export class SingleSignOnModule {}
