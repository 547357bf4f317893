import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { NonRetryableError } from '../../serverless-jobs/definition/non-retryable-error.js';
import { WorkflowHandler, type WorkflowWork } from '../../serverless-jobs/workflows/workflow-handler.js';
import type { WorkflowRun, WorkflowSteps } from '../../serverless-jobs/workflows/workflow-steps.js';
import { checkRecord } from './facts/check-record.js';
import { checkLetter, checkSection, type CheckedSection, type KeptClaim, type RefusedClaim } from './facts/check-sections.js';
import { instructionLines } from './facts/instructions.js';
import { SourceFacts, type SourceQuote } from './facts/source-facts.js';
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
const QUOTE_LIMIT = 300;
const PURE = { retries: 3, timeout: 8_000 } as const;

/** What all steps of one run work with. */
interface Ground {
  readonly writing: Writing;
  readonly source: VariantSource;
  readonly facts: SourceFacts;
  readonly analysis: JobAnalysis;
}

interface Written {
  readonly lines: SectionLines;
  readonly kept: readonly KeptClaim[];
  readonly refused: readonly RefusedClaim[];
}

type Validated = { readonly lines: { readonly [section: string]: string[] }; readonly refused: (RefusedClaim & { readonly [field: string]: string | null })[] };

const instructionsOf = ({ lines }: VariantSource): SourceQuote[] => [...instructionLines(lines)].map((index) => ({ line: index + 1, text: lines[index]!.slice(0, QUOTE_LIMIT) }));

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
    await step.run('reading', (attempt) => this.documents.read(run.context, variantId, attempt), PURE);
    const source = await this.documents.source(run.context, variantId);
    const ground: Ground = { writing: { step, run, variantId }, source, facts: new SourceFacts(source), analysis: await this.writer.analyze({ step, run, variantId }, 'job analysis', source.job) };
    const { usable } = ground.facts;
    const sections = planSections(usable);
    const written = await this.optimized(ground, sections);
    await step.run('implementation', async () => ({ sections: sections.length, jobs: usable.work.length }), PURE);
    const validated = await step.run('validation', async () => this.validated(ground, sections, written), PURE);
    const polished = await this.polished(ground, sections, validated.lines);
    const letter = await this.letter(ground, validated);
    const findings = { kept: [...polished.kept, ...letter.kept], refused: [...validated.refused, ...polished.refused, ...letter.refused], instructions: instructionsOf(source) };
    return step.run('documents', (attempt) => this.documents.write(run.context, variantId, attempt, { record: applySections(usable, sections, polished.lines), letter: letter.lines, findings, job: source.job }), PURE);
  }

  private async optimized({ writing, facts, analysis }: Ground, sections: readonly Section[]): Promise<SectionLines> {
    const written: Record<string, readonly string[]> = {};
    for (const section of sections) written[section.name] = cleanedLines(await this.writer.write(writing, `optimization: ${section.name}`, optimizationRequest(section, facts.usable, facts.usableLines, analysis)));
    return written;
  }

  /**
   * What is remembered of the check: which line of the source says what is looked up again at the end. The record as a whole may hold
   * nothing that the source's record does not; as it is put together by code, that would be a fault of Perch.
   */
  private validated(ground: Ground, sections: readonly Section[], written: SectionLines): Validated {
    const { lines, refused } = this.checked(ground, sections, written);
    const { facts } = ground;
    const known = new Set(checkRecord(facts.usable, facts).map(({ text }) => text));
    const [invented] = checkRecord(applySections(facts.usable, sections, lines), facts).filter(({ text }) => !known.has(text));
    if (invented) throw new NonRetryableError('INVENTED_FACT', `The rewritten resume says "${invented.text}" (${invented.section}), which the resume does not.`);
    return { lines: Object.fromEntries(Object.entries(lines).map(([name, own]) => [name, [...own]])), refused: refused.map((claim) => ({ ...claim })) };
  }

  private checked({ facts, analysis }: Ground, sections: readonly Section[], written: SectionLines): Written {
    const checks = sections.map((section): readonly [string, CheckedSection] => [section.name, checkSection(section, written[section.name] ?? [], facts, analysis)]);
    return {
      lines: Object.fromEntries(checks.map(([name, { lines }]) => [name, lines])),
      kept: checks.flatMap(([, { kept }]) => kept), refused: checks.flatMap(([, { refused }]) => refused),
    };
  }

  /** What a polish adds is checked like anything else; the order of skills needs none. */
  private async polished(ground: Ground, sections: readonly Section[], lines: SectionLines): Promise<Written> {
    const written: Record<string, readonly string[]> = { ...lines };
    for (const section of sections) {
      const before = lines[section.name] ?? [];
      if (section.kind === 'skills' || before.length === 0) continue;
      written[section.name] = cleanedLines(await this.writer.write(ground.writing, `polish: ${section.name}`, polishRequest(before)));
    }
    const trusted = sections.map((section) => (section.kind === 'skills' ? section : { ...section, lines: lines[section.name] ?? section.lines }));
    return this.checked(ground, trusted, written);
  }

  private async letter({ writing, source, facts, analysis }: Ground, validated: Validated): Promise<CheckedSection> {
    const strongest = Object.entries(validated.lines).filter(([name]) => name.startsWith('work')).flatMap(([, own]) => own.slice(0, 2)).slice(0, STRONGEST);
    const written = cleanedLines(await this.writer.write(writing, 'polish: cover letter', letterRequest(source.job, facts.usable, strongest, facts.usableLines)));
    return checkLetter(written, source.job, facts, analysis);
  }
}
