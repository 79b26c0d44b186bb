import { describe, expect, it } from 'vitest'
import { parseReference } from '../../oci/reference.ts'
import { publishRequest } from './publish-option.ts'

const registry = 'registry.example/team/web:1'
const archive = 'oci-archive:web.tar'

describe('where else a build goes', () => {
  it.each([
    [[], false, [], false],
    [[archive], false, [archive], false],
    [[], true, [], true],
    [[archive], true, [archive], true],
    [[registry], true, [registry], false],
    [[archive, registry], true, [archive, registry], false],
  ])('with %j and --push %s', (tags, push, copies, toRecipeImage) => {
    expect(publishRequest({ tags, push })).toEqual({ copies: copies.map(parseReference), toRecipeImage })
  })

  it.each([
    [registry, false, '--push'],
    [`registry.example/web@sha256:${'0'.repeat(64)}`, true, 'digest'],
    [`oci:out/web@sha256:${'0'.repeat(64)}`, false, 'digest'],
  ])('never is %s with --push %s', (tag, push, named) => {
    expect(() => publishRequest({ tags: [tag], push })).toThrow(
      expect.objectContaining({ code: 'bad-usage', message: expect.stringContaining(named) }),
    )
  })
})
