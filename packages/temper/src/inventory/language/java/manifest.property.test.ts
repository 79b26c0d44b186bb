import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readManifest } from './manifest.ts'

/** Java's own reader of manifests: prints what it finds, or nothing where it refuses. */
const program = `
import java.io.*; import java.nio.charset.StandardCharsets; import java.util.*; import java.util.jar.*;
public class Read {
  public static void main(String[] names) throws Exception {
    var in = new DataInputStream(new BufferedInputStream(System.in));
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    while (true) {
      int length;
      try { length = in.readInt(); } catch (EOFException end) { break; }
      byte[] bytes = in.readNBytes(length);
      try {
        Attributes main = new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes();
        for (Map.Entry<Object, Object> each : main.entrySet())
          out.print(each.getKey().toString().toLowerCase() + "\\u0001" + each.getValue() + "\\u0002");
      } catch (IOException refused) { out.print("\\u0004"); }
      out.print("\\u0003");
    }
    out.flush();
  }
}
`

const hasJava = spawnSync('java', ['--version']).status === 0

function real(texts: readonly string[]): readonly (Readonly<Record<string, string>> | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'temper-java-'))
  const path = join(folder, 'Read.java')
  writeFileSync(path, program)
  const input = Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
  const { stdout } = spawnSync('java', ['-XX:TieredStopAtLevel=1', '-Xshare:auto', path], {
    input,
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  return stdout
    .split('\u0003')
    .slice(0, -1)
    .map((each) => {
      if (each.includes('\u0004')) return undefined
      const pairs = each.split('\u0002').slice(0, -1)
      return Object.fromEntries(pairs.map((pair) => pair.split('\u0001') as [string, string]))
    })
}

const one = (...words: readonly string[]) => fc.constantFrom(...words)
const name = one(
  'Manifest-Version',
  'Implementation-Version',
  'Bundle-SymbolicName',
  'implementation-title',
  'Class-Path',
  'X_y',
)
const value = one(
  '1.0',
  'org.example.a;singleton:=true',
  'lib/a.jar lib/b.jar',
  '',
  'Ünï',
  'a: b',
  '1.0 ',
  '  two',
  'v{1}',
)
const attribute = fc
  .tuple(name, value, fc.array(one(' more', '  and more', ' ', ' 2.0'), { maxLength: 2 }))
  .map(([key, text, more]) => [`${key}: ${text}`, ...more].join('\n'))
const manifest = fc
  .tuple(
    fc.array(attribute, { minLength: 1, maxLength: 5 }),
    one(
      '',
      '\n\nName: a/B.class\nSHA-256-Digest: x\nImplementation-Version: 9.9',
      '\n\n',
      '\n\n\nName: b\nX: y',
    ),
    one('\n', '\r\n', '\r'),
  )
  .map(([attributes, rest, end]) =>
    `${['Manifest-Version: 1.0', ...attributes].join('\n')}${rest}\n`.replaceAll('\n', end),
  )

describe.skipIf(!hasJava)('a manifest, as Java reads it', () => {
  test('whatever its main section says', () => {
    const tried = [...new Set(fc.sample(manifest, { seed: 6, numRuns: 200 }))]
    const answers = real(tried)
    expect(answers).toHaveLength(tried.length)
    let taken = 0
    for (const [index, text] of tried.entries()) {
      const theirs = answers[index]
      if (theirs === undefined) continue
      taken++
      const trimmed = Object.fromEntries(Object.entries(theirs).map(([key, each]) => [key, each.trim()]))
      const ours = Object.fromEntries([...readManifest(text)].map(([key, each]) => [key, each.trim()]))
      expect({ text, ours }).toEqual({ text, ours: trimmed })
    }
    expect(taken).toBeGreaterThan(100)
  })
})

describe('a manifest', () => {
  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['of nothing', '', {}],
    ['that begins with empty lines', '\n\nA: b\n', { a: 'b' }],
    ['whose value goes on', 'A: one\n  two\n three\n', { a: 'one twothree' }],
    ['that goes on before it began', ' x\nA: b\n', { a: 'b' }],
    ['that is broken at a blank', 'A: one \n two\nB: x \n', { a: 'one two', b: 'x' }],
    ['with a line that is none', 'A: b\nnone\n more\nC: d\n', { a: 'b', c: 'd' }],
    ['with the section of a file', 'A: b\n\nName: x\nA: c\n', { a: 'b' }],
    ['without an end', 'A: b', { a: 'b' }],
  ])('%s', (_, text, expected) => {
    expect(Object.fromEntries(readManifest(text))).toEqual(expected)
  })

  test('of megabytes is read in part', () => {
    const long = `A: b\n${'B: c\n'.repeat(1_000_000)}Z: last\n`
    expect([...readManifest(long).keys()]).toEqual(['a', 'b'])
  })
})
