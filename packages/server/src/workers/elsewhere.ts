import { access, readFile, writeFile } from 'node:fs/promises'
import { layoutOf, lockFile, type Workplace } from '../builds/places.ts'
import { resultOf } from '../builds/result.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { folderOf } from '../recipes/recipes.ts'
import { copyImage, parseReference, TemperError } from '../temper.ts'
import { bundleOf } from './bundle.ts'
import { stagingFor, type TaskCommand } from './task.ts'

type World = Pick<FactoryWorld, 'data' | 'recipes'> & {
  readonly workers: NonNullable<FactoryWorld['workers']>
}

/**
 * Has a worker run a command. Its results are not trusted: the lock is parsed, and the image is copied by its digest
 * from the place that the worker could push to.
 */
export async function runElsewhere(world: World, place: Workplace, command: TaskCommand): Promise<unknown> {
  const { workers } = world
  const lock = command === 'lock' ? null : await readFile(lockFile(place), 'utf8')
  const done = await workers.pool.run({
    command,
    lock,
    signal: place.signal,
    onLine: place.onLine,
    bundle: await bundleOf(folderOf(world, place.recipe), place.recipe.path),
  })
  try {
    const { json } = resultOf(done.code, done.text)
    if (command === 'lock') await writeFile(lockFile(place), done.lock ?? '')
    if (command === 'build') await takeImage(world, { place, task: done.task, digest: digestIn(json) })
    return json
  } finally {
    await workers.clear(stagingFor(done.task))
  }
}

async function takeImage(
  { workers }: World,
  { place, task, digest }: { readonly place: Workplace; readonly task: string; readonly digest: string },
): Promise<void> {
  const from = parseReference(`${workers.host()}/${stagingFor(task)}@${digest}`)
  const to = parseReference(`oci:${layoutOf(place)}:built`)
  await copyImage({ from, to, evidence: 'require' }, workers.context())
  await access(layoutOf(place))
}

function digestIn(json: unknown): string {
  const digest = (json as { readonly digest?: unknown } | null)?.digest
  if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest
  throw new TemperError('bad-image', 'A worker built an image but did not say which')
}
