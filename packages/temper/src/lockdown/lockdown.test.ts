import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { isMountPath, writablePathsLabel } from '../model/assess/run-contract.ts'
import { composeYaml } from './compose.ts'
import { dockerLine, dockerWords } from './docker.ts'
import { folder, sampleFacts } from './fixtures/sample.ts'
import { kubernetesObjects, kubernetesYaml } from './kubernetes.ts'
import { dnsLabel, planLockdown } from './plan.ts'

const schema = (name: string) =>
  new Ajv({ strict: false, logger: false, validateSchema: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')),
  )
const [kubernetes, compose] = [schema('kubernetes-1.37'), schema('compose-spec')]

const web = planLockdown(
  sampleFacts({
    ExposedPorts: { '80/tcp': {}, '8443/tcp': {} },
    Volumes: { '/data': {} },
    Labels: { [writablePathsLabel]: '/tmp /var/lib/web' },
  }),
)

/** Configurations as hostile images have them. */
const anything = fc.record({
  user: fc.constantFrom(undefined, { uid: 0, gid: 0 }, { uid: 1000, gid: 0 }),
  name: fc.oneof(fc.string(), fc.constantFrom('on', 'web', '1:2', 'a/b/c')),
  labels: fc.oneof(fc.string(), fc.constantFrom('/a /a/ /b-c /b/c', '/.. /x', '/yes')),
  volumes: fc.array(fc.oneof(fc.string(), fc.constantFrom('/data', '/no', '/a b', "/it's", '/$(x)'))),
  ports: fc.array(fc.constantFrom('80', '80/tcp', '53/udp', '9/sctp', '1-3', '0', '99999', 'x', '-1')),
})
const hostile = anything.map(({ user, name, labels, volumes, ports }) =>
  planLockdown(
    sampleFacts(
      {
        Labels: { [writablePathsLabel]: labels },
        Volumes: Object.fromEntries(volumes.map((path) => [path, {}])),
        ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
      },
      { name, user },
    ),
  ),
)

describe('for Kubernetes', () => {
  it('are objects that its schemas take, and that mean the same as YAML, whatever the image says', () => {
    fc.assert(
      fc.property(hostile, (plan) => {
        const objects = kubernetesObjects(plan)
        for (const object of objects) {
          kubernetes(object)
          expect(kubernetes.errors ?? []).toEqual([])
        }
        for (const version of ['1.1', '1.2'] as const) {
          const read = parseAllDocuments(kubernetesYaml(plan), { version })
          expect([...read].map((document) => document.toJS())).toEqual(objects)
        }
      }),
      { numRuns: 50 },
    )
    const [deployment] = kubernetesObjects(web)
    expect(kubernetes({ ...deployment, spec: {} })).toBe(false)
    expect(kubernetes({ ...deployment, spce: {} })).toBe(false)
  })

  it('let the image do what it declares, and nothing else', () => {
    const [deployment, policy] = parseAllDocuments(kubernetesYaml(web)).map((each) => each.toJS())
    const { containers, securityContext, volumes } = deployment.spec.template.spec
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
      sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
    })
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(containers[0].volumeMounts.map((mount: { mountPath: string }) => mount.mountPath)).toEqual([
      ...['/data', '/tmp', '/var/lib/web'],
    ])
    expect(volumes.map((volume: { name: string }) => volume.name)).toEqual(['data', 'tmp', 'var-lib-web'])
    expect(policy.spec.ingress).toEqual([
      {
        ports: [
          { port: 80, protocol: 'TCP' },
          { port: 8443, protocol: 'TCP' },
        ],
      },
    ])
  })

  it('say beside each thing that nothing proves it', () => {
    const text = kubernetesYaml(web)
    expect(text).toContain('# Starting values that nothing in the image proves')
    expect(text).toMatch(/- name: data\n +# A volume of the image: name a claim here[^\n]+\n +emptyDir: \{\}/)
  })
})

