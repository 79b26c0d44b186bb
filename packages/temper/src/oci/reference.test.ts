import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Reference } from '../model/reference.ts'
import { formatReference, parseReference } from './reference.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}` as const

describe('parseReference', () => {
  test.each<[string, Reference]>([
    ['oci:out/nginx', { kind: 'oci', path: 'out/nginx' }],
    ['oci:out/nginx:1.26', { kind: 'oci', path: 'out/nginx', tag: '1.26' }],
    ['oci:/a b/ü:v1', { kind: 'oci', path: '/a b/ü', tag: 'v1' }],
    ['oci:out:docker.io/library/nginx:1', { kind: 'oci', path: 'out', tag: 'docker.io/library/nginx:1' }],
    [`oci:out@${digest}`, { kind: 'oci', path: 'out', digest }],
    [`oci:out:v1@${digest}`, { kind: 'oci', path: 'out', tag: 'v1', digest }],
    ['oci:a@b', { kind: 'oci', path: 'a@b' }],
    ['oci-archive:a.tar:v1', { kind: 'oci-archive', path: 'a.tar', tag: 'v1' }],
    ['docker-archive:a.tar', { kind: 'docker-archive', path: 'a.tar' }],
    ['docker-archive:a.tar:docker.io/library/x:1', { kind: 'docker-archive', path: 'a.tar', name: 'x:1' }],
    ['docker-archive:a.tar:nginx', { kind: 'docker-archive', path: 'a.tar', name: 'nginx:latest' }],
    [
      'docker-archive:a.tar:r.io:5000/x/y:1',
      { kind: 'docker-archive', path: 'a.tar', name: 'r.io:5000/x/y:1' },
    ],
    ['registry.example/team/nginx:1.26', registry('registry.example', 'team/nginx', '1.26')],
    ['docker://registry.example/nginx', registry('registry.example', 'nginx')],
    ['127.0.0.1:5000/nginx:v1', registry('127.0.0.1:5000', 'nginx', 'v1')],
    ['[::1]:5000/nginx', registry('[::1]:5000', 'nginx')],
    ['localhost/nginx', registry('localhost', 'nginx')],
    ['docker://nginx', registry('docker.io', 'library/nginx')],
    ['docker://team/nginx:1', registry('docker.io', 'team/nginx', '1')],
    ['docker.io/nginx', registry('docker.io', 'library/nginx')],
    ['index.docker.io/team/x', registry('docker.io', 'team/x')],
    ['registry-1.docker.io/team/x', registry('docker.io', 'team/x')],
    ['DOCKER.IO/x', registry('docker.io', 'library/x')],
    ['LocalHost:5000/x', registry('localhost:5000', 'x')],
    ['LOCALHOST/x', registry('localhost', 'x')],
    ['Registry.Example/x', registry('registry.example', 'x')],
    [`r.io/a/b@${digest}`, { ...registry('r.io', 'a/b'), digest }],
    [`r.io/a/b:v1@${digest}`, { ...registry('r.io', 'a/b', 'v1'), digest }],
  ])('reads %s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected)
    expect(parseReference(formatReference(expected))).toEqual(expected)
  })

  test.each([
    '',
    ' ',
    'nginx',
    'nginx:1.26',
    'team/nginx',
    'oci:',
    'oci::v1',
    'oci:dir:',
    'oci:dir:a b',
    'oci:dir:-x',
    'oci:dir@sha256:abc',
    `oci:dir@sha512:${'0'.repeat(128)}`,
    'docker-archive:a.tar:Nginx',
    'docker-archive:a.tar:nginx:',
    'docker-daemon:nginx',
    'https://registry.example/nginx',
    'registry.example/',
    'registry.example/Nginx',
    'registry.example/a//b',
    'registry.example/../b',
    'registry.example/a:',
    `registry.example/a:${'x'.repeat(129)}`,
    'registry.example/a@sha256:123',
    `registry.example/a@${digest}:v1`,
    'user:password@registry.example/nginx',
    'registry.example:port/nginx',
    'registry.example/a b',
    'registry.example/a\u0000',
    `registry.example/${'a'.repeat(300)}`,
    'x'.repeat(100_000),
  ])('refuses %j with an example', (text) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({ code: 'bad-reference', hint: expect.stringMatching(/example|docker\.io/) }),
    )
  })

  test.each([
    'oci://user:hunter2@registry.example/nginx',
    'docker://user:hunter2@registry/nginx:1',
    'docker://user:hunter2@registry.example/nginx',
    'docker://user:hunter2@registry.example/Nginx@sha256:1',
    'docker-archive://user:hunter2@registry/nginx',
    'docker-daemon://user:hunter2@registry/nginx',
    'https://user:hunter2@registry.example/nginx',
    'user:hunter2@registry.example/nginx',
  ])('repeats no password of %j', (text) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({
        code: 'bad-reference',
        message: expect.not.stringContaining('hunter2'),
        hint: expect.not.stringContaining('hunter2'),
      }),
    )
  })

  test('reads back what it writes', () => {
    fc.assert(
      fc.property(references, (reference) => {
        expect(parseReference(formatReference(reference))).toEqual(reference)
      }),
    )
  })

  test('only throws bad-reference, and what it accepts is stable', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (text) => {
        let reference: Reference
        try {
          reference = parseReference(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-reference' })
          return
        }
        expect(parseReference(formatReference(reference))).toEqual(reference)
      }),
    )
  })
})

function registry(host: string, repository: string, tag?: string): Reference {
  return { kind: 'registry', registry: host, repository, ...(tag === undefined ? {} : { tag }) }
}

const word = fc.stringMatching(/^[a-z0-9]+([._-][a-z0-9]+)?$/, { maxLength: 12 })
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/)
const path = fc.stringMatching(/^[a-zA-Z0-9 ü/._-]{1,40}$/)
const digests = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}` as const)
const repository = fc.array(word, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/'))
const host = fc.constantFrom(
  'localhost',
  'r.io',
  'registry.example:5000',
  '127.0.0.1:5000',
  '[::1]:80',
  '10.0.0.1',
)

const references: fc.Arbitrary<Reference> = fc.oneof(
  fc.record(
    { kind: fc.constantFrom('oci' as const, 'oci-archive' as const), path, tag, digest: digests },
    { requiredKeys: ['kind', 'path'] },
  ),
  fc.record(
    {
      kind: fc.constant('docker-archive' as const),
      path,
      name: fc.tuple(repository, tag).map((parts) => parts.join(':')),
      digest: digests,
    },
    { requiredKeys: ['kind', 'path'] },
  ),
  fc.record(
    { kind: fc.constant('registry' as const), registry: host, repository, tag, digest: digests },
    { requiredKeys: ['kind', 'registry', 'repository'] },
  ),
)

const almost = fc
  .array(
    fc.constantFrom(
      'oci:',
      'docker://',
      'docker-archive:',
      'r.io/',
      'a',
      '/',
      ':',
      '@',
      digest,
      '.',
      '_',
      '-',
      'A',
    ),
  )
  .map((parts) => parts.join(''))
