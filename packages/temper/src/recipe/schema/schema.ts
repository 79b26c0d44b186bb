import * as z from 'zod'
import { localeName } from '../../model/locale.ts'
import { distributions } from '../../model/recipe.ts'
import { show } from '../document/problem.ts'
import { accounts } from './accounts.ts'
import { base, debug, minimize } from './begin.ts'
import { changeNameForm, changes, lineName } from './changes.ts'
import { contents } from './contents.ts'
import { dependencies } from './dependencies.ts'
import { hardening } from './hardening.ts'
import { pathRequest } from './paths.ts'
import { command, date, folderPath, form, shortText, text, texts } from './scalar.ts'
import { steps } from './steps.ts'
import { recipeTest } from './tests.ts'

/**
 * What a recipe may say: the one definition from which validation, the JSON Schema and
 * docs/reference/recipe.md come. Where apko or the open DHI definitions have a field of the same meaning,
 * it has their name and their spellings.
 */
const anyName = /^[^\s=:][^=]*$/

const output = z
  .strictObject({
    compression: z
      .enum(['gzip', 'zstd'])
      .optional()
      .meta({ description: 'How layers are compressed. Default: gzip.', examples: ['zstd'] }),
    level: z
      .int()
      .min(1)
      .max(9)
      .optional()
      .meta({
        description:
          'Compression level of gzip, from 1 to 9: 9 makes layers some 3 % smaller than 4, and building them takes about four times as long where nothing is cached. Default: 4.',
        examples: [9],
      }),
    'media-types': z
      .enum(['oci', 'docker'])
      .optional()
      .meta({ description: 'Media types of the image. Default: oci.', examples: ['docker'] }),
    layers: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({
        description:
          'The number of layers that packages are spread over at most; those of an application under `dependencies` get as many again. Default: 10.',
        examples: [10],
      }),
    lazy: z
      .boolean()
      .optional()
      .meta({
        description:
          'Puts a table of contents at the end of each layer (eStargz), with which containerd’s stargz snapshotter starts a container before its layers are there, and fetches files as they are read. Other clients see plain gzip. Default: false.',
        examples: [true],
      }),
  })
  .meta({ id: 'output' })

const entrypoint = z.union([command, z.strictObject({ command })], {
  error: (issue) => `expected a command, as a list of words or as one text, found ${show(issue.input)}`,
})

const portError = (issue: { input?: unknown }) =>
  `expected a port like "8080/tcp" or 8080, found ${show(issue.input)}`
const port = z.union(
  [
    z.int().min(1, { error: portError }).max(65535, { error: portError }),
    z.string().regex(/^\d{1,5}(\/(tcp|udp|sctp))?$/, { error: portError }),
  ],
  { error: portError },
)

