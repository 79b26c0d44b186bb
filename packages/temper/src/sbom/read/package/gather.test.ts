import { describe, expect, it } from 'vitest'
import { TemperError } from '../../../base/error.ts'
import type { Claim } from './claim.ts'
import { componentLimit, Gatherer } from './gather.ts'

const digest = `sha256:${'a'.repeat(64)}` as const

function gathered(say: (gatherer: Gatherer) => void) {
  const gatherer = new Gatherer('spdx', 'a.json')
  say(gatherer)
  const { components, notes, ...rest } = gatherer.finish()
  return {
    ...rest,
    components,
    notes: notes.map(({ code }) => code),
    names: components.map(({ name, version }) => `${name} ${version}`),
  }
}

const claim = (ref: string, purl: string, more: Partial<Claim> = {}): Claim => ({
  ref,
  purls: [purl],
  paths: [],
  ...more,
})

describe('what a document says in pieces', () => {
  it('is put in order, each thing once', () => {
    const { names, notes } = gathered((gatherer) => {
      gatherer.claim(claim('b', 'pkg:npm/b@1'))
      gatherer.claim(claim('a', 'pkg:npm/a@2'))
      gatherer.claim(claim('again', 'pkg:npm/a@2'))
      gatherer.claim(claim('older', 'pkg:npm/a@1'))
    })
    expect(names).toEqual(['a 1', 'a 2', 'b 1'])
    expect(notes).toEqual(['duplicate-component'])
  })

  it('is twice the same thing only in the same place', () => {
    const at = (...paths: readonly string[]) => ({ paths })
    const { components, notes } = gathered((gatherer) => {
      gatherer.claim(claim('a', 'pkg:npm/a@1', at('/app/x')))
      gatherer.claim(claim('b', 'pkg:npm/a@1', at('./app/y')))
      gatherer.claim(claim('c', 'pkg:npm/a@1', at('app/y')))
    })
    expect(components.map(({ locations }) => locations)).toEqual([[{ path: 'app/x' }], [{ path: 'app/y' }]])
    expect(notes).toEqual(['duplicate-component'])
  })

  it('may name what it refers to before it says what that is', () => {
    const { components } = gathered((gatherer) => {
      gatherer.needs('a', 'b')
      gatherer.owns('a', 'file')
      gatherer.foundIn('a', '/app/package.json')
      gatherer.builtFrom('a', { name: 'source', version: '9' })
      gatherer.file({ ref: 'file', path: '/app/a.js', digest })
      gatherer.claim(claim('a', 'pkg:deb/debian/a@1'))
      gatherer.claim(claim('b', 'pkg:deb/debian/b@1'))
    })
    expect(components[0]).toMatchObject({
      dependsOn: ['pkg:deb/debian/b@1'],
      files: ['app/a.js'],
      locations: [{ path: 'app/package.json' }],
      source: { name: 'source', version: '9' },
      foundBy: 'spdx',
    })
  })

  it('passes over what refers to nothing', () => {
    const { components, wanted } = gathered((gatherer) => {
      gatherer.claim(claim('a', 'pkg:npm/a@1'))
      gatherer.needs('a', 'none')
      gatherer.owns('a', 'none')
      gatherer.owns('none', 'none')
      gatherer.foundIn('none', '/x')
      gatherer.builtFrom('none', { name: 'x' })
    })
    expect(components).toMatchObject([{ name: 'a', locations: [] }])
    expect(components[0]).not.toHaveProperty('dependsOn')
    expect(wanted).toBeUndefined()
  })

  it('tells when one reference is two things', () => {
    const { components, notes } = gathered((gatherer) => {
      gatherer.claim(claim('same', 'pkg:npm/a@1'))
      gatherer.claim(claim('same', 'pkg:npm/b@1'))
      gatherer.claim(claim('c', 'pkg:npm/c@1'))
      gatherer.needs('c', 'same')
    })
    expect(notes).toEqual(['duplicate-reference'])
    expect(components[2]?.dependsOn).toEqual(['pkg:npm/a@1'])
  })
})

