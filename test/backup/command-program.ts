import { fileURLToPath } from 'node:url';
import { runCommand } from '../../src/cli/main.js';

/** Runs one command of the command line and tells at the end, on stderr, how much memory the process had at most. */
const code = await runCommand(process.argv.slice(2), fileURLToPath(new URL('../../', import.meta.url)));
process.stderr.write(`\nmegabytes ${Math.round(process.resourceUsage().maxRSS / 1_024)}\n`);
process.exit(code);
