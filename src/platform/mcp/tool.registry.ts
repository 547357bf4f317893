import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { notFound } from '../../common/errors.js';
import { McpTools, type McpPrompt, type McpResource, type McpTool, type ToolSet } from '../../protocols/mcp/mcp-tool.js';

/** Finds the tools of all features. */
@Injectable()
export class ToolRegistry implements OnModuleInit {
  private readonly byName = new Map<string, McpTool>();
  readonly resources: McpResource[] = [];
  readonly prompts: McpPrompt[] = [];

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  /** Throws at start for a name that two tools have and for a resource without its tool. */
  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders({ metadataKey: McpTools.KEY })) {
      const { tools, resources = [], prompts = [] } = instance as ToolSet;
      for (const tool of tools) {
        if (this.byName.has(tool.name)) throw new Error(`The tool "${tool.name}" is declared twice.`);
        this.byName.set(tool.name, tool);
      }
      this.resources.push(...resources);
      this.prompts.push(...prompts);
    }
    for (const { uri, tool } of this.resources) if (!this.byName.has(tool)) throw new Error(`The resource "${uri}" names the tool "${tool}", which does not exist.`);
  }

  /** In the order of their names. */
  get tools(): readonly McpTool[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws NOT_FOUND. */
  get(name: string): McpTool {
    const tool = this.byName.get(name);
    if (!tool) throw notFound('The tool');
    return tool;
  }
}
