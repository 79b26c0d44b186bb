import { tryJson } from '../../base/json/parse.ts'
import { memberOf } from '../../base/json/value.ts'
import { endsInChecksum } from './checksum.ts'
import { entropy, isPlaceholder } from './placeholder.ts'
import type { SecretDefinition } from './rule.ts'

interface Token {
  readonly id: string
  readonly title: string
  readonly keywords: readonly string[]
  readonly pattern: RegExp
  readonly severity?: SecretDefinition['severity']
  readonly holds?: SecretDefinition['holds']
}

/** Tokens with a form of their own, as those who issue them describe it. */
export const tokenRules: readonly SecretDefinition[] = [
  token({
    id: 'aws-access-key',
    title: 'AWS access key id',
    keywords: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /(?<![A-Za-z0-9/+])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9/+=])/g,
    holds: (key) => !isPlaceholder(key) && entropy(key) > 3,
  }),
  token({
    id: 'aws-secret-key',
    title: 'AWS secret access key',
    severity: 'critical',
    keywords: ['aws_secret', 'AWS_SECRET', 'SecretAccessKey', 'secretAccessKey', 'aws.secret'],
    pattern:
      /(?:aws_?secret_?(?:access_?)?key|secretAccessKey|aws\.secret[A-Za-z.]{0,12})["']?\s{0,4}[:=>]{1,2}\s{0,4}["']?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    holds: (key) => !isPlaceholder(key) && entropy(key) > 4,
  }),
  token({
    id: 'github-token',
    title: 'GitHub token',
    severity: 'critical',
    keywords: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /\bgh[pousr]_[A-Za-z0-9]{36}\b/g,
    holds: endsInChecksum,
  }),
  token({
    id: 'github-fine-grained-token',
    title: 'GitHub fine-grained token',
    severity: 'critical',
    keywords: ['github_pat_'],
    pattern: /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g,
  }),
  token({
    id: 'gitlab-token',
    title: 'GitLab token',
    severity: 'critical',
    keywords: ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'gloas-', 'glsoat-'],
    pattern: /\bgl(?:pat|dt|rt|ptt|cbt|oas|soat)-[A-Za-z0-9_-]{20,64}(?![A-Za-z0-9_-])/g,
  }),
  token({
    id: 'npm-token',
    title: 'npm access token',
    severity: 'critical',
    keywords: ['npm_'],
    pattern: /\bnpm_[A-Za-z0-9]{36}\b/g,
    holds: endsInChecksum,
  }),
  token({
    id: 'npmrc-token',
    title: 'Registry token of npm',
    keywords: ['_authToken', '_auth', '_password'],
    pattern: /:(?:_authToken|_auth|_password)\s{0,4}=\s{0,4}["']?(?<secret>[A-Za-z0-9+/=_.-]{16,400})/g,
  }),
  token({
    id: 'pypi-token',
    title: 'Upload token of the Python package index',
    severity: 'critical',
    keywords: ['pypi-AgE'],
    pattern: /\bpypi-AgE[A-Za-z0-9_-]{60,400}/g,
  }),
  token({
    id: 'slack-token',
    title: 'Slack token',
    keywords: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.', 'xapp-'],
    pattern: /\b(?:xox[abeprs]|xapp)[-.][A-Za-z0-9]{1,20}-[A-Za-z0-9-]{20,200}/g,
  }),
  token({
    id: 'slack-webhook',
    title: 'Slack webhook',
    severity: 'medium',
    keywords: ['hooks.slack.com'],
    pattern:
      /hooks\.slack\.com\/(?:services|workflows)\/(?<secret>T[A-Z0-9]{7,12}\/[A-Z0-9]{8,12}\/[A-Za-z0-9]{16,32})/g,
  }),
  token({
    id: 'stripe-key',
    title: 'Stripe live key',
    severity: 'critical',
    keywords: ['_live_'],
    pattern: /\b[sr]k_live_[A-Za-z0-9]{24,200}/g,
  }),
  token({
    id: 'google-api-key',
    title: 'Google API key',
    keywords: ['AIza'],
    pattern: /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g,
    holds: (key) => entropy(key) > 4,
  }),
  token({
    id: 'google-oauth-secret',
    title: 'Google OAuth client secret',
    keywords: ['GOCSPX-'],
    pattern: /\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/g,
  }),
  token({
    id: 'azure-storage-key',
    title: 'Azure storage account key',
    severity: 'critical',
    keywords: ['AccountKey'],
    pattern: /AccountKey\s{0,2}=\s{0,2}(?<secret>[A-Za-z0-9+/]{86}==)/g,
    holds: (key) => entropy(key) > 4.5,
  }),
  token({
    id: 'azure-client-secret',
    title: 'Azure client secret',
    keywords: ['Q~'],
    pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/g,
  }),
  token({
    id: 'digitalocean-token',
    title: 'DigitalOcean token',
    keywords: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g,
  }),
  token({
    id: 'docker-token',
    title: 'Docker access token',
    severity: 'critical',
    keywords: ['dckr_pat_', 'dckr_oat_'],
    pattern: /\bdckr_[po]at_[A-Za-z0-9_-]{20,64}/g,
  }),
  token({
    id: 'docker-auth',
    title: 'Registry password of Docker',
    keywords: ['"auth"'],
    pattern: /"auth"\s{0,4}:\s{0,4}"(?<secret>[A-Za-z0-9+/]{8,2000}={0,2})"/g,
    holds: (encoded) => {
      const [user, password = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(/:(.*)/s)
      return /^[\x21-\x7e]+$/.test(user ?? '') && password.length > 3 && !isPlaceholder(password)
    },
  }),
  token({
    id: 'vault-token',
    title: 'HashiCorp Vault token',
    severity: 'critical',
    keywords: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{24,300}/g,
    holds: (key) => entropy(key) > 3.5,
  }),
  token({
    id: 'terraform-token',
    title: 'Terraform Cloud token',
    keywords: ['.atlasv1.'],
    pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g,
  }),
  token({
    id: 'databricks-token',
    title: 'Databricks token',
    keywords: ['dapi'],
    pattern: /\bdapi[a-f0-9]{32}(?:-[0-9])?\b/g,
  }),
  token({
    id: 'openai-key',
    title: 'OpenAI API key',
    keywords: ['T3BlbkFJ'],
    pattern: /\bsk-[A-Za-z0-9_-]{20,120}?T3BlbkFJ[A-Za-z0-9_-]{20,120}/g,
  }),
  token({
    id: 'anthropic-key',
    title: 'Anthropic API key',
    keywords: ['sk-ant-'],
    pattern: /\bsk-ant-[a-z]{3,8}[0-9]{2}-[A-Za-z0-9_-]{80,120}/g,
  }),
  token({
    id: 'huggingface-token',
    title: 'Hugging Face token',
    keywords: ['hf_'],
    pattern: /\bhf_[A-Za-z]{34}\b/g,
    holds: (key) => entropy(key) > 3.5,
  }),
  token({
    id: 'sendgrid-key',
    title: 'SendGrid API key',
    keywords: ['SG.'],
    pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g,
  }),
  token({
    id: 'shopify-token',
    title: 'Shopify token',
    keywords: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/g,
  }),
  token({
    id: 'telegram-token',
    title: 'Telegram bot token',
    keywords: [':AA'],
    pattern: /\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g,
  }),
  token({
    id: 'grafana-token',
    title: 'Grafana service account token',
    keywords: ['glsa_'],
    pattern: /\bglsa_[A-Za-z0-9]{32}_[a-f0-9]{8}\b/g,
  }),
  token({
    id: 'jwt',
    title: 'Signed token (JWT)',
    severity: 'low',
    keywords: ['eyJ'],
    pattern:
      /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}/g,
    holds: isJwt,
  }),
]

function token({ holds, severity = 'high', ...rule }: Token): SecretDefinition {
  return { ...rule, severity, holds: holds ?? ((secret) => !isPlaceholder(secret)) }
}

/** RFC 7519: header and claims are JSON objects, and the header names a signature. */
function isJwt(text: string): boolean {
  const [header = '', claims = ''] = text.split('.')
  const part = (base64: string) => tryJson(Buffer.from(base64, 'base64url'))
  const alg = memberOf(part(header), 'alg')
  return typeof alg === 'string' && alg !== 'none' && memberOf(part(claims), 'iss') !== undefined
}
