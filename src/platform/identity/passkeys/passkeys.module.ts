import { Module } from '@nestjs/common';
import { PasskeyChallenges } from './passkey-challenges.service.js';
import { PasskeyResolver } from './passkey.resolver.js';
import { PasskeyRoutes } from './passkey.routes.js';
import { PasskeyService } from './passkey.service.js';
import { PasskeySignIn } from './passkey-sign-in.service.js';

/** Signing in with a passkey (WebAuthn) instead of a password. */
@Module({ providers: [PasskeyChallenges, PasskeyService, PasskeySignIn, PasskeyRoutes, PasskeyResolver] })
export class PasskeysModule {}
