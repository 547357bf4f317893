import { DiscoveryService } from '@nestjs/core';
import type { z } from 'zod';
import type { Permission } from '../../common/permission.js';
import type { RequestContext } from '../../common/request-context.js';

/** `required`: the caller must name the version that it has seen. `honoured`: it may. */
export type Precondition = 'required' | 'honoured';

/** What an operation is given: the id of its path, its query and its body as their schemas read them, and the version of If-Match. */
export interface RestCall<Query = unknown, Body = unknown> {
  readonly id: string;
  readonly query: Query;
  readonly body: Body;
  readonly version: number | null;
}

interface OperationFacts {
  /** Verb and noun, `listPeople`; generated clients name their functions by it. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below /api/v1, with at most one `{id}`, which is an id: `/people/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly permission: Permission;
  /** 200 unless told; 201 where it makes a record, 202 where it leaves work to the background. */
  readonly status?: 200 | 201 | 202;
  readonly precondition?: Precondition;
  /** Member of the answer that is shown once and not kept: where an Idempotency-Key is repeated it is null. */
  readonly shownOnce?: string;
  /** Address below /api/v1 of what was made: a path with `{id}`, and the member of the answer that is the id. */
  readonly location?: { readonly path: string; readonly member: string };
}

/** Something that a program can ask of /api/v1. It knows records and rights, and nothing of HTTP. */
export interface RestOperation extends OperationFacts {
  readonly query: z.ZodObject | null;
  readonly body: z.ZodObject | null;
  readonly answer: z.ZodObject;
  /** The right was checked and the inputs were read. What changes something runs inside a write where the caller sent an Idempotency-Key. */
  run(context: RequestContext, call: RestCall): Promise<object>;
}

/** An operation whose `run` gets its inputs, and gives its answer, in the schemas' types. */
export function defineOperation<Query extends z.ZodObject, Body extends z.ZodObject, Answer extends z.ZodObject>(operation: OperationFacts & {
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Answer;
  run(context: RequestContext, call: RestCall<z.output<Query>, z.output<Body>>): Promise<z.input<Answer>>;
}): RestOperation {
  const { query = null, body = null, run, ...facts } = operation;
  return { ...facts, query, body, run: (context, call) => run(context, call as RestCall<z.output<Query>, z.output<Body>>) };
}

/** Marks a class as operations of a feature; it is found wherever it is provided. */
export const RestOperations = DiscoveryService.createDecorator();

/** What such a class has. The list must not need the class's dependencies, because the document is made without them. */
export interface OperationSet {
  readonly operations: readonly RestOperation[];
}
