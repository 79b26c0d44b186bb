import { describe, expect, test } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { HistoryEntry } from '../../model/image.ts'
import { file } from '../fixtures/sample-tree.ts'
import { layerInstructions, layerOrigins, statedBase } from './origin.ts'

const layers = [[file('a')], [file('b')], [file('c')]]
const withHistory = (...history: HistoryEntry[]) => {
  const image = sampleImage(layers)
  return { ...image, config: { ...image.config, history } }
}
const base = { created_by: '/bin/sh -c #(nop) ADD file:1 in / ' }
const baseCommand = { created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true }
const run = { created_by: 'RUN /bin/sh -c apt-get install -y nginx # buildkit' }
const command = { created_by: 'CMD ["nginx"]', empty_layer: true }

describe('layers of the base image', () => {
  test('end with the last command that still has a layer above it', () => {
    expect(layerOrigins(withHistory(base, baseCommand, run, run, command))).toEqual([
      'base',
      'application',
      'application',
    ])
    expect(layerOrigins(withHistory(base, run, baseCommand, run, command))).toEqual([
      'base',
      'base',
      'application',
    ])
  })

  test.each<[string, HistoryEntry[]]>([
    ['there is no command but the own', [base, run, run, command]],
    ['there is no history', []],
    ['the history is of other layers', [base, baseCommand, run, command]],
  ])('cannot be told where %s', (_why, history) => {
    expect(layerOrigins(withHistory(...history))).toEqual([undefined, undefined, undefined])
  })

  test('are those that somebody knows, when the image has all of them', () => {
    const image = withHistory(base, baseCommand, run, run)
    const known = image.layers.slice(0, 2).map(({ diffId }) => diffId)
    expect(layerOrigins(image, { baseLayers: known })).toEqual(['base', 'base', 'application'])
    expect(layerOrigins(image, { baseLayers: [...known].reverse() })).toEqual([
      'base',
      'application',
      'application',
    ])
  })
})

test('layers that Temper made are the base of those above them', () => {
  const temper = { created_by: 'temper: libc6 2.36' }
  expect(layerOrigins(withHistory(temper, temper, run))).toEqual(['base', 'base', 'application'])
  expect(layerOrigins(withHistory(temper, temper, temper))).toEqual([undefined, undefined, undefined])
})

test('the stated base is a digest in an annotation, or else a label', () => {
  const digest = sha256('base')
  const name = 'org.opencontainers.image.base.digest'
  const image = sampleImage(layers, { Labels: { [name]: digest } })
  expect(statedBase(image)).toBe(digest)
  const annotations = { [name]: 'sha256:short' }
  expect(statedBase({ ...image, manifest: { ...image.manifest, annotations } })).toBeUndefined()
})

test('instructions are told when each layer has one', () => {
  expect(layerInstructions(withHistory(base, baseCommand, run, run))).toEqual([
    base.created_by,
    run.created_by,
    run.created_by,
  ])
  expect(layerInstructions(withHistory(base))).toEqual([undefined, undefined, undefined])
})
