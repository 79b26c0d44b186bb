import { resolve } from 'node:path'
import { loadVerificationKeys } from '../../attest/key/keys.ts'
import type { IdentityPattern } from '../../attest/trust/identity.ts'
import { readTrustFile } from '../../attest/trust/trust-file.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists, writeFileAtomic } from '../../base/file.ts'
import type { Context } from '../context.ts'
import { parseTrustText, readTrustText } from './policy.ts'

/** What a new trust file says: nothing, and how to say more. */
const template = `# Whom to trust about which images (docs/reference/trust-file.md).
# Only those named here are trusted.
version: 1

# Public keys, in PEM or as the path of a file beside this one:
#   keys:
#     release: release.pub
keys: {}

# Identities, for keyless signatures:
#   identities:
#     ci:
#       identity: https://github.com/team/images/.github/workflows/release.yml@refs/heads/main
#       issuer: https://token.actions.githubusercontent.com
identities: {}

# The first rule whose pattern fits a repository decides about its images:
#   rules:
#     - images: ['registry.example/team/**']
#       signed-by: [release]
#       require: [signature, spdx, provenance]
rules: []
`

/** A change of a trust file. */
export type TrustChange =
  | { readonly add: 'key'; readonly name: string; readonly file: string }
  | { readonly add: 'identity'; readonly name: string; readonly pattern: IdentityPattern }
  | ({ readonly add: 'rule' } & RuleChange)

export interface RuleChange {
  /** Patterns of repositories. */
  readonly images: readonly string[]
  readonly signedBy: readonly string[]
  /** Types, as people write them. */
  readonly require: readonly string[]
  readonly maxAge?: string
  readonly name: boolean
}

/** Writes a new trust file. Throws `bad-usage` when there is one. */
export async function initTrust(path: string, context: Context): Promise<void> {
  const absolute = resolve(context.workingDir, path)
  if ((await readFileIfExists(absolute)) !== undefined)
    throw new TemperError('bad-usage', `${path} already exists, and a trust file is never overwritten`, {
      next: { action: 'change-trust-file' },
    })
  await writeFileAtomic(absolute, template)
}

/**
 * Changes a trust file and leaves everything else in it as it is, including comments. A new rule comes before
 * the others, because the first match decides. Nothing is written that could not be read again. Throws
 * `bad-trust`.
 */
export async function changeTrust(path: string, change: TrustChange, context: Context): Promise<void> {
  const absolute = resolve(context.workingDir, path)
  const text = await readTrustText(absolute)
  readTrustFile(await parseTrustText(text, path), path)
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  switch (change.add) {
    case 'key':
      refuseExisting(document.getIn(['keys', change.name]), change.name)
      document.setIn(['keys', change.name], await keyText(change.file, context))
      break
    case 'identity':
      refuseExisting(document.getIn(['identities', change.name]), change.name)
      document.setIn(['identities', change.name], document.createNode(identitySettings(change.pattern)))
      break
    case 'rule': {
      const rules: unknown = document.toJS().rules ?? []
      const list = Array.isArray(rules) ? rules.length : 0
      if (list === 0) document.set('rules', document.createNode([ruleSettings(change)]))
      else {
        const node = document.get('rules') as { readonly items: unknown[] }
        node.items.unshift(document.createNode(ruleSettings(change)))
      }
    }
  }
  for (const name of ['keys', 'identities', 'rules']) blockStyle(document.get(name))
  const changed = document.toString({ lineWidth: 0 })
  readTrustFile(await parseTrustText(changed, path), path)
  await writeFileAtomic(absolute, changed)
}

/** The template's "{}" and "[]" would keep what is added on one line. */
function blockStyle(node: unknown): void {
  if (node !== null && typeof node === 'object' && 'flow' in node) node.flow = false
}

function refuseExisting(existing: unknown, name: string): void {
  if (existing === undefined) return
  throw new TemperError('bad-usage', `The trust file already has a "${name}"`, {
    hint: 'Choose another name, or remove the old one in an editor.',
  })
}

async function keyText(file: string, context: Context): Promise<string> {
  const bytes = await readFileIfExists(resolve(context.workingDir, file))
  if (bytes === undefined) throw new TemperError('not-found', `There is no key file ${file}`)
  return loadVerificationKeys({ bytes, where: file })
    .map(({ pem }) => pem)
    .join('')
}

function identitySettings(pattern: IdentityPattern): Readonly<Record<string, string>> {
  const { identity, identityRegexp, issuer, issuerRegexp } = pattern
  return {
    ...(identity === undefined ? {} : { identity }),
    ...(identityRegexp === undefined ? {} : { 'identity-regexp': identityRegexp }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(issuerRegexp === undefined ? {} : { 'issuer-regexp': issuerRegexp }),
  }
}

function ruleSettings({ images, signedBy, require, maxAge, name }: RuleChange): Record<string, unknown> {
  return {
    images,
    'signed-by': signedBy,
    ...(require.length === 0 ? {} : { require }),
    ...(maxAge === undefined ? {} : { 'max-age': maxAge }),
    ...(name ? { name: 'required' } : {}),
  }
}