export const recipeSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({
        description:
          'Name of the image, or a title for people when `image` is given. Default: the name of the folder that the recipe is in.',
        examples: ['nginx'],
      }),
    image: form(
      /^[a-z0-9]+([._:-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
      'an image name in lower case without a tag, like "registry.example/team/nginx"',
    )
      .optional()
      .meta({
        description: 'Where the image is published, without a tag. Its last part is the name of the image.',
        examples: ['registry.example/team/nginx'],
      }),
    distribution: z
      .enum(distributions)
      .optional()
      .meta({
        description: 'Release that the packages come from. Default: debian-13.',
        examples: ['debian-13'],
      }),
    base,
    debug,
    extends: shortText.optional().meta({
      description:
        'A recipe that this one begins with: a name in the catalogue, or a path relative to this recipe. What this recipe says is laid over it as a variant is over its recipe; name and image are not taken over. Files that it adds may lie beside either of the two.',
      examples: ['nginx'],
    }),
    line: lineName.optional().meta({
      description:
        'Which version line the recipe itself is: one of several of the same software that are supported side by side. It is a tag of the image besides `latest`. A line of the recipe that `extends` names: the image is of that line, and of no other.',
      examples: ['17'],
    }),
    lines: changes.optional().meta({
      description:
        'Further version lines, by their names; each says what it changes, as a variant does, and may set `vars` and change `variants`. The tags of a line are its name and what it adds to `tags`.',
      examples: [{ '15': { distribution: 'debian-12', vars: { MAJOR: '15' } } }],
    }),
    variant: form(changeNameForm, 'the name of a variant, like "runtime" or "dev"')
      .optional()
      .meta({
        description:
          'As in DHI definitions: which of the images of this name it is. Tags of any but `runtime` end in `-` and this name. Where one recipe makes several, write `variants`.',
        examples: ['runtime'],
      }),
    variants: changes.optional().meta({
      description:
        'Further images from this recipe, by their names; each says what it changes. Mappings are merged, lists are added to, where `!x` takes `x` away, and anything else is replaced; so are commands, and packages, files, accounts and tests of the same name. Tags of a variant end in `-` and its name.',
      examples: [{ dev: { contents: { packages: ['bash', '!tzdata'] } } }],
    }),
    flavor: shortText.optional().meta({
      description: 'As in DHI definitions: a word for people that tells images of one name apart.',
      examples: ['compat'],
    }),
    platforms: z
      .array(shortText)
      .min(1)
      .max(10)
      .optional()
      .meta({
        description: 'Platforms to build for. Default: linux/amd64. Several make one image index.',
        examples: [['linux/amd64', 'linux/arm64']],
      }),
    archs: z
      .array(shortText)
      .min(1)
      .max(10)
      .optional()
      .meta({
        description: 'The same as `platforms`, in the words of apko: amd64 or x86_64, arm64 or aarch64.',
        examples: [['amd64', 'arm64']],
      }),
    vars: texts(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'a var name like "VERSION"')
      .optional()
      .meta({
        description:
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax that it describes
          'Texts to use elsewhere as `${{vars.NAME}}`; the command line may replace them. `$${{` stands for a literal `${{`.',
        examples: [{ VERSION: '1.26' }],
      }),
    contents: contents
      .optional()
      .meta({ description: 'What the image is made of.', examples: [{ packages: ['nginx'] }] }),
    dependencies: dependencies.optional().meta({
      description:
        'Packages of an application as its own lock files have them: verified by the digests there, installed without a package manager in the image, listed in bills of materials. Scripts of theirs are not run.',
      examples: [[{ python: 'requirements.txt' }, { npm: 'package-lock.json', into: '/app' }]],
    }),
    steps: steps.optional().meta({
      description:
        'What no package brings is made here, before the image is assembled: each step runs in a sandbox without network, over a root made of locked packages, and only the outputs that it names enter the image. The lock records the digest of every one of them; a build that gets other bytes fails and names the file.',
      examples: [
        [
          {
            name: 'compile',
            packages: ['make', 'gcc', 'libc6-dev'],
            inputs: [{ source: 'hello.c' }],
            run: 'make hello',
            outputs: [{ source: 'hello', path: '/usr/local/bin/hello' }],
          },
        ],
      ],
    }),
    accounts: accounts
      .optional()
      .meta({ description: 'Users and groups.', examples: [{ 'run-as': 'nonroot' }] }),
    certificates: z
      .array(
        z
          .string()
          .min(1)
          .max(64 * 1024),
      )
      .max(100)
      .optional()
      .meta({
        description:
          'Certificate authorities to trust besides those of ca-certificates, which is added: files beside the recipe in PEM or DER, or PEM text. They become part of the bundle of the system and of Java’s truststore; NODE_EXTRA_CA_CERTS tells Node of them, REQUESTS_CA_BUNDLE and SSL_CERT_FILE what Python’s packages bring authorities of their own for (certifi).',
        examples: [['corporate-root.crt']],
      }),
    minimize,
    locales: z
      .array(form(localeName, 'a locale like "de_DE.UTF-8"'))
      .max(50)
      .optional()
      .meta({
        description:
          'Locales that the image has besides C.UTF-8, for glibc: only these of the package locales-all, which is added, and the messages of their languages. With the package locales among `contents.packages`, those that a file /etc/locale.gen under `paths` lists count, too. Name the one to use in LANG or LC_ALL under `environment`. The C library of Alpine has none to compile.',
        examples: [['de_DE.UTF-8']],
      }),
    fips: z
      .boolean()
      .optional()
      .meta({
        description:
          'OpenSSL uses its FIPS module alone: the package that has it is added (Debian 13: openssl-provider-fips), fipsmodule.cnf is written as `openssl fipsinstall` does it, and openssl.cnf activates it and nothing else. What does not use OpenSSL (Java, Go, GnuTLS) is not touched. Whether the module is validated is its vendor’s claim.',
        examples: [true],
      }),
    environment: texts(/^[^=\s]+$/, 'a variable name')
      .optional()
      .meta({
        description:
          'Environment variables of the container. PATH is set to the usual folders unless it is given.',
        examples: [{ LANG: 'C.UTF-8' }],
      }),
    entrypoint: entrypoint.optional().meta({
      description:
        'Program to start, with its first arguments. One text is cut at white space; quotes keep words together and nothing else of a shell is understood. apko’s `{command: …}` is accepted too.',
      examples: [['/usr/sbin/nginx', '-e', '/dev/stderr']],
    }),
    cmd: command.optional().meta({
      description: 'Arguments after the entrypoint; they can be replaced when the image is run.',
      examples: [['-g', 'daemon off;']],
    }),
    'work-dir': folderPath
      .optional()
      .meta({ description: 'Working directory. Default: /.', examples: ['/srv'] }),
    'stop-signal': form(/^(SIG)?[A-Z0-9+-]{1,12}$/, 'a signal like "SIGTERM"')
      .optional()
      .meta({ description: 'Signal that asks the program to end. Default: SIGTERM.', examples: ['SIGQUIT'] }),
    volumes: z
      .array(folderPath)
      .max(100)
      .optional()
      .meta({
        description: 'Folders that hold data and should lie on volumes.',
        examples: [['/var/lib/postgresql/data']],
      }),
    ports: z
      .array(port)
      .max(100)
      .optional()
      .meta({
        description: 'Ports that the program listens on. Default protocol: tcp.',
        examples: [['8080/tcp']],
      }),
    paths: z
      .array(pathRequest)
      .max(2000)
      .optional()
      .meta({
        description: 'Changes to the file system after all packages and files are in, in this order.',
        examples: [[{ type: 'directory', path: '/var/cache/app', uid: 65532, gid: 65532 }]],
      }),
    annotations: texts(anyName, 'an annotation name')
      .optional()
      .meta({
        description: 'Annotations of manifest and index, besides the standard ones.',
        examples: [{ 'org.opencontainers.image.description': 'A web server' }],
      }),
    labels: texts(anyName, 'a label name')
      .optional()
      .meta({ description: 'Labels of the image configuration.', examples: [{ team: 'web' }] }),
    'os-release': texts(/^[A-Za-z][A-Za-z0-9_-]*$/, 'an os-release field like "pretty-name"')
      .optional()
      .meta({
        description: 'Fields of /etc/os-release to set, besides those of the distribution.',
        examples: [{ 'pretty-name': 'Example base image' }],
      }),
    tags: z
      .array(text)
      .max(100)
      .optional()
      .meta({ description: 'Tags under which the image is published.', examples: [['1.26', '1']] }),
    dates: z
      .strictObject({
        release: date.optional().meta({ description: 'Day of the first release.', examples: ['2025-08-09'] }),
        'end-of-life': date
          .optional()
          .meta({ description: 'Day after which there are no updates.', examples: ['2028-08-09'] }),
      })
      .optional()
      .meta({ description: 'Life of this image.', examples: [{ 'end-of-life': '2028-08-09' }] }),
    hardening: hardening.optional().meta({
      description: 'Every image is hardened; here a recipe lists its exceptions.',
      examples: [{ allow: [{ rule: 'shell', why: 'initdb runs the server through popen' }] }],
    }),
    output: output
      .optional()
      .meta({ description: 'How the image is written.', examples: [{ compression: 'zstd' }] }),
    tests: z
      .array(recipeTest)
      .max(100)
      .optional()
      .meta({
        description:
          'Tests of the finished image in a container: read-only root, no capabilities, no network beyond the container itself.',
        examples: [[{ name: 'version', command: ['/usr/sbin/nginx', '-v'], output: 'nginx/' }]],
      }),
  })
  .meta({ id: 'recipe', title: 'Temper recipe' })

/** What validation hands on: the recipe as written, before defaults. */
export type RecipeInput = Omit<z.infer<typeof recipeSchema>, 'distribution'> & {
  /** One of the available releases. */
  readonly distribution?: string | undefined
}
