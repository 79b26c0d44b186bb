import { join } from 'node:path'
import { readFileIfExists } from '../base/file.ts'
import type { Context } from '../flows/context.ts'
import type { CredentialSource } from '../model/credentials.ts'
import { existing, home } from './directories.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Credentials for registries, from all the places where docker, skopeo and podman keep them. */
export function registryCredentials(env: Environment): Pick<Context, 'credentials'> {
  const paths = credentialFiles(env).filter((path) => existing(path) !== undefined)
  if (paths.length === 0) return {}
  let sources: Promise<readonly CredentialSource[]> | undefined
  const open = async () => {
    const { dockerCredentials } = await import('../oci/registry/credentials.ts')
    return paths.map((path) => dockerCredentials(path, { environment: helperEnvironment(env) }))
  }
  return {
    credentials: async (registry, repository) => {
      sources ??= open()
      // A file that knows nothing of a registry does not hide the next one.
      for (const source of await sources) {
        const credentials = await source(registry, repository)
        if (credentials !== undefined) return credentials
      }
      return undefined
    },
  }
}

/**
 * The files that hold credentials, in the order in which they are asked (containers-auth.json(5)): REGISTRY_AUTH_FILE
 * alone when it is set; else that of DOCKER_CONFIG when it is set, podman's of this session and of this user, docker's.
 */
export function credentialFiles(env: Environment): readonly string[] {
  const named = env['REGISTRY_AUTH_FILE']
  if (named) return [named]
  const runtime = env['XDG_RUNTIME_DIR']
  const dockerConfig = env['DOCKER_CONFIG']
  return [
    ...(dockerConfig ? [join(dockerConfig, 'config.json')] : []),
    runtime ? join(runtime, 'containers/auth.json') : `/run/containers/${process.getuid?.() ?? 0}/auth.json`,
    join(env['XDG_CONFIG_HOME'] || join(home(env), '.config'), 'containers/auth.json'),
    ...(dockerConfig ? [] : [join(home(env), '.docker/config.json')]),
  ]
}

/** The file that a login is written to: the first that is there, else docker's, which all of them read. */
export function loginFile(env: Environment): string {
  const files = credentialFiles(env)
  const fallback = files.find((path) => path.endsWith('config.json')) ?? files[0] ?? ''
  return files.find((path) => existing(path) !== undefined) ?? fallback
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
