import { expect, test } from 'vitest'
import { parseRepositoryLine, repositoryRequest } from './repository-request.ts'

function read(line: string) {
  const parts = parseRepositoryLine(line)
  return typeof parts === 'string' ? parts : repositoryRequest(parts)
}

test.each([
  ['deb https://a.example trixie', { suite: 'trixie', components: ['main'] }],
  ['deb https://a.example/ubuntu stretch/updates main contrib', { suite: 'stretch/updates' }],
  ['deb https://a.example ./', { suite: './', components: [] }],
  [
    'deb [arch=amd64 signed-by=own.asc] https://a.example/ /',
    { suite: './', components: [], key: 'own.asc' },
  ],
  [
    'deb https://pkgs.example/core:/stable:/v1.30/deb/ /',
    { address: 'https://pkgs.example/core:/stable:/v1.30/deb' },
  ],
  ['deb https://a.example ./trixie/amd64/', { suite: 'trixie/amd64/', components: [] }],
  ['deb https://a.example /trixie/', { suite: 'trixie/', components: [] }],
])('%s', (line, expected) => {
  expect(read(line)).toMatchObject(expected)
})

test.each([
  ['deb https://a.example ../', 'a flat repository'],
  ['deb https://a.example a/../b/', 'a flat repository'],
  ['deb https://a.example a//b/', 'a flat repository'],
  ['deb https://a.example /trixie', 'expected a suite'],
  ['deb https://a.example ./ main', 'has no components'],
  ['deb [signed-by] https://a.example trixie', 'the option "signed-by" is not supported'],
  ['deb [signed-byX] https://a.example trixie', 'the option "signed-byX" is not supported'],
  ['deb [trusted=yes] https://a.example trixie', 'the option "trusted=yes" is not supported'],
])('%s is refused', (line, words) => {
  expect(read(line)).toContain(words)
})
