import { DiscoveryService } from '@nestjs/core';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import type { Permission } from '../../common/permission.js';
import type { RequestContext } from '../../common/request-context.js';

/** `read` changes nothing; `change` can be undone or does little harm; `destroy` is hard to take back and asks for a confirmation. */
export type ToolEffect = 'read' | 'change' | 'destroy';

/** The call of a tool that takes back what another has done. */
export interface UndoCall {
  readonly tool: string;
  readonly input: JsonObject;
}

/** What a tool answers. Texts that candidates wrote belong under a key `untrusted`. */
export interface ToolAnswer {
  readonly result: JsonObject;
  readonly undo?: UndoCall | null;
}

interface ToolFacts {
  /** Verb and noun, `move_application`; programs name the tool by it. */
  readonly name: string;
  readonly description: string;
  readonly permission: Permission;
  readonly effect: ToolEffect;
}

/** Something that a program can have done under its own rights. */
export interface McpTool extends ToolFacts {
  readonly input: z.ZodObject;
  /** Inputs were parsed and the right was checked. What changes something runs inside a write. */
  run(context: RequestContext, input: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
}

/** A tool whose `run` gets its input in the schema's types. */
export function defineTool<Input extends z.ZodObject>(tool: ToolFacts & {
  readonly input: Input;
  run(context: RequestContext, input: z.output<Input>): Promise<ToolAnswer>;
}): McpTool {
  return { ...tool, run: (context, input) => tool.run(context, input as z.output<Input>) };
}

/** Something that can be read by its address: the answer of a tool that takes an `id`. */
export interface McpResource {
  /** An RFC 6570 template with `{id}`: `perch://candidates/{id}`. */
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  readonly tool: string;
}

/** A request that a person can pick in their program. */
export interface McpPrompt {
  readonly name: string;
  readonly description: string;
  /** Names of the values that it asks for, with what they are. */
  readonly values: Readonly<Record<string, string>>;
  text(values: Readonly<Record<string, string>>): string;
}

/** Marks a class as tools of a feature; it is found wherever it is provided. */
export const McpTools = DiscoveryService.createDecorator();

/** What such a class has. */
export interface ToolSet {
  readonly tools: readonly McpTool[];
  readonly resources?: readonly McpResource[];
  readonly prompts?: readonly McpPrompt[];
}
