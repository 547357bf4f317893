import { Module } from '@nestjs/common';
import { DocumentsController } from './documents.controller.js';
import { DocumentFiles } from './document-files.js';
import { CandidateDocumentsResolver } from './document.resolver.js';
import { DocumentUsage } from './document-usage.js';
import { DocumentService } from './document.service.js';
import { RecognizedPages } from './recognized-pages.service.js';

@Module({ providers: [DocumentsController, DocumentService, CandidateDocumentsResolver, DocumentFiles, DocumentUsage, RecognizedPages], exports: [DocumentService, RecognizedPages] })
export class DocumentsModule {}
