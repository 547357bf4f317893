import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { McpDoor } from './mcp.door.js';
import { McpServerFactory } from './mcp-server.factory.js';
import { ToolCalls } from './tool-calls.service.js';
import { ToolRegistry } from './tool.registry.js';
import { UndoTools } from './undo.tools.js';

@Module({ imports: [DiscoveryModule], providers: [ToolRegistry, ToolCalls, McpServerFactory, McpDoor, UndoTools] })
export class McpModule {}
