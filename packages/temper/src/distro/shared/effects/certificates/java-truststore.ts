import { writeJks } from '../../../../formats/crypto/jks.ts'
import type { CommandResult } from '../../scripts/world.ts'
import type { CommandCall, Effect, EffectContext } from '../effect.ts'
import { caFiles } from './ca-bundle.ts'

const done: CommandResult = { status: 0, output: '' }
/** Where Debian's Java looks: lib/security/cacerts of every JRE is a link to this. */
const path = 'etc/ssl/certs/java/cacerts'
/** The password that the whole Java world uses for lists of public certificates. */
const password = 'changeit'

/** Effect: certificate authorities in the form that Java reads. */
export const javaTruststore: Effect = {
  id: 'java-truststore',
  title: 'Certificate authorities for Java',
  why: 'Java does not read PEM bundles: without its own list every TLS handshake fails.',
  source: 'ca-certificates-java maintainer scripts; keytool(1)',
  start(context) {
    return {
      owns: [
        'etc/ssl/certs/java',
        'etc/ssl/certs/java/**',
        'var/lib/ca-certificates-java',
        'var/lib/ca-certificates-java/**',
      ],
      commands: {
        java: (call) => (isUpdate(call) ? done : undefined),
        keytool: (call) =>
          call.package === 'ca-certificates-java' ? { status: undefined, output: undefined } : undefined,
      },
      finish: () => makeTruststore(context),
    }
  },
}

function isUpdate({ arguments: words, package: name }: CommandCall): boolean {
  if (name !== 'ca-certificates-java') return false
  return words.includes('-version') || words.some((word) => word?.endsWith('/ca-certificates-java.jar'))
}

/** When a kept package brings the helper, or a JRE whose list is a link to ours. */
function isWanted({ packages, stage }: EffectContext): boolean {
  if (packages.some((installed) => installed.package.name === 'ca-certificates-java')) return true
  return stage.list('usr/lib/jvm').some((name) => {
    const list = stage.get(`usr/lib/jvm/${name}/lib/security/cacerts`)
    return list?.type === 'symlink' && list.target === `/${path}`
  })
}

function makeTruststore(context: EffectContext): void {
  if (!isWanted(context)) return
  const files = caFiles(context)
  if (files.length === 0) return
  const sorted = [...files].sort((a, b) => (a.pemName < b.pemName ? -1 : 1))
  const content = writeJks(
    sorted.map(({ pemName, certificate, mtime }) => ({
      alias: `debian:${pemName}`,
      certificate,
      // The package's own time: the list does not depend on the day.
      date: mtime * 1000,
    })),
    { password },
  )
  context.stage.put({ path, type: 'file', mode: 0o644, content })
  context.note('java-truststore', `${files.length} certificates`)
}
