import { describe, expect, it } from 'vitest'
import { vexLimits } from '../../advisory/vex/format/limits.ts'
import { readVex } from '../../advisory/vex/format/read.ts'
import { readAnyVex } from './read.ts'

const origin = 'bom'
const json = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'container', name: 'web', 'bom-ref': 'web', purl: 'pkg:oci/web' } },
  components: [{ type: 'library', name: 'lib', version: '1', 'bom-ref': 'lib', purl: 'pkg:npm/lib@1' }],
  vulnerabilities: [
    {
      id: 'CVE-2025-1',
      references: [{ id: 'GHSA-1' }],
      analysis: {
        state: 'not_affected',
        justification: 'code_not_reachable',
        detail: 'never called',
        firstIssued: '2025-01-01T00:00:00Z',
        lastUpdated: '2025-02-01T00:00:00Z',
      },
      affects: [{ ref: 'lib' }],
    },
    { id: 'CVE-2025-2', analysis: { state: 'exploitable', response: ['update'] }, affects: [{ ref: 'lib' }] },
    { id: 'CVE-2025-3', analysis: { state: 'resolved' }, affects: [{ ref: 'web' }] },
    {
      id: 'CVE-2025-4',
      analysis: { state: 'exploitable' },
      affects: [{ ref: 'lib', versions: [{ version: '1', status: 'affected' }] }],
    },
  ],
}

const xml = `<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
  <metadata><component type="container" bom-ref="web"><name>web</name><purl>pkg:oci/web</purl></component></metadata>
  <components>
    <component type="library" bom-ref="lib"><name>lib</name><version>1</version><purl>pkg:npm/lib@1</purl></component>
  </components>
  <vulnerabilities>
    <vulnerability>
      <id>CVE-2025-1</id>
      <references><reference><id>GHSA-1</id></reference></references>
      <analysis>
        <state>not_affected</state>
        <justification> code_not_reachable </justification>
        <detail>never called</detail>
        <firstIssued>2025-01-01T00:00:00Z</firstIssued>
        <lastUpdated>2025-02-01T00:00:00Z</lastUpdated>
      </analysis>
      <affects><target><ref>lib</ref></target></affects>
    </vulnerability>
    <vulnerability>
      <id>CVE-2025-2</id>
      <analysis><state>exploitable</state><responses><response>update</response></responses></analysis>
      <affects><target><ref>lib</ref></target></affects>
    </vulnerability>
    <vulnerability>
      <id>CVE-2025-3</id>
      <analysis><state>resolved</state><justification></justification></analysis>
      <affects><target><ref>web</ref></target></affects>
    </vulnerability>
    <vulnerability>
      <id>CVE-2025-4</id>
      <analysis><state>exploitable</state></analysis>
      <affects>
        <target>
          <ref>lib</ref>
          <versions><version><version>1</version><status>affected</status></version></versions>
        </target>
      </affects>
    </vulnerability>
  </vulnerabilities>
</bom>`

describe('CycloneDX in XML', () => {
  it('states what it does as JSON', async () => {
    const fromJson = readVex(Buffer.from(JSON.stringify(json)), { origin })
    expect(fromJson.notes).toEqual([])
    expect(fromJson.document.statements.map(({ status }) => status).sort()).toEqual([
      'affected',
      'affected',
      'fixed',
      'not_affected',
    ])
    const read = await readAnyVex(Buffer.from(xml), { origin })
    expect(read.notes).toEqual([])
    expect(read.document.statements).toEqual(fromJson.document.statements)
  })

  it.each([
    ['blanks', '\n\t ', ''],
    ['the mark of UTF-8', '\u{feff}', ''],
  ])('may begin with %s', async (_, before) => {
    const text = before + xml.replace(/^<\?xml.*\?>\n/, '')
    expect((await readAnyVex(Buffer.from(text), { origin })).document.statements).toHaveLength(4)
  })

  it('without vulnerabilities states nothing', async () => {
    const bare = xml.replace(/<vulnerabilities>.*<\/vulnerabilities>/s, '')
    const asXml = await readAnyVex(Buffer.from(bare), { origin })
    expect(asXml.document.statements).toEqual([])
  })

  it.each([
    ['that is cut off', Buffer.from(xml.slice(0, -5)), 'bad-sbom'],
    ['that is not UTF-8', Buffer.from([0x3c, 0xff, 0xfe]), 'bad-vex'],
    ['of something else', Buffer.from('<html></html>'), 'bad-sbom'],
  ])('%s is refused', async (_, bytes, code) => {
    await expect(readAnyVex(bytes, { origin })).rejects.toMatchObject({ code })
  })

  it('larger than any VEX document is refused before it is parsed', async () => {
    const large = Buffer.alloc(vexLimits.bytes + 1, '<')
    await expect(readAnyVex(large, { origin })).rejects.toMatchObject({ code: 'limit-exceeded' })
  })
})

it('reads JSON as ever', async () => {
  const bytes = Buffer.from(JSON.stringify(json))
  expect(await readAnyVex(bytes, { origin })).toEqual(readVex(bytes, { origin }))
})
