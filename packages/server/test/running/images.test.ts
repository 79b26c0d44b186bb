import { describe, expect, it } from 'vitest'
import { readRunning } from '../../src/running/images.ts'

const [a, b] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`]
const json = JSON.stringify
const read = (text: string) =>
  readRunning(text, 'list').map(({ image, digest, count }) => [image, digest, count])

describe('what runs', () => {
  it.each([
    ['is cut off', '[{"Image":"web:1"}', 1],
    ['is nested deeper than any list', `[{"Image":"web:1","a":${'['.repeat(100)}`, 1],
    ['has a line that is no JSON', `${json({ ID: '1', Image: 'web:1' })}\n{`, 2],
  ])('is not read where it %s', (_, text, line) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'bad-usage', message: `list, line ${line}: expected JSON` }),
    )
  })

  it.each<[string, string, unknown]>([
    [
      'docker ps',
      `${json({ ID: '1', Image: 'web:1' })}\n${json({ ID: '2', Image: 'web:1' })}\n`,
      [['web:1', null, 2]],
    ],
    ['docker ps with images by their ids', json({ ID: '1', Image: 'aaaaaaaaaaaa' }), []],
    [
      'podman ps',
      json([{ Image: 'localhost/web:1', ImageID: 'b'.repeat(64), Names: ['x'] }]),
      [['localhost/web:1', b, 1]],
    ],
    [
      'docker inspect',
      json([{ Id: '1', Image: a, Config: { Image: 'registry.example/web:1' } }]),
      [['registry.example/web:1', a, 1]],
    ],
    [
      'crictl ps',
      json({
        containers: [
          { image: { image: 'web:1' }, imageRef: a },
          { image: {}, imageRef: b },
        ],
      }),
      [
        [null, b, 1],
        ['web:1', a, 1],
      ],
    ],
    [
      'kubectl get pods',
      json({
        kind: 'List',
        items: [
          {
            status: {
              containerStatuses: [{ image: 'web:1', imageID: `docker-pullable://registry.example/web@${a}` }],
              initContainerStatuses: [{ image: 'init:1', imageID: '' }],
            },
          },
          { status: { phase: 'Pending' } },
        ],
      }),
      [
        ['init:1', null, 1],
        ['web:1', a, 1],
      ],
    ],
    [
      'a list',
      `# ours\nweb:1 3\nregistry.example/web@${b}\n\n`,
      [
        [`registry.example/web@${b}`, b, 1],
        ['web:1', null, 3],
      ],
    ],
    ['a list with more than can be counted', 'web:1 999999999\n'.repeat(5), [['web:1', null, 2_147_483_647]]],
    [
      'the table of docker ps, with images that begin with nothing but an id',
      [
        'CONTAINER ID   IMAGE                COMMAND                  CREATED       STATUS       PORTS     NAMES',
        '0123456789ab   web:1                "/docker-entrypoint.…"   2 hours ago   Up 2 hours   80/tcp    web-1',
        '1123456789ab   web:1                "/docker-entrypoint.…"   2 hours ago   Up 2 hours   80/tcp    web-2',
        '2123456789ab   aaaaaaaaaaaa         "sleep 1d"               2 hours ago   Up 2 hours             old',
        `3123456789ab   r.example/db@${b}   "db"   3 days ago   Up 3 days   db`,
        '',
      ].join('\r\n'),
      [
        [`r.example/db@${b}`, b, 1],
        ['web:1', null, 2],
      ],
    ],
    [
      'a table that begins with images',
      'IMAGE     NAMES\nweb:1     a\nlongest:1 b\n',
      [
        ['longest:1', null, 1],
        ['web:1', null, 1],
      ],
    ],
    [
      'the table of podman ps while nothing runs',
      'CONTAINER ID  IMAGE       COMMAND     CREATED     STATUS      PORTS       NAMES\n',
      [],
    ],
    ['nothing', ' \n', []],
  ])('is read out of %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each([
    ['a document', json({ hello: 'world' })],
    ['broken JSON', '{"Image": "web'],
    ['a table that has only short ids', 'CONTAINER ID   IMAGE\n0123456789ab   aaaaaaaaaaaa\n'],
    ['a table whose columns were moved', 'CONTAINER ID   IMAGE     COMMAND\n0123456789ab web:1 "sleep 1d"\n'],
    ['a table that ends before its images', 'CONTAINER ID   IMAGE     COMMAND\n0123456789ab\n'],
    ['prose', 'these are all of our images'],
  ])('is not read out of %s', (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad-usage' }))
  })
})
