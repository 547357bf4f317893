import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../../common/errors.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet } from '../../../protocols/rest/rest-operation.js';
import { ID, named, TIME, timeText } from '../../../protocols/rest/rest-schemas.js';
import { Candidate } from '../candidates/candidate.entity.js';
import { CandidateDocument } from './document.entity.js';
import { readDocuments } from './documents.permissions.js';

const DOCUMENT = named('Document', {
  id: ID, candidateId: ID, kind: z.enum(['resume', 'cover_letter', 'other']), fileName: z.string(), mimeType: z.string(), byteSize: z.int(), isRead: z.boolean().describe('Whether it has been read; its content is at /api/files/documents/ and the id.'), createdAt: TIME,
});

@Injectable()
@RestOperations()
export class DocumentsController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listCandidateDocuments', method: 'GET', path: '/candidates/{id}/documents', tag: 'Candidates', summary: 'Lists the documents of a candidate, the newest first.', permission: readDocuments, answer: named('Documents', { items: z.array(DOCUMENT) }),
      run: async (context, { id: candidateId }) => {
        if (!(await this.loader.byId(context, Candidate, candidateId))) throw notFound('The candidate');
        const documents = await this.loader.manyBy(context, CandidateDocument, 'candidateId', candidateId);
        return {
          items: documents.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
            .map(({ id, kind, fileName, mimeType, byteSize, parsed, createdAt }) => ({ id, candidateId, kind, fileName, mimeType, byteSize, isRead: parsed !== null, createdAt: timeText(createdAt) })),
        };
      },
    }),
  ];

  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}
}
