import { ownMember } from '../../../base/own-member.ts'
import type { PackageUrl } from '../../../formats/purl/purl.ts'
import { type ComponentType, componentTypes } from '../../../model/inventory.ts'

const known: ReadonlySet<string> = new Set(componentTypes)

function isComponentType(type: string): type is ComponentType {
  return known.has(type)
}

/** Images are no software in an image. */
const images = new Set(['oci', 'docker'])

export function isImagePurl({ type }: PackageUrl): boolean {
  return images.has(type)
}

/** Types of purls that are other words for a type. */
const sameTypes: Readonly<Record<string, ComponentType>> = {
  alpine: 'apk',
  go: 'golang',
  gradle: 'maven',
  node: 'npm',
  python: 'pypi',
  rubygems: 'gem',
}

/** The component type of a purl; "generic" where Temper has no advisories for its type. */
export function purlType({ type }: PackageUrl): ComponentType {
  if (isComponentType(type)) return type
  return ownMember(sameTypes, type) ?? 'generic'
}

/** The name as its ecosystem writes it. */
export function purlName(type: ComponentType, { namespace, name }: PackageUrl): string {
  return namespace === undefined || flat.has(type) ? name : joinName(type, namespace, name)
}

/** A namespace and a name, joined as their ecosystem writes them. */
export function joinName(type: ComponentType, namespace: string, name: string): string {
  if (flat.has(type)) return name
  return type === 'maven' ? `${namespace}:${name}` : `${namespace}/${name}`
}

/** Types whose namespace is no part of the name. */
const flat = new Set<string>(['deb', 'apk', 'rpm', 'pypi', 'gem', 'cargo', 'nuget'])

/** The parts of a purl for a name as its ecosystem writes it. */
export function splitName(type: ComponentType, name: string): Pick<PackageUrl, 'namespace' | 'name'> {
  if (flat.has(type)) return { name }
  const at = name.lastIndexOf(type === 'maven' ? ':' : '/')
  if (at <= 0 || at === name.length - 1) return { name }
  return { namespace: name.slice(0, at), name: name.slice(at + 1) }
}

/** Words of other tools for what a package is: Syft's package types, Trivy's operating systems and application types. */
const words: Readonly<Record<ComponentType, readonly string[]>> = {
  deb: ['deb', 'debian', 'ubuntu', 'dpkg'],
  apk: ['apk', 'alpine', 'wolfi', 'chainguard', 'minimos'],
  rpm: [
    ...['rpm', 'redhat', 'centos', 'rocky', 'alma', 'fedora', 'amazon', 'oracle', 'photon', 'azurelinux'],
    ...['cbl-mariner', 'opensuse', 'opensuse.leap', 'opensuse.tumbleweed', 'opensuse-leap'],
    ...['suse linux enterprise server', 'suse linux enterprise micro'],
  ],
  npm: ['npm', 'yarn', 'pnpm', 'bun', 'node-pkg'],
  pypi: ['python', 'pip', 'pipenv', 'poetry', 'uv', 'python-pkg', 'pypi'],
  maven: ['java-archive', 'jenkins-plugin', 'jar', 'pom', 'gradle', 'sbt', 'maven'],
  golang: ['go-module', 'gobinary', 'gomod', 'golang'],
  cargo: ['rust-crate', 'cargo', 'rustbinary'],
  gem: ['gem', 'gemspec', 'bundler'],
  composer: ['php-composer', 'composer', 'composer-vendor'],
  nuget: [
    'dotnet',
    'nuget',
    'dotnet-core',
    'dotnet-portable',
    'packages-props',
    'packages-config',
    'packages-lock',
  ],
  hex: ['hex', 'mix-lock'],
  pub: ['dart-pub', 'pub'],
  swift: ['swift', 'swiftpm'],
  githubactions: ['github-action', 'github-action-workflow', 'actions', 'githubactions'],
  generic: ['binary', 'generic', 'linux-kernel'],
}

const byWord = new Map(
  componentTypes.flatMap((type) => words[type].map((word): [string, ComponentType] => [word, type])),
)

/** The component type that a tool's word means; undefined for unknown words. */
export function typeOfWord(word: string | undefined): ComponentType | undefined {
  return word === undefined ? undefined : byWord.get(word.toLowerCase())
}
