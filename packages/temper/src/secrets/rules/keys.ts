import type { SecretDefinition } from './rule.ts'

/** Private keys and password files, by their formats. */
export const keyRules: readonly SecretDefinition[] = [
  {
    id: 'private-key',
    title: 'Private key',
    severity: 'high',
    keywords: ['PRIVATE KEY'],
    // RFC 7468, OpenSSH's PROTOCOL.key, RFC 9580 6.2 (armor). A header alone, as in documentation and in programs, is not a key.
    pattern:
      /-----BEGIN (?:RSA |DSA |EC |OPENSSH |PGP )?PRIVATE KEY(?: BLOCK)?-----(?<secret>(?:\s|\\[rn])(?:[A-Za-z0-9+/=:,\s\\]|-(?!----)){60,20000})-----END/g,
    holds: (body) => !/ENCRYPTED|aes(?:128|192|256)-/.test(body) && !startsWithCipher(body),
  },
  {
    id: 'encrypted-private-key',
    title: 'Private key, encrypted with a password',
    severity: 'medium',
    keywords: ['ENCRYPTED'],
    pattern:
      /-----BEGIN (?:ENCRYPTED|(?:RSA|DSA|EC) (?=PRIVATE KEY-----\s+Proc-Type: 4,ENCRYPTED))? ?PRIVATE KEY-----(?<secret>\s(?:[A-Za-z0-9+/=:,\s]|-(?!----)){60,20000})-----END/g,
  },
  {
    id: 'age-secret-key',
    title: 'age secret key',
    severity: 'high',
    keywords: ['AGE-SECRET-KEY-1'],
    pattern: /\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b/g,
  },
  {
    id: 'shadow-password',
    title: 'Password hash of an account',
    severity: 'high',
    keywords: ['$'],
    path: /(?:^|\/)etc\/g?shadow-?$/,
    // crypt(5): "$id$…"; "!" and "*" lock an account and are not matched.
    pattern: /^[^:\n]{1,64}:(?<secret>\$[0-9a-z]{1,8}\$[^:\n]{10,300}):/gm,
  },
  {
    id: 'htpasswd',
    title: 'Password hash of a web server',
    severity: 'medium',
    keywords: ['$apr1$', '$2y$', '$2a$', '$2b$'],
    path: /(?:^|\/)\.?htpasswd$/,
    pattern: /^[^:\n]{1,255}:(?<secret>\$(?:apr1|2[aby])\$[^\s:]{10,100})/gm,
  },
]

/** OpenSSH's own format starts with "openssh-key-v1", a zero and the cipher's name, "none" for open keys. */
function startsWithCipher(body: string): boolean {
  const start = Buffer.from(body.replace(/\\[nr]|\s/g, '').slice(0, 64), 'base64').toString('latin1')
  return start.startsWith('openssh-key-v1\0') && !start.startsWith('openssh-key-v1\0\0\0\0\x04none')
}
