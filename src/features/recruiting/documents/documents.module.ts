import { Module } from '@nestjs/common';
import { CandidateDocumentsResolver } from './document.resolver.js';
import { DocumentService } from './document.service.js';
import { FilesDoor } from './files.door.js';

@Module({ providers: [DocumentService, CandidateDocumentsResolver, FilesDoor], exports: [DocumentService] })
export class DocumentsModule {}
