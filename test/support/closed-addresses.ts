/** The many ways to write an address that is not of the public internet, or that carries credentials. */
export const CLOSED_ADDRESSES: readonly string[] = [
  'http://127.0.0.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0x7f.0.0.1/', 'http://0177.0.0.1/', 'http://017700000001/', 'http://127.1/', 'http://127.0.1/',
  'http://0/', 'http://0.0.0.0/', 'http://10.0.0.5/', 'http://172.16.3.4/', 'http://192.168.1.1/', 'http://100.64.0.1/', 'http://169.254.169.254/latest/meta-data/',
  'http://[::1]/', 'http://[::]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:a9fe:a9fe]/', 'http://[64:ff9b::7f00:1]/', 'http://[fd00:ec2::254]/', 'http://[fe80::1]/',
  'http://１２７.０.０.１/', 'http://127.0.0.1./', 'http://localhost./', 'https://user:password@example.com/',
];
