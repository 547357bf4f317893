import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { VARIABLES } from '../config/environment.schema.js';
import { environmentPage } from './environment-page.js';
import { vercelVariablesPage } from './vercel-variables-page.js';

const USAGE = `Usage: perch COMMAND

  doctor                 says what is missing or wrong in the environment and where to get it; --functions, --json
  parse-resume FILE...   prints each resume as one line of JSON Resume
  migrate up|down        brings the database of DIRECT_URL to the newest version, or one version back; migrate status, migrate plan
  backup                 saves all data, sealed, in the object storage or with --to FILE; backup list, backup verify NAME|FILE
  restore NAME|FILE      puts a backup into the empty database of --into DATABASE_URL and compares it with what was saved
  seed                   fills a database without any workspace with a demo workspace and prints its login
  schedules sync|list    arranges the calls that QStash makes by the clock, or shows what comes next; run sync after each deployment
  qstash-server          starts the QStash server alone, on the database of QSTASH_DATABASE_URL, and prints its variables
  worker                 runs the background jobs that travel by BullMQ until it is told to stop; --concurrency N at once, 10 unless told
  mcp                    serves a program by the Model Context Protocol over standard input and output, under the rights of PERCH_MCP_KEY
  jobs compare           prints what the two transports of a mirror did in the last 24 hours, or --hours N; 1 when the shadow failed
  document               writes docs/operations/environment.md, VERCEL_ENVIRONMENT_VARIABLES.md and docs/openapi.json
`;

/** Runs one command. `distribution` is the folder of the compiled files. Returns the exit code. */
export async function runCommand([command, ...args]: readonly string[], distribution: string): Promise<number> {
  switch (command) {
    case 'doctor':
      return (await import('./doctor.js')).doctorCommand(args, distribution);
    case 'parse-resume':
      return (await import('./parse-resume.js')).parseResumeCommand(args);
    case 'migrate':
      return (await import('./migrate.js')).migrateCommand(args[0], distribution);
    case 'backup':
      return (await import('./backup.js')).backupCommand(args);
    case 'restore':
      return (await import('./restore.js')).restoreCommand(args, distribution);
    case 'seed':
      return (await import('./deployment.js')).seedCommand();
    case 'schedules':
      return (await import('./deployment.js')).schedulesCommand(args[0]);
    case 'qstash-server':
      return (await import('./qstash-server.js')).qstashServerCommand(distribution);
    case 'worker':
      return (await import('./worker.js')).workerCommand(args);
    case 'mcp':
      return (await import('./mcp.js')).mcpCommand();
    case 'jobs':
      return (await import('./compare-transports.js')).jobsCommand(args);
    case 'document':
      await writeFile(join(distribution, '..', 'docs', 'operations', 'environment.md'), environmentPage(VARIABLES));
      await writeFile(join(distribution, '..', 'VERCEL_ENVIRONMENT_VARIABLES.md'), vercelVariablesPage(VARIABLES));
      await writeFile(join(distribution, '..', 'docs', 'openapi.json'), (await import('../bootstrap/rest-document.js')).restDocument());
      return 0;
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}