describe('files', () => {
  it('are those that have a path and a digest, in order', () => {
    const { files, notes } = gathered((gatherer) => {
      gatherer.file({ path: '/b', digest, size: 3, sha1: 'c'.repeat(40) })
      gatherer.file({ path: './a', digest })
      gatherer.file({ path: '/a', digest })
      gatherer.file({ path: undefined, digest })
      gatherer.file({ path: '/', digest })
      gatherer.file({ path: `/${'x'.repeat(5000)}`, digest })
      gatherer.file({ path: '/none', digest: undefined })
    })
    expect(files).toEqual([
      { path: 'a', digest },
      { path: 'b', size: 3, digest, sha1: 'c'.repeat(40) },
    ])
    expect(notes).toEqual([
      'file-without-path',
      'file-without-path',
      'file-without-path',
      'file-without-digest',
    ])
  })

  it('are not known when the document says nothing of them', () => {
    expect(gathered(() => {})).not.toHaveProperty('files')
    expect(gathered((gatherer) => gatherer.file({ path: undefined, digest })).files).toEqual([])
  })
})

describe('what the thing as a whole needs', () => {
  const three = (gatherer: Gatherer) => {
    for (const name of ['a', 'b', 'c']) gatherer.claim(claim(name, `pkg:npm/${name}@1`))
  }

  it('is what its root needs', () => {
    const { wanted, components } = gathered((gatherer) => {
      three(gatherer)
      gatherer.root('root')
      gatherer.needs('root', 'b')
      gatherer.needs('b', 'c')
      gatherer.needs('root', 'a')
    })
    expect(wanted).toEqual(['pkg:npm/a@1', 'pkg:npm/b@1'])
    expect(components.map(({ dependsOn }) => dependsOn)).toEqual([undefined, ['pkg:npm/c@1'], undefined])
  })

  it('is the root itself where that is software', () => {
    const { wanted } = gathered((gatherer) => {
      three(gatherer)
      gatherer.root('a')
      gatherer.needs('a', 'b')
    })
    expect(wanted).toEqual(['pkg:npm/a@1'])
  })

  it('is not known when only parts say what they need', () => {
    const { wanted } = gathered((gatherer) => {
      three(gatherer)
      gatherer.needs('a', 'b')
    })
    expect(wanted).toBeUndefined()
  })
})

describe('distribution and architecture', () => {
  it('are those of most packages where the document says none', () => {
    const { distribution, architecture } = gathered((gatherer) => {
      gatherer.claim(claim('a', 'pkg:deb/debian/a@1?arch=arm64&distro=debian-12'))
      gatherer.claim(claim('b', 'pkg:deb/debian/b@1?arch=amd64&distro=debian-13'))
      gatherer.claim(claim('c', 'pkg:deb/debian/c@1?arch=amd64&distro=debian-13'))
    })
    expect(distribution).toMatchObject({ id: 'debian', version: '13' })
    expect(architecture).toBe('amd64')
  })

  it('are what the document says before that', () => {
    const { distribution, architecture, components } = gathered((gatherer) => {
      gatherer.distribution = { id: 'debian', version: '12', title: 'Debian 12' }
      gatherer.architecture = 'arm64'
      gatherer.claim(claim('b', 'pkg:deb/debian/b@1?arch=amd64&distro=debian-13'))
      gatherer.claim(claim('c', 'pkg:deb/debian/c@1?arch=amd64&distro=debian-12'))
    })
    expect(distribution).toEqual({ id: 'debian', version: '12', title: 'Debian 12' })
    expect(architecture).toBe('arm64')
    expect(components.map((each) => each.distribution?.version)).toEqual(['13', undefined])
  })

  it('take the release from packages where the document names the distribution alone', () => {
    const { distribution } = gathered((gatherer) => {
      gatherer.distribution = { id: 'debian', version: '' }
      gatherer.claim(claim('b', 'pkg:deb/debian/b@1?distro=debian-13'))
    })
    expect(distribution).toMatchObject({ id: 'debian', version: '13' })
  })
})

describe('what is too much', () => {
  it('is refused', () => {
    const gatherer = new Gatherer('spdx', 'large.json')
    const same = claim('a', 'pkg:npm/a@1')
    const many = () => {
      for (let at = 0; at <= componentLimit; at++) gatherer.claim(same)
    }
    expect(many).toThrow(TemperError)
    expect(() => gatherer.claim(same)).toThrow('large.json: more than the limit of 250000 components')
  })
})
