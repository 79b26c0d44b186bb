import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Store } from '../src/model/store.ts'
import { copy } from '../src/oci/copy.ts'
import { createMemoryStore } from '../src/oci/fixtures/memory.ts'
import { pushAll, type SampleImage, sampleImage, sampleReferrer } from '../src/oci/fixtures/sample.ts'
import { openLayout } from '../src/oci/layout/layout.ts'
import { openStore } from '../src/oci/open-store.ts'
import { parseReference } from '../src/oci/reference.ts'
import { LoopbackRegistry } from '../src/oci/registry/fixtures/loopback/registry.ts'
import { type RunningCli, startTemper } from './support/temper-cli.ts'

/* Whoever pulls a tag gets the old image or the new one, wherever the push of the new one was killed. */

/** How often; each round starts the program. `TEMPER_KILLS=200` for all places many times. */
const rounds = Number(process.env['TEMPER_KILLS'] ?? 10)

let folder = ''
let registry: LoopbackRegistry
let running: RunningCli | undefined
/** The request with which the program is killed, counted from 1, and whether the registry still carries it out. */
let fatal: { readonly request: number; readonly carriedOut: boolean } | undefined
let requests = 0

const [old, young] = [sampleImage('old'), sampleImage('young', { layers: 4 })]
const attached = sampleReferrer(young.descriptor, 'application/vnd.example.sbom')
const repository = () => registry.repository('app')
const open = (): Promise<Store> =>
  openStore(parseReference(`${registry.host}/app`), { fetch: globalThis.fetch })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-kill-'))
  const layout = openLayout(join(folder, 'young'))
  await pushAll(layout, young)
  await pushAll(layout, attached)
  await layout.tag(young.descriptor, 'v1')
  await writeFile(join(folder, 'policy.yaml'), 'other-rules: off\n')
  registry = await LoopbackRegistry.start({
    intercept: (request) => {
      requests++
      if (running === undefined || requests !== fatal?.request) return false
      running.child.kill('SIGKILL')
      if (fatal.carriedOut) return false
      request.socket.destroy()
      return true
    },
  })
})
afterAll(async () => {
  await registry?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The registry as it was before, with the old image under the tag. */
async function restore(): Promise<void> {
  for (const part of ['blobs', 'manifests', 'tags'] as const) repository()[part].clear()
  const store = await open()
  await pushAll(store, old)
  await store.tag(old.descriptor, 'v1')
}

async function push(command: readonly string[]): Promise<number | null> {
  requests = 0
  running = startTemper([...command, 'oci:young', `${registry.host}/app:v1`], { cwd: folder })
  const { code } = await running.done
  running = undefined
  return code
}

/** Which image the tag stands for; it can be read whole. */
async function tagged(): Promise<SampleImage | undefined> {
  const store = await open()
  const root = await store.resolve('v1')
  await copy(store, createMemoryStore(), root, { referrers: 'copy' })
  return [old, young].find(({ descriptor }) => descriptor.digest === root.digest)
}

const commands = [
  ['a push', ['push'], rounds],
  // The gate speaks before the first write.
  ['a copy through a gate', ['copy', '--policy', 'policy.yaml'], Math.ceil(rounds / 2)],
] as const

it.each(commands)(
  '%s leaves the tag old or new, never broken',
  { timeout: (rounds + 10) * 30_000 },
  async (_, command, kills) => {
    fatal = undefined
    await restore()
    expect(await push(command)).toBe(0)
    const all = requests
    expect(await tagged()).toBe(young)
    expect(all).toBeGreaterThan(10)
    const seen = new Set<SampleImage | undefined>()
    for (let round = 0; round < kills; round++) {
      await restore()
      // The last request sets the tag: it is among the first to be tried.
      fatal = { request: all - ((round >> 1) % all), carriedOut: round % 2 === 0 }
      expect(await push(command)).toBe(null)
      seen.add(await tagged())
    }
    fatal = undefined
    expect([...seen].every((image) => image === old || image === young)).toBe(true)
    expect(seen.size).toBe(2)
    // And what was left behind does not stand in the way.
    expect(await push(command)).toBe(0)
    expect(await tagged()).toBe(young)
  },
)
