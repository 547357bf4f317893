import { Module } from '@nestjs/common';
import { ResealSecrets } from './reseal-secrets.handler.js';
import { ResealSecretsTask } from './reseal-secrets.task.js';

@Module({ providers: [ResealSecrets, ResealSecretsTask] })
export class SealedSecretsModule {}
