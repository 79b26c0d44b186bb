import { expect, it } from 'vitest'
import { sourceLineText } from '../../../model/assess/source-line.ts'
import { DockerfileLines } from './dockerfile-lines.ts'

const dockerfile = `FROM debian:13 AS tools
RUN apt-get update && \\
    apt-get install -y gcc
ENV BASE=1

FROM tools
ARG VERSION=1
ENV APP_HOME=/srv PATH="/srv/bin:$PATH"
COPY --chown=1:1 . /srv/
RUN --mount=type=cache,target=/x make   install
EXPOSE 80 8443/tcp
CMD ["/srv/app"]
`
/** As BuildKit writes a history, over that of a base. */
const history = [
  { created_by: '# debian.sh', empty_layer: false },
  { created_by: 'CMD ["bash"]', empty_layer: true },
  { created_by: 'RUN /bin/sh -c apt-get update &&     apt-get install -y gcc # buildkit' },
  { created_by: 'ENV BASE=1', empty_layer: true },
  { created_by: 'ARG VERSION=1', empty_layer: true },
  { created_by: 'ENV APP_HOME=/srv PATH=/srv/bin:/usr/bin', empty_layer: true },
  { created_by: 'COPY . /srv/ # buildkit' },
  { created_by: 'RUN |1 VERSION=1 /bin/sh -c make   install # buildkit' },
  { created_by: 'EXPOSE map[80/tcp:{} 8443/tcp:{}]', empty_layer: true },
  { created_by: 'CMD ["/srv/app"]', empty_layer: true },
]
const lines = new DockerfileLines(dockerfile, 'Dockerfile', history)
const told = (line: Parameters<typeof sourceLineText>[0] | undefined) => line && sourceLineText(line)

it.each([
  [0, 'Dockerfile:1: FROM'],
  [1, 'Dockerfile:1: FROM'],
  [2, 'Dockerfile:2: RUN'],
  [5, 'Dockerfile:8: ENV'],
  [6, 'Dockerfile:9: COPY'],
  [7, 'Dockerfile:10: RUN'],
  [9, 'Dockerfile:12: CMD'],
])('entry %i of the history was made by %s', (position, expected) => {
  expect(told(lines.entry(position))).toBe(expected)
})

it.each([
  [{ setting: 'environment', name: 'PATH' } as const, 'Dockerfile:8: ENV'],
  [{ setting: 'environment', name: 'BASE' } as const, 'Dockerfile:4: ENV'],
  [{ setting: 'environment', name: 'LD_PRELOAD' } as const, 'Dockerfile: add ENV LD_PRELOAD'],
  [{ setting: 'port', name: '80/tcp' } as const, 'Dockerfile:11: EXPOSE'],
  [{ setting: 'user' } as const, 'Dockerfile: add USER'],
  [{ setting: 'base' } as const, 'Dockerfile:1: FROM'],
  [{ setting: 'build-argument', name: 'VERSION' } as const, 'Dockerfile:7: ARG'],
  [{ setting: 'trigger' } as const, 'Dockerfile:1: FROM'],
  [{ setting: 'history', name: '8' } as const, 'Dockerfile:10: RUN'],
])('%j: %s', (setting, expected) => {
  expect(told(lines.setting(setting))).toBe(expected)
})

it.each([
  ['the file itself', dockerfile, true],
  ['another one', 'FROM debian:13\nRUN pip install app\n', false],
  ['one that runs nothing', 'FROM debian:13\nUSER 1\n', true],
])('knows whether the image was built from it: %s', (_, text, expected) => {
  expect(new DockerfileLines(text, 'Dockerfile', history).isOfImage).toBe(expected)
})

it('the older builder and Buildah write the same in other words', () => {
  const legacy = [
    { created_by: '/bin/sh -c #(nop) ADD file:abc in / ' },
    { created_by: '/bin/sh -c apt-get update && apt-get install -y gcc' },
    { created_by: '/bin/sh -c #(nop)  ENV BASE=1', empty_layer: true },
    { created_by: '/bin/sh -c #(nop) COPY dir:def in /srv/ ' },
    { created_by: '|1 VERSION=1 /bin/sh -c make install' },
  ]
  const old = new DockerfileLines(dockerfile, 'Dockerfile', legacy)
  expect(legacy.map((_, i) => told(old.entry(i)))).toEqual([
    'Dockerfile:1: FROM',
    'Dockerfile:2: RUN',
    'Dockerfile:4: ENV',
    'Dockerfile:9: COPY',
    'Dockerfile:10: RUN',
  ])
})