describe('for Docker', () => {
  it('is a line that a shell reads back word for word', () => {
    fc.assert(
      fc.property(hostile, (plan) => {
        const words = dockerWords(plan)
        const script = `set -- ${dockerLine(plan)}\nfor word; do printf '%s\\0' "$word"; done`
        const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
        expect(read).toEqual(words)
        expect(dockerLine(plan).split('\n')).toHaveLength(2)
      }),
      { numRuns: 30 },
    )
  })

  it('gives a folder of the user to the user, and any other to everyone', () => {
    expect(dockerWords(web)).toContain(
      '/var/lib/web:rw,nosuid,nodev,noexec,size=64m,mode=0755,uid=65532,gid=65532',
    )
    expect(dockerWords(web)).toContain('/tmp:rw,nosuid,nodev,noexec,size=64m,mode=1777')
    expect(dockerWords(web)).toContain('127.0.0.1:8080:80')
  })
})

describe('what is shared with the host', () => {
  const with_ = (config: Parameters<typeof sampleFacts>[0]) => planLockdown(sampleFacts(config))
  const published = (words: readonly string[]) => words.filter((_, at) => words[at - 1] === '--publish')

  it('has a port of its own for each that the image declares, and volumes that are no others', () => {
    fc.assert(
      fc.property(hostile, (plan) => {
        const words = dockerWords(plan)
        const ports = published(words).map((text) => text.split(':'))
        const sockets = ports.map(([, host = '', own = '']) => `${host}/${own.split('/')[1] ?? 'tcp'}`)
        expect(new Set(sockets).size).toBe(sockets.length)
        expect(ports.map(([, , own]) => own)).toEqual(
          plan.ports
            .filter(({ protocol }) => protocol !== 'sctp')
            .map(({ port, protocol }) => (protocol === 'tcp' ? `${port}` : `${port}/${protocol}`)),
        )
        const volumes = words.flatMap(
          (word) => /^type=volume,source=([^,]*),target=(.*)$/s.exec(word)?.[1] ?? [],
        )
        expect(new Set(volumes).size).toBe(volumes.length)
        for (const name of volumes) expect(name).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/)
        const file = parse(composeYaml(plan))
        expect(Object.keys(file.volumes ?? {})).toEqual(volumes)
        expect(file.services[plan.name].ports ?? []).toEqual(published(words))
      }),
    )
  })

  it.each([
    [['80/tcp'], ['8080:80']],
    [['8080/tcp'], ['8080:8080']],
    [
      ['80/tcp', '8080/tcp'],
      ['8081:80', '8080:8080'],
    ],
    [
      ['80/tcp', '8080/udp'],
      ['8080:80', '8080:8080/udp'],
    ],
    [
      ['53/udp', '53/tcp'],
      ['8053:53', '8053:53/udp'],
    ],
    [
      ['80', '81', '8080-8081'],
      ['8082:80', '8083:81', '8080:8080', '8081:8081'],
    ],
    [['9/sctp'], []],
  ])('of the ports %j: %j', (ports, expected) => {
    const plan = with_({ ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) })
    expect(published(dockerWords(plan))).toEqual(expected.map((port) => `127.0.0.1:${port}`))
  })

  it('keeps apart what only differs in signs', () => {
    const plan = with_({ Volumes: { '/a-b': {}, '/a/b': {}, '/A/B': {} } })
    expect(parse(composeYaml(plan)).services.web.volumes).toEqual([
      'web-a-b:/A/B',
      'web-a-b-2:/a-b',
      'web-a-b-3:/a/b',
    ])
  })
})

describe('for Compose', () => {
  it('is a file that its schema takes, whatever the image says', () => {
    fc.assert(
      fc.property(hostile, (plan) => {
        compose(parse(composeYaml(plan)))
        expect(compose.errors ?? []).toEqual([])
      }),
    )
  })

  it('keeps volumes by name', () => {
    const file = parse(composeYaml(web))
    expect(file.services.web.volumes).toEqual(['web-data:/data'])
    expect(file.volumes).toEqual({ 'web-data': {} })
  })
})

