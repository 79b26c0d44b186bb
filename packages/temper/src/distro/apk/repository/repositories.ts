import type { PackageSourceRequest } from '../../../model/package/package-source.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import { toMirror } from '../../shared/fetching/mirror.ts'
import { type ApkRelease, componentPath } from '../release.ts'
import { type Keys, releaseKeys, repositoryKeys } from './keys.ts'
import { ownMirrors } from './mirrors.ts'
import type { Repository } from './repository.ts'

/**
 * All repositories of a recipe: those of the release, for which a recipe repository of the same name is a mirror, and
 * the recipe's own. Errors: `bad-recipe`, `bad-key`, and those of reading keys.
 */
export async function repositoriesOf(
  release: ApkRelease,
  request: PackageSourceRequest,
): Promise<readonly Repository[]> {
  const own = await releaseKeys(release, request)
  const mirrors = await ownMirrors(release, request)
  const stands = request.repositories.filter(({ name }) => name === release.repository)
  const more = stands.flatMap(({ suite, components }) =>
    release.branch !== undefined && suite === release.branch ? components : [],
  )
  const components = [...new Set([...release.components, ...more])]
  const repositories: Repository[] = components.map((component, at) => ({
    id: release.repository,
    identity: release.repository,
    suite: release.branch ?? release.repository,
    component,
    path: componentPath(release, component),
    optional: at > 0 && !more.includes(component),
    keys: lookUp(own),
    mirrors,
  }))
  for (const each of request.repositories) {
    if (each.name === release.repository) continue
    repositories.push(...partsOf(each, await repositoryKeys(each, request)))
  }
  return repositories
}

function partsOf(request: RepositoryRequest, keys: Keys): readonly Repository[] {
  const mirror = toMirror(request.address, 'recipe')
  const common = {
    id: request.name,
    identity: mirror.address,
    optional: false,
    keys: lookUp(keys),
    mirrors: [mirror],
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
