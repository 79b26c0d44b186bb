/** What names an artefact of Maven. */
export interface Coordinates {
  readonly group: string
  readonly artifact: string
  readonly version: string
}

/**
 * `pom.properties`: lines "key=value", however many others stand before them. Undefined when one of the three is missing or
 * was never filled in.
 */
export function readPomProperties(text: string): Coordinates | undefined {
  const values = new Map<string, string>()
  for (const [, key, value] of text.matchAll(/^[^\S\r\n]*(groupId|artifactId|version)[^\S\r\n]*[=:](.*)$/gm))
    if (key !== undefined && value !== undefined) values.set(key, value.trim())
  return coordinates(values.get('groupId'), values.get('artifactId'), values.get('version'))
}

export function coordinates(
  group: string | undefined,
  artifact: string | undefined,
  version: string | undefined,
): Coordinates | undefined {
  if (!isPart(group) || !isPart(artifact) || !isPart(version)) return undefined
  return { group, artifact, version }
}

function isPart(text: string | undefined): text is string {
  return text !== undefined && text !== '' && !text.includes('${') && !/[\s:]/.test(text)
}

/** The file name of an archive, taken apart. */
export interface ArchiveName {
  readonly artifact: string
  readonly version?: string
}

/**
 * "commons-io-2.11.0.jar" is commons-io in version 2.11.0: the version begins at the first part, after a hyphen,
 * that begins with a digit. "guava-r09" and names of letters only have none. A classifier that says for whom or of
 * what kind the archive is ("-indy", "-linux-x86_64") is no part of the version.
 */
export function readArchiveName(fileName: string): ArchiveName {
  const stem = fileName.slice(0, 255).replace(/\.[A-Za-z]+$/, '')
  // Scala's binary version is part of the artefact: "kafka_2.13-3.4.0".
  const match =
    /^(.{1,200}?_(?:2\.1\d|3|sjs[\w.]+|native[\w.]+))-v?(\d[\w.+-]*)$/.exec(stem) ??
    // "google-api-services-compute-v1-rev20220720-1.32.1": an interface, its day, and what has made a library of it.
    /^(.{1,200}?)-(v\d\w{0,20}-rev\d{1,12}-\d[\w.+-]*)$/.exec(stem) ??
    // "j2v8_linux_x86_64-4.6.0": what it runs on is part of the name.
    /^(.{1,200}?[-_]x86[-_]64)-v?(\d[\w.+-]*)$/i.exec(stem) ??
    // "geronimo-annotation_1.3_spec-1.3": the version of a specification is part of the name.
    /^(.{1,150}?_\d[\d.]{0,20}_[a-z]\w{0,20})-v?(\d[\w.+-]*)$/.exec(stem) ??
    // "spring-boot-starter-3-3.2.5" is version 3.2.5 for version 3 of something else, "kzg-4844-2.1.8" of a thing with a number.
    /^(.{1,200}?[a-z]-\d{1,5})-v?(\d{1,9}\.\d[\w.+-]*)$/.exec(stem) ??
    // "starter-4-core-3.2.5" is the core of the starter for version 4, "small-v2-q-0.36.2" a kind of a second model.
    // "hibernate-jpa-2.1-api-1.0.0.Final" an interface of that version.
    /^(.{1,200}?-v?\d{1,2}(?:\.\d{1,2})?(?:-(?!(?:alpha|beta|rc|cr|m|b|sp|ga|final|jre|android|incubating|snapshot|release|groovy|hadoop|spark|scala|java|jdk)\b)[a-z][a-z\d]{0,20}){1,3})-v?(\d{1,9}\.\d[\w.+-]*)$/.exec(
      stem,
    ) ??
    // "logback-mdc-1.0-2.12.0-alpha" is version 2.12.0-alpha for version 1.0 of something else.
    /^(.{1,200}?[a-z]-\d{1,4}\.\d{1,4})-v?(\d{1,9}\.\d{1,9}\.\d[\w.+-]*)$/.exec(stem) ??
    // "jdbc-v2-0.10.0" is version 0.10.0 of a second interface, "storage-v1beta1-0.139.0" one of an interface to come.
    /^(.{1,200}?-v\d{1,4}(?:p\d)?(?:(?:alpha|beta)\d{0,3})?)-(\d[\w.+-]*)$/.exec(stem) ??
    /^(.{1,200}?)[-_]v?(\d[\w.+~-]*)$/.exec(stem)
  const [, artifact, version] = match ?? []
  if (artifact === undefined || version === undefined) return { artifact: stem }
  return { artifact, version: version.replace(classifier, '') }
}

const classifier =
  /-(indy|all|shaded|uber|fat|no_aop|exec|tests|sources|javadoc|jar-with-dependencies|(linux|osx|windows|natives)[-_][\w.-]*)$/
