import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Settings } from '../settings.ts'
import type { TrustedRoot } from '../temper.ts'
import type { SignerSettings } from './signing.ts'

type FactorySettings = NonNullable<Settings['factory']>

/** Who signs, as the settings say it. */
export function signerOf(settings: FactorySettings): SignerSettings {
  const { earlierKeyFiles, earlierIdentities, trustedRootFile } = settings
  const given = givenBy(settings)
  return {
    earlier: { keyFiles: earlierKeyFiles.map((file) => resolve(file)), identities: earlierIdentities },
    ...(given === undefined ? {} : { given }),
    ...(trustedRootFile === undefined ? {} : { trustedRoot: rootIn(resolve(trustedRootFile)) }),
  }
}

function givenBy({
  keyFile,
  keyCommand,
  keyPasswordFile,
  keyless,
}: FactorySettings): SignerSettings['given'] {
  if (keyless !== undefined) {
    const { identity, issuer, identityTokenFile, fulcio, rekor, tsa } = keyless
    return {
      signer: { identity, issuer },
      tokenFile: resolve(identityTokenFile),
      addresses: {
        ...(fulcio === undefined ? {} : { fulcio }),
        ...(rekor === undefined ? {} : { rekor }),
        ...(tsa === undefined ? {} : { tsa }),
      },
    }
  }
  if (keyFile === undefined)
    return keyCommand === undefined ? undefined : { key: { kind: 'command', line: keyCommand } }
  const passwordFile = keyPasswordFile === undefined ? {} : { passwordFile: resolve(keyPasswordFile) }
  return { key: { kind: 'file', path: resolve(keyFile) }, ...passwordFile }
}

function rootIn(path: string): TrustedRoot {
  return {
    name: path,
    read: () =>
      readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      }),
  }
}
