import { describe, expect, it } from 'vitest'
import { TemperError } from './error.ts'
import { type NextStep, plainWords, sayStep } from './next-step.ts'

const error = (options: ConstructorParameters<typeof TemperError>[2]) =>
  new TemperError('not-found', 'There is no lock', options)

describe('the advice of an error', () => {
  const next: NextStep = { action: 'make-lock', recipe: 'nginx' }
  const words = { ...plainWords, 'make-lock': ({ recipe }: { recipe?: string }) => `Press "Lock ${recipe}".` }

  it.each([
    [{}, undefined, undefined],
    [{ hint: 'Restore it.' }, 'Restore it.', 'Restore it.'],
    [{ next }, 'Make the lock again.', 'Press "Lock nginx".'],
    [{ hint: 'Restore it.', next }, 'Restore it. Make the lock again.', 'Restore it. Press "Lock nginx".'],
  ])('of %j is said in plain words, or in those of a surface', (options, plain, own) => {
    expect(error(options).advice()).toBe(plain)
    expect(error(options).advice(words)).toBe(own)
    expect(error(options).hint).toBe('hint' in options ? options.hint : undefined)
  })
})

it('has the exit code of its kind', () => {
  expect(error({}).exitCode).toBe(2)
  expect(new TemperError('gate-refused', 'no').exitCode).toBe(1)
  expect(new TemperError('network', 'no').exitCode).toBe(3)
  expect(new TemperError('internal', 'no').exitCode).toBe(70)
})

it.each<[NextStep, RegExp]>([
  [{ action: 'prune-cache' }, /^Prune/],
  [{ action: 'prune-cache', all: true }, /^Empty/],
  [{ action: 'choose-platform' }, /one of them/],
  [{ action: 'choose-platform', platforms: ['linux/amd64', 'linux/arm64'] }, /linux\/amd64, linux\/arm64/],
  [{ action: 'check-statements', file: 'a.json' }, /a\.json/],
])('%j tells what it is about', (step, said) => {
  expect(sayStep(step, plainWords)).toMatch(said)
})

it('every step is one sentence', () => {
  for (const say of Object.values(plainWords))
    expect((say as (step: object) => string)({ file: 'f', of: 'recipe' })).toMatch(/^[A-Z].*\.$/)
})
