import type { IncomingMessage, ServerResponse } from 'node:http'
import { fail, sendJson } from './exchange.ts'
import type { Behaviour } from './quirks.ts'

/** User and password that it knows. */
export const loopbackUser = { username: 'user', password: 'pass:word' } as const

interface Grant {
  readonly scopes: readonly string[]
  uses: number
}

/** Who may come in: passwords, and the service that gives tokens (the Docker token specification). */
export class Gate {
  readonly tokenRequests: URLSearchParams[] = []
  readonly #behaviour: Behaviour
  #grants = new Map<string, Grant>()
  #count = 0

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour
  }

  /** Every token that was given is worth nothing from now on. */
  expire(): void {
    this.#grants = new Map()
  }

  /** Whether a request may do what it wants in a repository. */
  admits(request: IncomingMessage, repository: string | undefined): boolean {
    const { authorization } = request.headers
    if (this.#behaviour.auth === 'none') return true
    if (this.#behaviour.auth === 'basic') return authorization === passwordHeader()
    const grant = this.#grants.get(authorization?.replace(/^Bearer /, '') ?? '')
    if (grant === undefined || grant.uses >= this.#behaviour.tokenUses) return false
    grant.uses++
    if (repository === undefined) return true
    const action = ['GET', 'HEAD'].includes(request.method ?? '') ? 'pull' : 'push'
    return grant.scopes.some((scope) => {
      const [, name, actions = ''] = scope.split(':')
      return name === repository && actions.split(',').includes(action)
    })
  }

  challenge(response: ServerResponse, host: string, repository: string | undefined): undefined {
    const scope = repository === undefined ? '' : `,scope="repository:${repository}:pull"`
    const challenge =
      this.#behaviour.auth === 'basic'
        ? 'Basic realm="loopback"'
        : `Bearer realm="http://${host}/token",service="loopback"${scope}`
    response.setHeader('www-authenticate', challenge)
    fail(response, 401, 'UNAUTHORIZED')
  }

  /** Gives a token for the scopes that are asked for. */
  answer(url: URL, request: IncomingMessage, response: ServerResponse): undefined {
    this.tokenRequests.push(url.searchParams)
    const { auth, severalScopes } = this.#behaviour
    if (auth === 'bearer' && request.headers.authorization !== passwordHeader())
      return fail(response, 401, 'DENIED')
    const asked = url.searchParams.getAll('scope').flatMap((text) => text.split(' '))
    const repositories = new Set(asked.map((scope) => scope.split(':')[1]))
    if (severalScopes === 'refused' && repositories.size > 1) return fail(response, 403, 'DENIED')
    const scopes =
      severalScopes === 'last only'
        ? asked.slice(-1)
        : severalScopes === 'first only'
          ? asked.slice(0, 1)
          : asked
    const token = `token-${++this.#count}`
    this.#grants.set(token, { scopes, uses: 0 })
    sendJson(response, 200, { token })
  }
}

function passwordHeader(): string {
  const { username, password } = loopbackUser
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
