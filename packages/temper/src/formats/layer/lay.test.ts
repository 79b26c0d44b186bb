import { describe, expect, it } from 'vitest'
import { type SampleEntry, sampleImage } from './fixtures/sample-image.ts'
import { layerItems, layLayers } from './lay.ts'

/** Path → type, layer and name of what is left of the layers. */
async function lay(...layers: SampleEntry[][]): Promise<Record<string, string>> {
  const tree = await layLayers<string>(sampleImage(layers).layers, {
    remember: ({ entry }, layer) => `${layer} ${entry.path}`,
    shared: (value, layer) => `${layer} = ${value}`,
  })
  return Object.fromEntries([...tree.entries()].sort())
}

const file = (path: string): SampleEntry => ({ path, type: 'file', content: path })

describe('layers laid over each other', () => {
  it('hide what lower layers have by name and by opaque folders, wherever the whiteout stands', async () => {
    expect(
      await lay(
        [file('a/1'), file('a/2'), file('b/1'), file('c')],
        [file('a/3'), file('a/.wh.1'), file('b/2'), file('b/.wh..wh..opq'), file('.wh.c')],
      ),
    ).toEqual({ 'a/2': '0 a/2', 'a/3': '1 a/3', 'b/2': '1 b/2' })
  })

  it('replace folders by files and files by folders', async () => {
    expect(await lay([file('a/1'), file('b')], [file('a'), file('b/2')])).toEqual({
      a: '1 a',
      'b/2': '1 b/2',
    })
  })

  it('put files where the links of lower layers lead', async () => {
    expect(
      await lay(
        [
          { path: 'usr/lib', type: 'directory' },
          { path: 'lib', type: 'symlink', target: 'usr/lib' },
        ],
        [file('lib/x')],
      ),
    ).toEqual({ lib: '0 lib', 'usr/lib': '0 usr/lib', 'usr/lib/x': '1 lib/x' })
  })

  it('make a hard link what it shares, in its own layer or below; folders and nothing cannot be shared', async () => {
    const link = (path: string, target: string): SampleEntry => ({ path, type: 'hardlink', target })
    expect(
      await lay(
        [file('a'), link('b', 'a'), { path: 'd', type: 'directory' }],
        [link('c', 'b'), file('a'), link('e', 'd'), link('f', 'none')],
      ),
    ).toEqual({ a: '1 a', b: '0 = 0 a', c: '1 = 0 = 0 a', d: '0 d' })
  })

  it('stop when they are told to', async () => {
    const stop = new AbortController()
    const reading = layLayers(sampleImage([[file('a'), file('b')]]).layers, {
      remember: () => stop.abort(new Error('enough')),
      signal: stop.signal,
    })
    await expect(reading).rejects.toThrow('enough')
  })

  it('can be read entry by entry, whiteouts among them', async () => {
    const paths: string[] = []
    for (const layer of sampleImage([[file('a'), file('.wh.b')]]).layers)
      for await (const { entry } of layerItems(layer)) paths.push(entry.path)
    expect(paths).toEqual(['a', '.wh.b'])
  })
})
