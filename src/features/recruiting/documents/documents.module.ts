import { Module } from '@nestjs/common';
import { DocumentFiles } from './document-files.js';
import { CandidateDocumentsResolver } from './document.resolver.js';
import { DocumentService } from './document.service.js';
import { RecognizedPages } from './recognized-pages.service.js';

@Module({ providers: [DocumentService, CandidateDocumentsResolver, DocumentFiles, RecognizedPages], exports: [DocumentService, RecognizedPages] })
export class DocumentsModule {}
