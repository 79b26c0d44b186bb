import { TemperError } from '../../base/error.ts'
import { writablePathsLabel } from '../../model/assess/run-contract.ts'
import type { ContainerSpec } from '../../model/container.ts'
import type { Image } from '../../model/image.ts'
import type { RecipeTest } from '../../model/recipe.ts'

/** The container that a test of a recipe asks for, locked down as the image should run in production. */
export function containerSpec(image: Image, test: RecipeTest): ContainerSpec {
  const { config = {} } = image.config
  const args = test.command ?? [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])]
  if (args.length === 0) {
    throw new TemperError(
      'bad-recipe',
      `tests: "${test.name}" has no command, and the image has neither entrypoint nor cmd`,
      { hint: 'Give the test a command.' },
    )
  }
  const declared = (config.Labels?.[writablePathsLabel] ?? '').split(' ').filter((path) => path !== '')
  return {
    args,
    environment: environment(config.Env ?? [], test.environment),
    workDir: config.WorkingDir ?? '/',
    user: config.User ?? '',
    writable: [...new Set([...declared, ...test.writable])].sort(),
    volumes: Object.keys(config.Volumes ?? {}).sort(),
    ports: test.http === undefined ? [] : [test.http.port],
    timeout: test.timeout,
    ...(test.stdin === undefined ? {} : { stdin: test.stdin }),
  }
}

/** The image's variables with those of the test in place of them. */
function environment(own: readonly string[], more: Readonly<Record<string, string>>): readonly string[] {
  const kept = own.filter((variable) => !Object.hasOwn(more, variable.split('=', 1)[0] ?? ''))
  return [...kept, ...Object.entries(more).map(([name, value]) => `${name}=${value}`)]
}
