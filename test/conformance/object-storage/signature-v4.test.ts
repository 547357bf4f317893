import { expect, it } from '@jest/globals';
import { signatureV4 } from './signature-v4.js';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const SCOPE = { date: '20130524T000000Z', region: 'us-east-1' };
const HOST = 'examplebucket.s3.amazonaws.com';

/** The examples of "Signature Calculations for the Authorization Header" and "Using Query Parameters", Amazon S3 API Reference. */
it('the test server signs as AWS documents', () => {
  expect(signatureV4(SECRET, {
    method: 'GET', headers: { host: HOST },
    target: '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host',
  }, { ...SCOPE, signedHeaders: ['host'], payloadHash: 'UNSIGNED-PAYLOAD' })).toBe('aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404');
  expect(signatureV4(SECRET, {
    method: 'GET', target: '/test.txt', headers: { host: HOST, range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY, 'x-amz-date': SCOPE.date },
  }, { ...SCOPE, signedHeaders: ['host', 'range', 'x-amz-content-sha256', 'x-amz-date'], payloadHash: EMPTY })).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
});
