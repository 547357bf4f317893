import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/config/environment.js';
import { problemsOf } from './problems-of.js';

const NAME = 'PERCH_OUTBOUND_ALLOWED_ORIGINS';

describe('the origins that webhooks may reach', () => {
  it('are none unless told', () => {
    expect(readEnvironment({}).outboundAllowedOrigins).toEqual([]);
    expect(readEnvironment({ [NAME]: 'http://10.0.0.5:4000,https://hooks.internal' }).outboundAllowedOrigins).toEqual(['http://10.0.0.5:4000', 'https://hooks.internal']);
  });

  it.each(['*', 'http://10.0.0.5:4000/', 'http://10.0.0.5:80', 'http://10.0.0.5, http://10.0.0.6', 'ftp://10.0.0.5', 'https://user@hooks.internal', 'HTTPS://hooks.internal', 'hooks.internal'])('are refused as %s', (value) => {
    expect(problemsOf({ [NAME]: value })).toEqual([expect.stringMatching(/^PERCH_OUTBOUND_ALLOWED_ORIGINS must be origins/)]);
  });
});
