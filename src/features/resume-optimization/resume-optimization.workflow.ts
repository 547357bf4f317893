import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { WorkflowHandler, type WorkflowWork } from '../../serverless-jobs/workflows/workflow-handler.js';
import type { WorkflowRun, WorkflowSteps } from '../../serverless-jobs/workflows/workflow-steps.js';
import { checkSection, type CheckedSection, type KeptClaim, type RefusedClaim } from './facts/check-sections.js';
import { checkLetter } from './facts/check-letter.js';
import { SourceText } from './facts/source-text.js';
import { applySections, type SectionLines } from './implementation.js';
import { optimizeResume } from './resume-optimization.jobs.js';
import type { VariantSource } from './resume-variant.entity.js';
import { cleanedLines } from './sections/cleaned-lines.js';
import type { JobAnalysis } from './sections/job-analysis.js';
import { planSections, type Section } from './sections/section-plan.js';
import { letterRequest, optimizationRequest, polishRequest } from './sections/section-requests.js';
import { SectionWriter, type Writing } from './sections/section-writer.service.js';
import { VariantDocuments } from './variant-documents.service.js';

const STRONGEST = 3;
const PURE = { retries: 3, timeout: 8_000 } as const;

interface Written {
  readonly lines: SectionLines;
  readonly kept: readonly KeptClaim[];
  readonly refused: readonly RefusedClaim[];
}

type Validated = { readonly lines: { readonly [section: string]: string[] }; readonly refused: (RefusedClaim & { readonly [field: string]: string | null })[] };

/**
 * Job analysis, optimization, implementation, validation, polish: five steps that take a model minutes, in pieces that fit into
 * an invocation. Models write; code decides what is true.
 */
@Injectable()
@WorkflowHandler(optimizeResume)
export class OptimizeResumeWorkflow implements WorkflowWork<typeof optimizeResume> {
  constructor(
    @Inject(SectionWriter) private readonly writer: SectionWriter,
    @Inject(VariantDocuments) private readonly documents: VariantDocuments,
  ) {}

  async run(step: WorkflowSteps, { variantId }: z.output<typeof optimizeResume.payload>, run: WorkflowRun): Promise<JsonObject> {
    const writing: Writing = { step, run, variantId };
    await step.run('reading', (attempt) => this.documents.read(run.context, variantId, attempt), PURE);
    const source = await this.documents.source(run.context, variantId);
    const text = new SourceText(source.lines);
    const sections = planSections(source.record);
    const analysis = await this.writer.analyze(writing, 'job analysis', source.job);
    const written = await this.optimized(writing, source, sections, analysis);
    await step.run('implementation', async () => ({ sections: sections.length, jobs: source.record.work.length }), PURE);
    const validated = await step.run('validation', async () => this.validated(sections, written, text), PURE);
    const polished = await this.polished(writing, sections, validated.lines, text);
    const letter = await this.letter(writing, source, validated, text);
    const findings = { kept: [...polished.kept, ...letter.kept], refused: [...validated.refused, ...polished.refused, ...letter.refused], instructions: text.instructions };
    return step.run('documents', (attempt) => this.documents.write(run.context, variantId, attempt, { record: applySections(source.record, sections, polished.lines), letter: letter.lines, findings, job: source.job }), PURE);
  }

  private async optimized(writing: Writing, { record, lines }: VariantSource, sections: readonly Section[], analysis: JobAnalysis): Promise<SectionLines> {
    const written: Record<string, readonly string[]> = {};
    for (const section of sections) written[section.name] = cleanedLines(await this.writer.write(writing, `optimization: ${section.name}`, optimizationRequest(section, record, lines, analysis)));
    return written;
  }

  /** What is remembered of the check: which line of the source says what is looked up again at the end. */
  private validated(sections: readonly Section[], written: SectionLines, text: SourceText): Validated {
    const { lines, refused } = this.checked(sections, written, text);
    return { lines: Object.fromEntries(Object.entries(lines).map(([name, own]) => [name, [...own]])), refused: refused.map((claim) => ({ ...claim })) };
  }

  private checked(sections: readonly Section[], written: SectionLines, text: SourceText): Written {
    const checks = sections.map((section): readonly [string, CheckedSection] => [section.name, checkSection(section, written[section.name] ?? [], text)]);
    return {
      lines: Object.fromEntries(checks.map(([name, { lines }]) => [name, lines])),
      kept: checks.flatMap(([, { kept }]) => kept), refused: checks.flatMap(([, { refused }]) => refused),
    };
  }

  /** What a polish adds is checked like anything else; the order of skills needs none. */
  private async polished(writing: Writing, sections: readonly Section[], lines: SectionLines, text: SourceText): Promise<Written> {
    const written: Record<string, readonly string[]> = { ...lines };
    for (const section of sections) {
      const before = lines[section.name] ?? [];
      if (section.kind === 'skills' || before.length === 0) continue;
      written[section.name] = cleanedLines(await this.writer.write(writing, `polish: ${section.name}`, polishRequest(before)));
    }
    const trusted = sections.map((section) => (section.kind === 'skills' ? section : { ...section, lines: lines[section.name] ?? section.lines }));
    return this.checked(trusted, written, text);
  }

  private async letter(writing: Writing, { record, job, lines }: VariantSource, validated: Validated, text: SourceText): Promise<CheckedSection> {
    const strongest = Object.entries(validated.lines).filter(([name]) => name.startsWith('work')).flatMap(([, own]) => own.slice(0, 2)).slice(0, STRONGEST);
    const written = cleanedLines(await this.writer.write(writing, 'polish: cover letter', letterRequest(job, record, strongest, lines)));
    return checkLetter(written, job, text);
  }
}
