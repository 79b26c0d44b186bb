import { parseDocument } from 'yaml'
import { TemperError } from '../../base/error.ts'
import { isObject, itemsOf, type JsonObject, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import { rubyList, rubyString } from './ruby.ts'

/** What a gem says of itself. */
export interface GemSpecification {
  readonly name: string
  readonly version: string
  readonly platform: string
  readonly bindir: string
  readonly executables: readonly string[]
  /** Files that would have to be compiled. */
  readonly extensions: readonly string[]
  readonly requirePaths: readonly string[]
  /** All of it. */
  readonly fields: JsonObject
}

/** Bytes of what a gem says of itself; large ones list ten thousand files. */
export const longestSpecification = 4 << 20

/** Reads the metadata of a gem, which is YAML with tags of Ruby's classes. Throws `bad-archive`. */
export function readSpecification(text: string, what: string): GemSpecification {
  const fail = (cause?: unknown) =>
    new TemperError('bad-archive', `${what}: its metadata cannot be read`, { cause })
  let fields: unknown
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    })
    if (document.errors.length > 0) throw fail(document.errors[0])
    // Requirements are written once and meant several times.
    fields = document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    throw error instanceof TemperError ? error : fail(error)
  }
  if (!isObject(fields)) throw fail()
  const texts = (key: string) => itemsOf(memberOf(fields, key)).flatMap((each) => textOf(each) ?? [])
  const [name = '', version = ''] = [textOf(fields['name']), versionOf(fields['version'])]
  const programs = texts('executables')
  const requirePaths = texts('require_paths')
  if (
    !/^[\w.-]+$/.test(name) ||
    !/^[\w.]+$/.test(version) ||
    !programs.every((each) => /^[\w.+-]+$/.test(each))
  )
    throw fail()
  return {
    name,
    version,
    executables: programs,
    extensions: texts('extensions'),
    fields,
    platform: textOf(fields['platform']) || 'ruby',
    bindir: textOf(fields['bindir']) || 'bin',
    requirePaths: requirePaths.length > 0 ? requirePaths : ['lib'],
  }
}

function versionOf(value: unknown): string | undefined {
  return textOf(memberOf(value, 'version'))
}

/** [">= 1.0", "< 2"]. */
function requirementOf(value: unknown): readonly string[] {
  const parts = itemsOf(memberOf(value, 'requirements')).map((each) => {
    const [operator, version] = itemsOf(each)
    return `${textOf(operator) ?? '>='} ${versionOf(version) ?? '0'}`
  })
  return parts.length > 0 ? parts : ['>= 0']
}

/** The specification as the file that RubyGems finds an installed gem by: code of Ruby, without the list of its files. */
export function specificationFile(specification: GemSpecification): string {
  const { name, version, platform, requirePaths, fields } = specification
  const lines = [
    '# -*- encoding: utf-8 -*-',
    `# stub: ${name} ${version} ${platform} ${requirePaths.join('\0')}`,
    '',
    'Gem::Specification.new do |s|',
    `  s.name = ${rubyString(name)}`,
    `  s.version = ${rubyString(version)}`,
    ...(platform === 'ruby' ? [] : [`  s.platform = ${rubyString(platform)}`]),
    '',
    `  s.required_rubygems_version = ${requirementCode(fields['required_rubygems_version'])} if s.respond_to? :required_rubygems_version=`,
  ]
  const metadata = membersOf(fields['metadata']).map(
    ([key, value]) => `${rubyString(key)} => ${rubyString(textOf(value) ?? '')}`,
  )
  if (metadata.length > 0) lines.push(`  s.metadata = { ${metadata.join(', ')} } if s.respond_to? :metadata=`)
  lines.push(`  s.require_paths = ${rubyList(requirePaths)}`, ...attributes(specification), '')
  lines.push(
    `  s.specification_version = ${/^\d+$/.exec(textOf(fields['specification_version']) ?? '')?.[0] ?? '4'}`,
    '',
  )
  for (const need of itemsOf(fields['dependencies'])) lines.push(...dependencyCode(need))
  return `${lines.join('\n')}\nend\n`
}

function attributes({ bindir, executables, fields }: GemSpecification): readonly string[] {
  const lines: string[] = []
  const text = (key: string) => textOf(fields[key]) ?? ''
  const texts = (key: string) => itemsOf(fields[key]).flatMap((each) => textOf(each) ?? [])
  const add = (key: string, code: string) => lines.push(`  s.${key} = ${code}`)
  add('authors', rubyList(texts('authors')))
  if (bindir !== 'bin') add('bindir', rubyString(bindir))
  const [date] = /^\d{4}-\d{2}-\d{2}/.exec(text('date')) ?? []
  if (date !== undefined) add('date', rubyString(date).replace(/\.freeze$/, ''))
  if (text('description') !== '') add('description', rubyString(text('description')))
  if (Array.isArray(fields['email'])) add('email', rubyList(texts('email')))
  else if (text('email') !== '') add('email', rubyString(text('email')))
  if (executables.length > 0) add('executables', rubyList(executables))
  if (text('homepage') !== '') add('homepage', rubyString(text('homepage')))
  if (texts('licenses').length > 0) add('licenses', rubyList(texts('licenses')))
  const ruby = requirementCode(fields['required_ruby_version'])
  add('required_ruby_version', ruby)
  if (text('rubygems_version') !== '') add('rubygems_version', rubyString(text('rubygems_version')))
  add('summary', rubyString(text('summary')))
  return lines
}

function requirementCode(value: unknown): string {
  const all = requirementOf(value)
  return `Gem::Requirement.new(${all.length === 1 ? rubyString(all[0] ?? '') : rubyList(all)})`
}

function dependencyCode(need: unknown): readonly string[] {
  const name = textOf(memberOf(need, 'name')) ?? ''
  if (!/^[\w.-]+$/.test(name)) return []
  const kind = textOf(memberOf(need, 'type')) === ':development' ? 'development' : 'runtime'
  const requirement = memberOf(need, 'requirement') ?? memberOf(need, 'version_requirements')
  return [`  s.add_${kind}_dependency(${rubyString(name)}, ${rubyList(requirementOf(requirement))})`]
}
