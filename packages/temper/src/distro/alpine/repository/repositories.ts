import type { SourceRequest } from '../../../model/package/package-source.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import { toMirror } from '../../shared/fetching/mirror.ts'
import { type AlpineRelease, alpineRepository } from '../releases.ts'
import { type Keys, releaseKeys, repositoryKeys } from './keys.ts'
import { alpineMirrors } from './mirrors.ts'
import type { Repository } from './repository.ts'

/**
 * All repositories that a recipe reads: those of the release, whose mirror a repository named "alpine" is, and the recipe's
 * own. Errors: `bad-recipe`, `bad-key`, and those of reading keys.
 */
export async function repositoriesOf(
  release: AlpineRelease,
  request: SourceRequest,
): Promise<readonly Repository[]> {
  const own = await releaseKeys(release, request)
  const mirrors = await alpineMirrors(request)
  const stands = request.repositories.filter(({ name }) => name === alpineRepository)
  const more = stands.flatMap(({ suite, components }) => (suite === release.branch ? components : []))
  const components = [...new Set([...release.components, ...more])]
  const repositories: Repository[] = components.map((component, at) => ({
    id: alpineRepository,
    identity: alpineRepository,
    suite: release.branch,
    component,
    path: `${release.branch}/${component}`,
    optional: at > 0 && !more.includes(component),
    keys: lookUp(own),
    mirrors,
  }))
  for (const each of request.repositories) {
    if (each.name === alpineRepository) continue
    repositories.push(...partsOf(each, await repositoryKeys(each, request)))
  }
  return repositories
}

function partsOf(request: RepositoryRequest, keys: Keys): readonly Repository[] {
  const mirror = toMirror(request.address, 'recipe')
  const common = {
    ...{ id: request.name, identity: mirror.address, optional: false },
    ...{ keys: lookUp(keys), mirrors: [mirror] },
  }
  if (request.suite === undefined || request.suite === './') {
    const component = mirror.address.split('/').at(-1) ?? ''
    const suite = request.tagged === true ? `@${request.name}` : request.name
    return [{ ...common, suite, component, path: '' }]
  }
  const { suite } = request
  return request.components.map((component) => ({
    ...common,
    suite,
    component,
    path: `${suite}/${component}`,
  }))
}

function lookUp(keys: Keys): Repository['keys'] {
  return (architecture) => keys.get(architecture) ?? []
}
