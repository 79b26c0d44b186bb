import { TemperError } from '../../base/error.ts'
import { createHttp } from '../../base/http/http.ts'
import { redactReference } from '../../base/http/redact.ts'
import { isRegistryHost } from '../../oci/name.ts'
import { checkLogin, type Password } from '../../oci/registry/login.ts'
import type { Context } from '../context.ts'

/** Checks that a registry accepts these credentials; throws `unauthorized` when it does not. */
export async function login(registry: string, credentials: Password, context: Context): Promise<void> {
  assertRegistry(registry)
  const { fetch, signal, insecureRegistries } = context
  await checkLogin(registry, credentials, {
    http: createHttp({ fetch, userAgent: 'temper', signal }),
    insecureRegistries,
  })
}

/** Throws unless a text is a registry host, with or without port, as in references. */
export function assertRegistry(registry: string): void {
  if (isRegistryHost(registry)) return
  throw new TemperError(
    'bad-reference',
    `"${redactReference(registry).slice(0, 100)}" is not the host of a registry`,
    {
      hint: 'Write it as references do, without https:// and without a path: registry.example or localhost:5000.',
    },
  )
}
