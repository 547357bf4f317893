import { Module } from '@nestjs/common';
import { DocumentFiles } from './document-files.js';
import { CandidateDocumentsResolver } from './document.resolver.js';
import { DocumentService } from './document.service.js';

@Module({ providers: [DocumentService, CandidateDocumentsResolver, DocumentFiles], exports: [DocumentService] })
export class DocumentsModule {}
