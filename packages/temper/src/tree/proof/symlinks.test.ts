import { describe, expect, it } from 'vitest'
import { buildRoot } from '../../model/tree/fixtures/fixture-root.ts'
import { danglingSymlinks } from './symlinks.ts'

/** Link → what is missing at its end. */
const dangling = (target: string, filledLater: readonly string[] = []) =>
  danglingSymlinks(buildRoot({ 'usr/bin/tool': {}, 'usr/link': target, 'usr/chain': 'link' }), {
    filledLater,
  }).map(({ node, missing }) => [node.path, missing])

describe('links that lead nowhere', () => {
  it.each(['bin/tool', '/usr/bin', '../usr/bin/../bin/tool', '/', '..', '.'])(
    'are not those to %s',
    (target) => {
      expect(dangling(target)).toEqual([])
    },
  )

  it.each(['/proc/self/fd', '/sys', '../dev/null', '/run/app/socket', '/tmp/x', '/var/tmp/x'])(
    'are not those to %s, which is there when the container runs',
    (target) => {
      expect(dangling(target)).toEqual([])
    },
  )

  it.each(['/data', '/data/', 'data', '//data//'])('are not those into the volume "%s"', (volume) => {
    expect(dangling('/data/file', [volume])).toEqual([])
    expect(dangling('/database', [volume])).toHaveLength(2)
  })

  it.each([
    ['none', '/usr/none'],
    ['/none/of/it', '/none/of/it'],
    ['/none//of/./it', '/none/of/./it'],
    ['bin/tool/x', '/usr/bin/tool/x'],
    ['/running', '/running'],
  ])('to %s say that %s is missing, through other links too', (target, missing) => {
    expect(dangling(target)).toEqual([
      ['usr/chain', missing],
      ['usr/link', missing],
    ])
  })

  it('in a circle miss nothing and end nowhere', () => {
    expect(dangling('chain')).toEqual([
      ['usr/chain', undefined],
      ['usr/link', undefined],
    ])
  })
})
