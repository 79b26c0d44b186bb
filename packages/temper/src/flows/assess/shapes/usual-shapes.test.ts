import { expect, it } from 'vitest'
import { sampleImage } from '../../../formats/layer/sample-image.ts'
import { knownOfPlain } from '../../../rules/image/plain-image.ts'
import { imageRules } from '../../../rules/image/rules.ts'
import { readImageFacts, subjectOf } from '../read-subject.ts'
import { usualShapes } from './usual-shapes.ts'

it.each(usualShapes.map((shape) => [shape.title, shape] as const))(
  'what is told of %s as an error is one',
  async (_, { layers, settings, errors }) => {
    const facts = await readImageFacts(sampleImage(layers, settings), {}, {})
    const subject = subjectOf(facts, { ...knownOfPlain, name: 'example' })
    const broken = imageRules
      .flatMap((rule) => [...rule.check(subject)])
      .filter(({ level }) => level === 'error')
    expect([...new Set(broken.map(({ rule }) => rule))].sort()).toEqual(Object.keys(errors).sort())
  },
)
