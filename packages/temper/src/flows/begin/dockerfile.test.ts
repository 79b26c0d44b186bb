import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findApplication } from './application.ts'
import { beginRecipe, notesOf, portsOf } from './begin.ts'
import { dockerfileStart } from './dockerfile.ts'

const start = (text: string) => dockerfileStart('Dockerfile', text)

describe('a Dockerfile', () => {
  it('says what the last stage does, with the stages that it begins with', () => {
    const text = `ARG V=3.12
FROM python:\${V}-slim AS base
ENV PORT=8000 PIP_NO_CACHE_DIR=1 PATH=/venv/bin:$PATH
WORKDIR /srv/shop/
EXPOSE 1
FROM base AS build
RUN apt-get update && apt-get install -y gcc libxml2-dev
FROM base
RUN apt-get install -y --no-install-recommends \\
    libpq5=15.* curl \\
    && rm -rf /var/lib/apt/lists/*
ENV DATA=/srv/shop/data NAME "a b"
EXPOSE $PORT 53/udp x
USER app
ENTRYPOINT ["old"]
ENTRYPOINT ["python", "/srv/shop/main.py"]
CMD ["--port", "8000"]
`
    expect(start(text)).toEqual({
      file: 'Dockerfile',
      bases: ['base', 'base', 'python:3.12-slim'],
      ports: ['1', '8000', '53/udp'],
      environment: { PORT: '8000', DATA: '/srv/shop/data' },
      packages: ['libpq5'],
      workDir: '/srv/shop',
      command: ['python', '/srv/shop/main.py', '--port', '8000'],
      left: [],
    })
  })

  it.each<[string, readonly string[]]>([
    ['CMD exec gunicorn app:app --bind 0.0.0.0:80', ['gunicorn', 'app:app', '--bind', '0.0.0.0:80']],
    ['CMD ["sh", "-c", "node a.js"]', ['node', 'a.js']],
    ['CMD ["node", 1]', []],
    ['CMD node a.js --port $PORT', []],
    ['CMD ["sh", "-c", "migrate && serve"]', []],
    ['CMD ["a"]\nENTRYPOINT ["b"]', ['b']],
    ['', []],
  ])('%j starts %j', (text, command) => {
    const read = start(`FROM a\n${text}`)
    expect(read?.command).toEqual(command)
    expect(read?.left.length).toBe(text !== '' && command.length === 0 ? 1 : 0)
  })

  it('tells which packages of Alpine it does not know, and is none without a stage', () => {
    expect(start('FROM a\nRUN apk add --no-cache libpq bash')?.left).toEqual([
      'Dockerfile: packages of Alpine have other names in Debian: libpq',
    ])
    expect(start('# nothing\nARG A=1')).toBeUndefined()
    expect(start('FROM a AS b\nFROM b AS a\nFROM a')?.bases).toEqual(['a', 'b', 'a'])
  })
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-dockerfile-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function begun(files: Readonly<Record<string, string>>) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const application = await findApplication(folder)
  const beginning = Object.assign({ name: 'shop' }, application, {
    ports: portsOf(application),
    nodeLine: '24',
  })
  return { draft: beginRecipe(beginning), notes: notesOf(beginning).join('\n') }
}

describe('a first recipe', () => {
  it('has what the Dockerfile says, where the files are now', async () => {
    const { draft, notes } = await begun({
      'uv.lock': '',
      'shop/main.py': '',
      Dockerfile:
        'FROM python:3.13\nWORKDIR /code\nRUN apt install libmagic1\nENV D=/code/d\nEXPOSE 80\nCMD ["uvicorn", "shop.main:app", "--app-dir", "/code"]',
    })
    expect(draft).toMatchObject({
      extends: 'python',
      packages: ['libmagic1'],
      environment: { D: '/app/d' },
      workDir: '/app',
      entrypoint: ['/usr/local/bin/uvicorn', 'shop.main:app', '--app-dir', '/app'],
      ports: ['80'],
    })
    expect(notes).toContain('Port 80 is for root')
  })

  it.each<[Readonly<Record<string, string>>, readonly string[], string]>([
    [
      { 'package-lock.json': '', Dockerfile: 'FROM node\nCMD ["npm", "start"]', 'index.js': '' },
      ['/usr/bin/node', '/app/index.js'],
      '',
    ],
    [
      { 'package-lock.json': '', Dockerfile: 'FROM node\nCMD ["next", "start"]' },
      ['/usr/bin/node', '/app/node_modules/.bin/next', 'start'],
      '',
    ],
    [
      { 'package-lock.json': '', Dockerfile: 'FROM node\nWORKDIR /w\nCMD ["tini", "--", "node", "/w/a.js"]' },
      ['/usr/bin/node', '/app/a.js'],
      '',
    ],
    [
      { 'uv.lock': '', 'app.py': '', Dockerfile: 'FROM python\nENTRYPOINT ["./start.sh"]' },
      ['/usr/bin/python3', '/app/app.py'],
      '',
    ],
    [
      { 'uv.lock': 'name = "uvicorn"\n', 'app/main.py': 'api = FastAPI()\n' },
      ['/usr/local/bin/uvicorn', 'app.main:api', '--host', '0.0.0.0', '--port', '8000'],
      '',
    ],
    [
      {
        'requirements.txt': 'gunicorn==1\nDjango==5\n',
        'manage.py': '',
        'shop/wsgi.py': 'application = get_wsgi_application()\n',
      },
      ['/usr/local/bin/gunicorn', '--bind', '0.0.0.0:8000', 'shop.wsgi:application'],
      'uv pip compile --generate-hashes requirements.txt -o requirements.lock.txt',
    ],
    [
      { 'requirements.txt': 'flask==3\n', 'app.py': 'app = Flask(__name__)\n' },
      ['/usr/bin/python3', '/app/app.py'],
      'requirements.lock.txt',
    ],
    [
      {
        'pom.xml':
          '<project><groupId>a</groupId><artifactId>a</artifactId><version>1</version><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>',
      },
      ['/usr/bin/java', '-jar', '/app/a-1.jar'],
      'mvn package',
    ],
  ])('of %j starts %j', async (files, entrypoint, note) => {
    const { draft, notes } = await begun(files)
    expect(draft.entrypoint).toEqual(entrypoint)
    expect(notes).toContain(note)
    if (note === '') expect(notes).not.toContain('before "temper lock"')
  })

  it('leaves out folders in which no file is', async () => {
    mkdirSync(join(folder, 'plugins/inner'), { recursive: true })
    mkdirSync(join(folder, 'data/inner'), { recursive: true })
    const { draft } = await begun({ 'index.php': '', 'data/inner/keep': '' })
    expect(draft.files.map(({ source }) => source)).toEqual(['data', 'index.php'])
  })

  it('has the extensions of PHP that the project asks for', async () => {
    const require = { 'ext-gd': '*', 'ext-PDO_MySQL': '*', 'ext-json': '*', 'ext-dom': '*' }
    const { draft } = await begun({ 'composer.json': JSON.stringify({ require }), 'index.php': '' })
    expect(draft.packages).toEqual(['php8.4-gd', 'php8.4-mysql', 'php8.4-xml'])
  })

  it('takes the whole folder where it has many names, less those that are no part of it, and says so', async () => {
    const many = Object.fromEntries(Array.from({ length: 61 }, (_, i) => [`m${i}.js`, '']))
    const { draft, notes } = await begun(
      Object.assign(many, { 'package.json': '{}', 'test/a.js': '', 'README.md': '' }),
    )
    expect(draft.files).toEqual([{ source: '.', path: '/app', ignore: ['README.md', 'test'] }])
    expect(notes).toContain('The folder has 62 files and folders, so that all of it is added but for 2 names')
  })

  it('makes pages with the line of Node.js that the catalogue has', async () => {
    const manifest = { scripts: { build: 'npx @11ty/eleventy' }, devDependencies: { '@11ty/eleventy': '3' } }
    const { draft } = await begun({ 'package-lock.json': '', 'package.json': JSON.stringify(manifest) })
    expect(draft).toMatchObject({
      extends: 'nginx',
      dependencies: [
        { npm: 'package-lock.json' },
        { npm: '@temper-images/catalog/node/24/package-lock.json', dev: true },
      ],
      steps: [{ output: { source: '_site' }, run: expect.stringMatching(/\neleventy$/) }],
    })
  })
})
