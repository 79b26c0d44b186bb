import { describe, expect, it } from 'vitest'
import { isUnreachable, noDaemon, noSuchImage } from './no-daemon.ts'

const failed = (code: string) => Object.assign(new Error(code), { code })

describe('a daemon that does not answer', () => {
  it.each(['EACCES', 'EPERM'])('because this user may not is told so: %s', (code) => {
    const closed = failed(code)
    const tried = [
      { socket: '/a', error: failed('ENOENT') },
      { socket: '/b', error: closed },
    ]
    expect(noDaemon('docker', tried)).toMatchObject({
      code: 'file-system',
      message: 'This user is not allowed to use the socket of docker, /b',
      hint: 'Join the group that is (often "docker"), or run your own daemon.',
      cause: closed,
    })
  })

  it('has the first reason as its cause, and none where nothing was tried', () => {
    const [first, second] = [failed('ENOENT'), failed('ECONNREFUSED')]
    expect(
      noDaemon('podman', [
        { socket: '/a', error: first },
        { socket: '/b', error: second },
      ]),
    ).toMatchObject({
      code: 'tool-missing',
      message: 'podman does not answer: nothing listens at /a, /b',
      cause: first,
    })
    expect(noDaemon('podman', []).cause).toBeUndefined()
  })

  it.each([
    ['ENOENT', true],
    ['ECONNREFUSED', true],
    ['EACCES', true],
    ['EPERM', true],
    ['ENOTSOCK', true],
    ['ENOTDIR', true],
    ['ECONNRESET', false],
    ['ETIMEDOUT', false],
  ])('with %s the next socket is tried: %s', (code, tried) => {
    expect(isUnreachable(failed(code))).toBe(tried)
  })

  it('is no reason to try another when the error has no code', () => {
    for (const error of [new Error('x'), undefined, null]) expect(isUnreachable(error)).toBe(false)
  })
})

it.each([
  ['docker', '', 'docker has no image "x"', 'docker images'],
  ['podman', 'no such', 'podman has no image "x": no such', 'podman images'],
] as const)('an image that %s has not is told with what it said', (daemon, said, message, listing) => {
  expect(noSuchImage(daemon, 'x', said)).toMatchObject({
    code: 'not-found',
    message,
    hint: `List its images with: ${listing}`,
  })
})
