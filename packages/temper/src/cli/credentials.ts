import { join } from 'node:path'
import { readFileIfExists } from '../base/file.ts'
import type { Context } from '../flows/context.ts'
import type { CredentialSource } from '../model/credentials.ts'
import { existing, home } from './directories.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Credentials for registries, where docker, skopeo and podman keep them. */
export function registryCredentials(env: Environment): Pick<Context, 'credentials'> {
  const path = dockerConfiguration(env)
  if (path === undefined) return {}
  let source: Promise<CredentialSource> | undefined
  const open = async () =>
    (await import('../oci/registry/credentials.ts')).dockerCredentials(path, {
      environment: helperEnvironment(env),
    })
  return {
    credentials: async (registry, repository) => {
      source ??= open()
      return await (await source)(registry, repository)
    },
  }
}

/** The file with credentials; the first that is there. */
export function dockerConfiguration(env: Environment): string | undefined {
  const candidates = [
    env['REGISTRY_AUTH_FILE'],
    env['DOCKER_CONFIG'] ? join(env['DOCKER_CONFIG'], 'config.json') : join(home(env), '.docker/config.json'),
    env['XDG_RUNTIME_DIR'] ? join(env['XDG_RUNTIME_DIR'], 'containers/auth.json') : undefined,
  ]
  return candidates.find((path) => existing(path) !== undefined)
}

/**
 * What credential helpers get of the environment: where programs and the person's files are, how to reach the keychain
 * of the session (Secret Service, pass, gpg), proxies and certificates, and what the helpers of clouds read.
 */
const helperVariables =
  /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|LANG|LC_.+|XDG_.+|DBUS_SESSION_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|GNUPGHOME|GPG_.+|PASSWORD_STORE_.+|DOCKER_CONFIG|(?:https?|all|no)_proxy|(?:HTTPS?|ALL|NO)_PROXY|SSL_CERT_(?:FILE|DIR)|AWS_.+|AZURE_.+|IDENTITY_.+|MSI_.+|GOOGLE_.+|CLOUDSDK_.+)$/

/** The variables that a credential helper needs: never the whole environment, which holds other secrets. */
export function helperEnvironment(env: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && helperVariables.test(name) ? [[name, value] as const] : [],
    ),
  )
}

/** Credentials for package archives from a netrc file, which is read when the first archive is reached. */
export function archiveCredentials(netrc: string | undefined): Pick<Context, 'archiveAuthorization'> {
  if (netrc === undefined) return {}
  return {
    archiveAuthorization: async () => {
      const [{ authorizationFor, parseNetrc }, bytes] = await Promise.all([
        import('../formats/netrc.ts'),
        readFileIfExists(netrc),
      ])
      const entries = bytes === undefined ? [] : parseNetrc(Buffer.from(bytes).toString('utf8'), netrc)
      return (address) => authorizationFor(entries, address)
    },
  }
}
