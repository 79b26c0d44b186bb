import type { SecretFinding } from './advisory/finding.ts'

/** A private key in a file, as a scan finds it. */
export function sampleSecret(over: Partial<SecretFinding> = {}): SecretFinding {
  return {
    rule: 'private-key',
    level: 'error',
    subject: '/app/key.pem:1:1',
    place: { kind: 'span', file: '/app/key.pem', line: 1, column: 1 },
    found: 'Private key',
    remedy: 'revoke the secret, and build the image without it',
    title: 'Private key',
    severity: 'high',
    location: { path: 'app/key.pem' },
    line: 1,
    excerpt: '-----BEGIN PRIVATE KEY----- ****',
    deleted: false,
    ...over,
  }
}
