import { describe, expect, it } from 'vitest'
import { named } from './named.ts'

const all = [{ name: 'jre' }, { name: 'node' }]
const pick = (...names: readonly string[]) => named(all, names, ({ name }) => name)

describe('what a long test is told to run', () => {
  it('is all, or what is named, in the order of the list', () => {
    expect(pick()).toEqual(all)
    expect(pick('node')).toEqual([{ name: 'node' }])
    expect(pick('node', 'jre')).toEqual(all)
  })

  it('is an error where nothing has a name that was given, so that a run of nothing does not pass', () => {
    expect(() => pick('jdk')).toThrow('nothing here is called jdk; there is jre, node')
    expect(() => pick('node', 'jdk')).toThrow('jdk')
  })
})
