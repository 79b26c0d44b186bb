import { expect, it } from 'vitest'
import { dockerfileInstructions, dockerfileStages } from './instructions.ts'

const text = `# syntax=docker/dockerfile:1
ARG TAG=13
FROM debian:$TAG AS Build
RUN apt-get update \\
  # a comment between

  && apt-get install -y gcc
copy <<EOF /etc/app.conf
RUN this is text
EOF

FROM --platform=$BUILDPLATFORM build
RUN <<-ONE sh && <<'TWO' cat
	one
	ONE
two
TWO
ENTRYPOINT ["/app"]
`

it('instructions are found with their lines, whatever is between and in them', () => {
  expect(dockerfileInstructions(text)).toEqual([
    { keyword: 'ARG', text: 'TAG=13', line: 2 },
    { keyword: 'FROM', text: 'debian:$TAG AS Build', line: 3 },
    { keyword: 'RUN', text: 'apt-get update  && apt-get install -y gcc', line: 4 },
    { keyword: 'COPY', text: '<<EOF /etc/app.conf\nRUN this is text', line: 8 },
    { keyword: 'FROM', text: '--platform=$BUILDPLATFORM build', line: 12 },
    { keyword: 'RUN', text: "<<-ONE sh && <<'TWO' cat\none\ntwo", line: 13 },
    { keyword: 'ENTRYPOINT', text: '["/app"]', line: 18 },
  ])
})

it('stages know what they begin with, and their names', () => {
  const stages = dockerfileStages(text).map(({ from, name, instructions }) => [
    from,
    name,
    instructions.length,
  ])
  expect(stages).toEqual([
    ['debian:$TAG', 'build', 3],
    ['build', undefined, 3],
  ])
})

it.each<[string, string, readonly (readonly [string, string, number])[]]>([
  [
    'lines of Windows',
    'FROM a\r\nRUN b \\\r\n  c\r\nUSER 1\r\n',
    [
      ['FROM', 'a', 1],
      ['RUN', 'b  c', 2],
      ['USER', '1', 4],
    ],
  ],
  [
    'another character that continues lines',
    '# escape=`\nFROM a\nRUN b `\n c\n',
    [
      ['FROM', 'a', 2],
      ['RUN', 'b  c', 3],
    ],
  ],
  [
    'a heredoc that does not end',
    'FROM a\nRUN <<EOF\nb\n',
    [
      ['FROM', 'a', 1],
      ['RUN', '<<EOF\nb\n', 2],
    ],
  ],
  [
    'a shift in a command, which opens no heredoc',
    'FROM a\nRUN echo $((1<<2))\nUSER 1',
    [
      ['FROM', 'a', 1],
      ['RUN', 'echo $((1<<2))', 2],
      ['USER', '1', 3],
    ],
  ],
  [
    'a string that is none',
    'FROM a\nRUN cat <<<word\nUSER 1',
    [
      ['FROM', 'a', 1],
      ['RUN', 'cat <<<word', 2],
      ['USER', '1', 3],
    ],
  ],
  [
    'a path that ends in the character that continues lines',
    'FROM a\nENV C b\\\\\nENV D c\n',
    [
      ['FROM', 'a', 1],
      ['ENV', 'C b\\\\', 2],
      ['ENV', 'D c', 3],
    ],
  ],
  [
    'a line that is continued at the end',
    'FROM a\nRUN b \\',
    [
      ['FROM', 'a', 1],
      ['RUN', 'b \\', 2],
    ],
  ],
  ['a mark at the beginning', '\uFEFFFROM a', [['FROM', 'a', 1]]],
  ['what is no Dockerfile', '{"a": 1}\n\0\n', []],
])('%s', (_, source, expected) => {
  expect(dockerfileInstructions(source).map(({ keyword, text, line }) => [keyword, text, line])).toEqual(
    expected,
  )
})
