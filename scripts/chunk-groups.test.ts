import { describe, expect, it } from 'vitest'
import { chunkGroups } from './chunk-groups.ts'

const modules = ['/src/cli/run.ts', '/src/base/error.ts', '/src/base/http/http.ts', '/src/model/image.ts']
const group = (...sources: string[]) => [{ name: 'start', sources, priority: 3 }]
const members = (...sources: string[]) =>
  modules.filter((id) => chunkGroups('/src/', modules, group(...sources))[0]?.test(id))

describe('groups of modules', () => {
  it('hold the files and folders that they name, and no others', () => {
    expect(members('cli/run.ts')).toEqual(['/src/cli/run.ts'])
    expect(members('base/')).toEqual(['/src/base/error.ts', '/src/base/http/http.ts'])
    expect(members('base/http/', 'model/image.ts')).toEqual(['/src/base/http/http.ts', '/src/model/image.ts'])
  })

  it.each([['cli/ran.ts'], ['cli/run'], ['run.ts'], ['flows/'], ['model']])(
    'fail at %s, which is not there, whatever else is',
    (missing) => {
      expect(() => chunkGroups('/src/', modules, group('base/', missing))).toThrow(`no file is ${missing}`)
    },
  )
})
