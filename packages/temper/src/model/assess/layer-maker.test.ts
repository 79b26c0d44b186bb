import { expect, it } from 'vitest'
import { layerMakers } from './layer-maker.ts'

const layer = (created_by: string) => ({ created_by })
const empty = (created_by: string) => ({ created_by, empty_layer: true })

it.each<[string, Parameters<typeof layerMakers>[0], number, readonly (number | undefined)[]]>([
  [
    'each instruction its own',
    [layer('# base'), empty('ENV A=1'), layer('RUN a'), layer('COPY b /')],
    3,
    [0, 2, 3],
  ],
  [
    'the layer of a stage, given to what ends it',
    [
      empty('/bin/sh -c #(nop) ADD file:1 in /'),
      empty('/bin/sh -c #(nop) ENV A=1'),
      layer('/bin/sh -c #(nop) CMD ["a"]'),
    ],
    1,
    [0],
  ],
  [
    'one of several instructions',
    [layer('# base'), empty('RUN a'), empty('RUN b'), layer('USER 1')],
    2,
    [0, undefined],
  ],
  ['two, the second of which is said to be the layer', [empty('RUN a'), layer('RUN b')], 1, [undefined]],
  ['a folder that WORKDIR made', [layer('# base'), empty('ENV A=1'), layer('WORKDIR /app')], 2, [0, 2]],
  ['entries that say nothing', [{}, { empty_layer: true }, {}], 2, [0, 2]],
  ['fewer entries than layers', [layer('RUN a')], 2, [undefined, undefined]],
  ['no history', [], 1, [undefined]],
])('%s', (_, history, layers, expected) => {
  expect(layerMakers(history, layers)).toEqual(expected)
})
