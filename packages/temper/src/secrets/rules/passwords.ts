import { entropy, isPlaceholder } from './placeholder.ts'
import type { SecretDefinition } from './rule.ts'

/** Passwords that only their place tells: in addresses, in the files of programs that keep them, in settings. */
export const passwordRules: readonly SecretDefinition[] = [
  {
    id: 'url-password',
    title: 'Password in an address',
    severity: 'high',
    keywords: ['://'],
    // Names of RFC 2606 belong to nobody: whoever writes them explains something.
    pattern:
      /\b(?:https?|ftp|ssh|git|postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|ldaps?|smtps?):\/\/[A-Za-z0-9._~%-]{1,64}:(?<secret>[^\s"'`<>@/:]{6,128})@(?!(?:[a-z0-9-]{1,63}\.){0,4}example(?:\.(?:com|net|org))?(?![a-z0-9.-]))[A-Za-z0-9[]/g,
    holds: (password) => !isPlaceholder(password) && entropy(password) > 2.5 && /[^a-z]/.test(password),
  },
  {
    id: 'git-credentials',
    title: 'Stored password of git',
    severity: 'critical',
    keywords: ['://'],
    path: /(?:^|\/)\.git-credentials$/,
    pattern: /:\/\/[^:\s/@]{1,255}:(?<secret>[^@\s]{3,255})@/g,
  },
  {
    id: 'netrc-password',
    title: 'Password in a netrc file',
    severity: 'high',
    keywords: ['password'],
    path: /(?:^|\/)[._]netrc$/,
    pattern: /\bpassword\s{1,8}(?<secret>\S{3,255})/g,
    holds: (password) => !isPlaceholder(password),
  },
  {
    id: 'pgpass-password',
    title: 'Password in a PostgreSQL password file',
    severity: 'high',
    keywords: [':'],
    path: /(?:^|\/)\.pgpass$/,
    pattern: /^(?!#)[^:\n]{1,255}:[^:\n]{1,8}:[^:\n]{1,255}:[^:\n]{1,255}:(?<secret>[^:\n]{3,255})$/gm,
  },
  {
    id: 'setting-password',
    title: 'Password or key in a settings file',
    severity: 'medium',
    keywords: [
      'pass',
      'PASS',
      'secret',
      'SECRET',
      'token',
      'TOKEN',
      'api_key',
      'API_KEY',
      'apiKey',
      'apikey',
    ],
    path: /(?:^|\/)(?:\.env(?:\.[a-z]+)?|[^/]+\.env|credentials|[^/]*(?:secrets?|credentials?|application|appsettings)[^/]*\.(?:ya?ml|json|properties|toml|ini|conf|cfg))$/,
    pattern:
      /^[^\S\n]{0,20}(?:export )?["']?[A-Za-z0-9_.-]{0,40}(?:passw(?:or)?d|secret|token|api_?key)[A-Za-z0-9_.-]{0,20}["']?[^\S\n]{0,4}[:=][^\S\n]{0,4}["']?(?<secret>[^\s"',#]{8,256})/gim,
    // The name says that it is one; the rest only tells it from words and variables.
    holds: (value) =>
      !isPlaceholder(value) && entropy(value) > 3.2 && /[0-9]/.test(value) && /[A-Za-z]/.test(value),
  },
]