describe('a plan', () => {
  it.each([
    ['of an image that names no user', {}, { user: { uid: 0, gid: 0 } }, 'names no user'],
    ['of an image of root', { User: '0' }, { user: { uid: 0, gid: 0 } }, 'runs as root'],
    ['of an image of a stranger', { User: 'web' }, { user: undefined }, 'is called "web"'],
  ])('%s is no better than baseline, and says why', (_, config, more, reason) => {
    const user = Object.hasOwn(config, 'User') ? {} : { User: '' }
    const { podSecurity, user: runs } = planLockdown(sampleFacts({ ...user, ...config }, more))
    expect(runs).toBeUndefined()
    expect(podSecurity.level).toBe('baseline')
    expect(podSecurity.below.join()).toContain(reason)
  })

  it('of an image that declares nothing makes empty folders of the user writable, and no full ones', () => {
    const writable = [folder('/var/empty'), folder('/srv/site', { holds: 3 })]
    const { mounts, notes } = planLockdown(sampleFacts({}, { writable }))
    expect(mounts.map(({ path }) => path)).toEqual(['/var/empty'])
    expect(notes.join('\n')).toContain('which are not empty; they stay read-only: /srv/site.')
  })

  it('tells what it hides, what is not there, what nobody may write to, and what loses privileges', () => {
    const labels = { [writablePathsLabel]: '/full /gone /shut /a:b' }
    const [full, shut] = [folder('/full', { holds: 2 }), folder('/shut', { uid: 0 })]
    const { notes } = planLockdown(
      sampleFacts(
        { Labels: labels },
        {
          writable: [full],
          folders: new Map([full, shut].map((each) => [each.path, each])),
          privileged: ['/bin/su'],
        },
      ),
    )
    expect(notes).toEqual([
      'Left out, writable path "/a:b": not a plain absolute path.',
      '/full holds 2 entries in the image, hidden by the empty file system mounted over it.',
      'The image says that it writes to paths that it does not have: /gone.',
      'The image says that it writes to folders that its user may not write to: /shut.',
      'Files can no longer raise privileges: these lose the rights that they have: /bin/su.',
      'The image declares no port, so nothing may connect to it.',
    ])
  })

  it('names things as Kubernetes takes it', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(dnsLabel(name)).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/)
      }),
    )
    expect(dnsLabel('registry.example:5000/team/My_App:1')).toBe('my-app')
  })
})

it('a path to mount has no part that leads elsewhere and nothing that a syntax takes apart', () => {
  for (const path of ['/a', '/a/b.c', '/...', '/.a', '/a b']) expect(isMountPath(path), path).toBe(true)
  for (const path of ['', '/', 'a', '/a/', '//a', '/a/../b', '/.', '/a:b', '/a,b', '/a\n', '/a"b'])
    expect(isMountPath(path), path).toBe(false)
})

describe('whatever an image says', () => {
  it('each folder is mounted once, in order, because something says so', () => {
    fc.assert(
      fc.property(hostile, ({ mounts, ports, user, podSecurity, sysctls }) => {
        const paths = mounts.map(({ path }) => path)
        expect(paths).toEqual([...new Set(paths)].sort())
        for (const { path, why } of mounts) expect([isMountPath(path), why !== '']).toEqual([true, true])
        expect(podSecurity.level).toBe(user === undefined ? 'baseline' : 'restricted')
        expect(podSecurity.below.length > 0).toBe(user === undefined)
        const low = ports.some(({ port }) => port < 1024)
        expect(Object.keys(sysctls).length > 0).toBe(low)
        expect(user?.uid).not.toBe(0)
      }),
    )
  })

  it('a volume is no scratch space, also where the image says that it writes there', () => {
    const { mounts } = planLockdown(
      sampleFacts({ Volumes: { '/data': {} }, Labels: { [writablePathsLabel]: '/data /tmp' } }),
    )
    expect(mounts.map(({ path, kind }) => [path, kind])).toEqual([
      ['/data', 'data'],
      ['/tmp', 'scratch'],
    ])
  })

  it('no more than twenty folders are guessed', () => {
    const writable = Array.from({ length: 25 }, (_, i) => folder(`/f${String(i).padStart(2, '0')}`))
    expect(planLockdown(sampleFacts({}, { writable })).mounts).toHaveLength(20)
  })

  it('a number of ten digits is a user like any other', () => {
    const { user, podSecurity } = planLockdown(
      sampleFacts({ User: '1000650000' }, { user: { uid: 1_000_650_000, gid: 0 } }),
    )
    expect([user?.uid, podSecurity.level]).toEqual([1_000_650_000, 'restricted'])
  })

  it('lists are cut after five', () => {
    const privileged = Array.from({ length: 7 }, (_, i) => `/p${i}`)
    expect(planLockdown(sampleFacts({}, { privileged })).notes).toContain(
      'Files can no longer raise privileges: these lose the rights that they have: /p0, /p1, /p2, /p3, /p4 and 2 more.',
    )
  })
})
