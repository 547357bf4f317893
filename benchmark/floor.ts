import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { reportUsage } from './usage.js';

/** What any server must do to answer the benchmark's question: node:http, pg, one statement. Nothing can be faster by much. */
const pool = new pg.Pool({ connectionString: process.env['DIRECT_URL'], max: 2 });
const FIND = `
SELECT a.id, p.display_name AS "displayName" FROM application a
JOIN candidate c ON c.id = a.candidate_id JOIN person p ON p.id = c.person_id WHERE a.id = $1`;

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => void (async () => {
    const { variables } = JSON.parse(body) as { variables: { id: string } };
    const { rows } = await pool.query<{ id: string; displayName: string }>(FIND, [variables.id]);
    const { id, displayName } = rows[0]!;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: { application: { id, candidate: { person: { displayName } } } } }));
  })());
});
reportUsage();
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
