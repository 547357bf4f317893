import { Global, Module } from '@nestjs/common';
import { CallSupport } from './call-support.service.js';

@Global()
@Module({ providers: [CallSupport], exports: [CallSupport] })
export class CallSupportModule {}
