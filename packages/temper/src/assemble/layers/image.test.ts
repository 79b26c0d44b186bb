import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { mediaTypes } from '../../model/image.ts'
import type { Recipe } from '../../model/recipe.ts'
import { sampleRecipe } from '../fixtures/sample.ts'
import { type DescribedLayer, describeImage } from './image.ts'

const digest = sha256('layer')
const layer: DescribedLayer = {
  layer: {
    descriptor: { mediaType: mediaTypes.ociLayerGzip, digest, size: 5 },
    diffId: digest,
    open: async function* () {
      yield Buffer.from('layer')
    },
  },
  createdBy: 'a layer',
}

function image(fields: Partial<Recipe>) {
  const plan = { created: 1_700_000_000, user: { user: '65532:65532', uid: 65532, gid: 65532, home: '/' } }
  return describeImage(plan, [layer], {
    recipe: sampleRecipe(fields),
    architecture: 'amd64',
    annotations: { 'io.temper.writable-paths': '/tmp' },
  })
}

describe('an image', () => {
  it('says of its hardening what was found, whatever the recipe says', () => {
    const lie = { 'io.temper.writable-paths': '/' }
    const { manifest, config } = image({ annotations: lie, labels: lie })
    expect(manifest.annotations?.['io.temper.writable-paths']).toBe('/tmp')
    expect(config.config?.Labels?.['io.temper.writable-paths']).toBe('/tmp')
  })

  it('does not depend on the order of annotations and labels', () => {
    const one = image({ annotations: { b: '2', a: '1' }, labels: { d: '4', c: '3' } })
    const other = image({ annotations: { a: '1', b: '2' }, labels: { c: '3', d: '4' } })
    expect(one.descriptor).toEqual(other.descriptor)
  })
})
