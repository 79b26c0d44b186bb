import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseOpensslConfig } from '../../../formats/openssl-config.ts'
import { parseSettings } from './openssl-settings.ts'

const settings = (text: string, start?: string) => parseSettings(Buffer.from(text), start)

describe('settings of OpenSSL', () => {
  it.each<[string, string, readonly [section: string, name: string, value: string, line: number][]]>([
    ['in capitals', 'MinProtocol = TLSv1', [['default', 'minprotocol', 'TLSv1', 1]]],
    ['in a section', '\n[ s ] # c\n\ta=b \r\n', [['s', 'a', 'b', 3]]],
    [
      'in quotes',
      `a = "b # c" # d\nb = 'c'`,
      [...[['default', 'a', 'b # c', 1]], ['default', 'b', 'c', 2]] as never,
    ],
    [
      'that go on',
      '[s]\na = DEFAULT:\\\n@SECLEVEL=0\nb = 1',
      [
        ['s', 'a', 'DEFAULT:@SECLEVEL=0', 2],
        ['s', 'b', '1', 4],
      ],
    ],
    ['that go on with carriage returns', 'a = b\\\r\nc\r\n', [['default', 'a', 'bc', 1]]],
    ['whose name goes on', '[s]\n\nMin\\\nProto\\\ncol = TLSv1', [['s', 'minprotocol', 'TLSv1', 3]]],
    ['that go on at the end', '\na = b\\\n\\', [['default', 'a', 'b', 2]]],
    [
      'of another section',
      '[s]\nt::a = 1\nb = 2',
      [
        ['t', 'a', '1', 2],
        ['s', 'b', '2', 3],
      ],
    ],
    [
      'made unique',
      '1.MinProtocol = TLSv1\na.b.c = d',
      [
        ['default', 'minprotocol', 'TLSv1', 1],
        ['default', 'b.c', 'd', 2],
      ],
    ],
    [
      'elsewhere',
      '[s]\n.include = "/x"\n.include /y z',
      [
        ['s', '.include', '/x', 2],
        ['s', '.include', '/y z', 3],
      ],
    ],
    ['commented out', '# a = b\n  #a = b\na', []],
  ])('%s', (_, text, expected) => {
    expect(settings(text).map(({ section, name, value, line }) => [section, name, value, line])).toEqual(
      expected,
    )
  })

  it('are those that whoever follows the configuration to modules reads, but for variables', () => {
    const word = fc.constantFrom(
      'a',
      'B',
      '\n[s]\n',
      '\n[ t ]\n',
      '=',
      ' ',
      '\n',
      '\\\n',
      '#',
      '"',
      "'",
      't::',
      '\r\n',
      '\\',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = `${words.join('')}\n`
        const followed = [...parseOpensslConfig(text, () => [])].flatMap(([section, keys]) =>
          [...keys].map(([key, value]) => `${section}/${key.toLowerCase()}/${value}`),
        )
        const last = new Map(settings(text).map(({ section, name, value }) => [`${section}/${name}`, value]))
        for (const each of followed) expect([...last].map(([at, value]) => `${at}/${value}`)).toContain(each)
      }),
      { numRuns: 500 },
    )
  })
})
