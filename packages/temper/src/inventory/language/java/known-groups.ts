import { ownMember } from '../../../base/own-member.ts'
import { comGroups } from './groups/com.ts'
import { orgGroups } from './groups/org.ts'
import { apacheGroups } from './groups/org-apache.ts'
import { otherGroups } from './groups/other.ts'
import { topLevels } from './guess-group.ts'

interface Known {
  readonly group: string
  /** Set when its packages are under somebody else's name. */
  readonly anyPackages: boolean
}

/**
 * Groups of artefacts that are often found and whose archives do not say theirs, since Gradle, Ant, sbt or bnd made them.
 * Lists have a group a line: names, or what names begin with before a "*"; "!" behind one whose packages do not begin as
 * the group. Facts of Maven's central repository.
 */
const exact = new Map<string, Known[]>()
const prefixes = new Map<string, Known[]>()
for (const line of [comGroups, apacheGroups, orgGroups, otherGroups].join('').split('\n')) {
  const colon = line.indexOf(':')
  if (colon < 0) continue
  const group = line.slice(0, colon)
  for (const word of line
    .slice(colon + 1)
    .split(' ')
    .filter((each) => each !== '')) {
    const known = { group, anyPackages: word.endsWith('!') }
    const name = word.replace(/!$/, '')
    if (name.endsWith('*')) add(prefixes, name.slice(0, -1), known)
    else add(exact, name, known)
  }
}

function add(map: Map<string, Known[]>, name: string, known: Known): void {
  map.set(name, [...(map.get(name) ?? []), known])
}

interface Place {
  /** The first version that has another group. */
  readonly until?: string
  readonly group: string
  /** Prefix of its packages, if that is not one of its groups. */
  readonly packages?: string
}

/** Artefacts that have moved to another group, by version. */
const moved: Readonly<Record<string, readonly Place[]>> = {
  asm: [
    { until: '4', group: 'asm' },
    { group: 'org.ow2.asm', packages: 'org.objectweb' },
  ],
  ant: [{ until: '1.7', group: 'ant', packages: 'org.apache' }, { group: 'org.apache.ant' }],
  'detekt-core': [
    { until: '2', group: 'io.gitlab.arturbosch.detekt' },
    { until: '2', group: 'io.gitlab.arturbosch.detekt', packages: 'io.github.detekt' },
    { group: 'dev.detekt' },
  ],
  diffutils: [{ until: '2', group: 'com.googlecode.java-diff-utils' }, { group: 'com.github.wumpz' }],
  jandex: [{ until: '3', group: 'org.jboss' }, { group: 'io.smallrye' }],
  kryo: [{ until: '3', group: 'com.esotericsoftware.kryo' }, { group: 'com.esotericsoftware' }],
  minlog: [{ until: '1.3', group: 'com.esotericsoftware.minlog' }, { group: 'com.esotericsoftware' }],
  reflectasm: [
    { until: '1.10', group: 'com.esotericsoftware.reflectasm' },
    { group: 'com.esotericsoftware' },
  ],
  // What is called so in version 4 has nothing in it.
  netty: [{ until: '3.3', group: 'org.jboss.netty' }, { group: 'io.netty' }],
  opencsv: [{ until: '3', group: 'net.sf.opencsv', packages: 'au.com' }, { group: 'com.opencsv' }],
  // The interfaces by their own versions, then those that came with servers by the servers'.
  'jsp-api': [
    { until: '2.1', group: 'javax.servlet' },
    { until: '3', group: 'javax.servlet.jsp' },
    { until: '6', group: 'tomcat' },
    { group: 'org.apache.tomcat' },
  ],
  'servlet-api': [
    { until: '5', group: 'javax.servlet' },
    { until: '6', group: 'tomcat' },
    { group: 'org.apache.tomcat' },
  ],
  dom4j: [{ until: '2', group: 'dom4j' }, { group: 'org.dom4j' }],
  'hibernate-core': [{ until: '6', group: 'org.hibernate' }, { group: 'org.hibernate.orm' }],
  'hibernate-validator': [{ until: '6', group: 'org.hibernate' }, { group: 'org.hibernate.validator' }],
  javassist: [{ until: '3.12', group: 'javassist' }, { group: 'org.javassist' }],
  jsch: [{ until: '0.1.56', group: 'com.jcraft' }, { group: 'com.github.mwiede' }],
  'lz4-java': [{ until: '1.8.1', group: 'org.lz4', packages: 'net.jpountz' }, { group: 'at.yawk.lz4' }],
  'jackson-core': [{ until: '3', group: 'com.fasterxml.jackson.core' }, { group: 'tools.jackson.core' }],
  'jackson-databind': [{ until: '3', group: 'com.fasterxml.jackson.core' }, { group: 'tools.jackson.core' }],
  jdom: [{ until: '1.1', group: 'jdom' }, { group: 'org.jdom' }],
  rxjava: [
    { until: '2', group: 'io.reactivex' },
    { until: '3', group: 'io.reactivex.rxjava2' },
    { group: 'io.reactivex.rxjava3' },
  ],
  failsafe: [{ until: '3', group: 'net.jodah' }, { group: 'dev.failsafe' }],
  'jcip-annotations': [
    { until: '1.0-1', group: 'net.jcip' },
    { group: 'com.github.stephenc.jcip', packages: 'net.jcip' },
  ],
  'jersey-client': [{ until: '2', group: 'com.sun.jersey' }, { group: 'org.glassfish.jersey.core' }],
  'jersey-server': [{ until: '2', group: 'com.sun.jersey' }, { group: 'org.glassfish.jersey.core' }],
  htmlunit: [
    { until: '2', group: 'htmlunit' },
    { until: '3', group: 'net.sourceforge.htmlunit', packages: 'com.gargoylesoftware' },
    { group: 'org.htmlunit' },
  ],
  'metrics-core': [
    { until: '3', group: 'com.yammer.metrics' },
    { until: '3.1', group: 'com.codahale.metrics' },
    { until: '5', group: 'io.dropwizard.metrics', packages: 'com.codahale' },
    { group: 'io.dropwizard.metrics5' },
  ],
  commonmark: [
    { until: '0.18', group: 'com.atlassian.commonmark', packages: 'org.commonmark' },
    { group: 'org.commonmark' },
  ],
  'commons-email': [{ until: '1.1', group: 'commons-email' }, { group: 'org.apache.commons' }],
  'commons-jexl': [{ until: '2', group: 'commons-jexl' }, { group: 'org.apache.commons' }],
  'commons-math': [
    { until: '2', group: 'commons-math', packages: 'org.apache' },
    { group: 'org.apache.commons' },
  ],
  wiremock: [{ until: '3', group: 'com.github.tomakehurst' }, { group: 'org.wiremock' }],
  'wiremock-standalone': [{ until: '3', group: 'com.github.tomakehurst' }, { group: 'org.wiremock' }],
  rxkotlin: [
    { until: '2', group: 'io.reactivex' },
    { until: '3', group: 'io.reactivex.rxjava2' },
    { group: 'io.reactivex.rxjava3' },
  ],
  // Its numbers began anew there, and the old place got some of the new ones.
  ecj: [
    { until: '3.12', group: 'org.eclipse.jdt.core.compiler' },
    { until: '4', group: 'org.eclipse.jdt' },
    { group: 'org.eclipse.jdt.core.compiler' },
  ],
  jcommander: [{ until: '1.83', group: 'com.beust' }, { group: 'org.jcommander' }],
  c3p0: [{ until: '0.9.2', group: 'c3p0' }, { group: 'com.mchange' }],
  velocity: [{ until: '1.5', group: 'velocity' }, { group: 'org.apache.velocity' }],
  hsqldb: [{ until: '2', group: 'hsqldb' }, { group: 'org.hsqldb' }],
  ehcache: [{ until: '3', group: 'net.sf.ehcache' }, { group: 'org.ehcache' }],
  jline: [{ until: '3', group: 'jline' }, { group: 'org.jline' }],
  antlr: [{ until: '3', group: 'antlr' }, { group: 'org.antlr' }],
  btf: [{ until: '1.3', group: 'com.github.fge' }, { group: 'com.github.java-json-tools' }],
  'msg-simple': [{ until: '1.2', group: 'com.github.fge' }, { group: 'com.github.java-json-tools' }],
  'jackson-coreutils': [{ until: '1.9', group: 'com.github.fge' }, { group: 'com.github.java-json-tools' }],
  'json-patch': [{ until: '1.10', group: 'com.github.fge' }, { group: 'com.github.java-json-tools' }],
  'json-schema-core': [{ until: '1.2.6', group: 'com.github.fge' }, { group: 'com.github.java-json-tools' }],
  'json-schema-validator': [
    { until: '2.2.7', group: 'com.github.fge' },
    { group: 'com.github.java-json-tools' },
  ],
  'java-driver-core': [{ until: '4.18', group: 'com.datastax.oss' }, { group: 'org.apache.cassandra' }],
  'openhtmltopdf-core': [{ until: '1.1', group: 'com.openhtmltopdf' }, { group: 'io.github.openhtmltopdf' }],
  'plexus-cipher': [{ until: '2', group: 'org.sonatype.plexus' }, { group: 'org.codehaus.plexus' }],
  'plexus-sec-dispatcher': [{ until: '2', group: 'org.sonatype.plexus' }, { group: 'org.codehaus.plexus' }],
  play: [{ until: '3', group: 'com.typesafe.play' }, { group: 'org.playframework' }],
  'twirl-api': [{ until: '2', group: 'com.typesafe.play' }, { group: 'org.playframework.twirl' }],
  'tomcat-util': [{ until: '6', group: 'tomcat' }, { group: 'org.apache.tomcat' }],
  struts: [{ until: '1.3', group: 'struts' }, { group: 'org.apache.struts' }],
  groovy: [{ until: '4', group: 'org.codehaus.groovy' }, { group: 'org.apache.groovy' }],
}

/** How names are built of parts that others make for a project, or that a project has apart. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^maven-.+-plugin$/, 'org.apache.maven.plugins'],
  [/^camel-.+-starter$/, 'org.apache.camel.springboot'],
  [/^truth-.+-extension$/, 'com.google.truth.extensions'],
  // Parts of parts are of a group by the names of all but the last.
  [
    /^helidon-(?:(common)-(context|testing)|(http)-(media)|(webserver|webclient)-(observe)|(integrations|microprofile)-(\w+))-.+$/,
    'io.helidon.$1$3$5$7.$2$4$6$8',
  ],
  [
    /^micronaut-(acme|aws|azure|cache|cassandra|chatbots|coherence|crac|data|discovery|elasticsearch|email|flyway|gcp|graphql|groovy|grpc|jackson-xml|jaxrs|jms|jmx|kafka|kotlin|kubernetes|liquibase|micrometer|mqtt|multitenancy|nats|neo4j|objectstorage|openapi|oraclecloud|picocli|problem|pulsar|r2dbc|rabbitmq|reactor|redis|rss|rxjava2|rxjava3|security|serde|servlet|session|spring|sql|test|toml|tracing|validation|views)(?:-.+)?$/,
    'io.micronaut.$1',
  ],
  [/^micronaut-(?:jdbc|jooq|hibernate|vertx)(?:-.+)?$/, 'io.micronaut.sql'],
  [/^micronaut-mongo-.+$/, 'io.micronaut.mongodb'],
]

/** Bundles of others that Eclipse made again for Jetty, each with the minute in which it was made. */
const orbit = /^(?:com|javax|org)\.[\w.]{1,100}:\d[\d.]{0,20}\.v\d{12}$/

/** Parts that move together with another artefact. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^asm-(?:all|analysis|commons|tree|util|xml)$/, 'asm'],
  [
    /^ant-(?:antlr|apache-(?:bcel|bsf|log4j|oro|regexp|resolver)|commons-(?:logging|net)|jai|javamail|jdepend|jmf|jsch|junit|launcher|netrexx|nodeps|stylebook|swing|trax|weblogic)$/,
    'ant',
  ],
  [/^commonmark-ext-/, 'commonmark'],
  [/^detekt-/, 'detekt-core'],
  [/^groovy-/, 'groovy'],
  [/^htmlunit-(?:core-js|csp|cssparser|websocket-client|xpath)$/, 'htmlunit'],
  [
    /^metrics-(?:annotation|ehcache|ganglia|graphite|healthchecks|httpasyncclient|httpclient|jcache|jdbi|jersey\d?|jetty\d*|json|jvm|log4j2?|logback|servlets?)$/,
    'metrics-core',
  ],
  [/^shaded-(?:asynchttpclient|oauth)$/, 'play'],
  [/^java-driver-(?:core-shaded|mapper-|metrics-|query-builder)/, 'java-driver-core'],
  [/^openhtmltopdf-/, 'openhtmltopdf-core'],
  [
    /^play-(?:ahc-ws(?:-standalone)?|akka-http-server|build-link|cache|caffeine-cache|docs|ehcache|exceptions|filters-helpers|functional|guice|integration-test|iteratees|java(?:-\w+)?|jcache|jdbc(?:-\w+)?|logback|netty-server|openid|pekko-http-server|server|specs2|streams|test|ws(?:-standalone(?:-\w+)?)?)$/,
    'play',
  ],
  [/^twirl-(?:api|compiler|parser)$/, 'twirl-api'],
  [/^tomcat-(?:ajp|apr|coyote|http|jkstatus-ant|jni|juli|parent|util)$/, 'tomcat-util'],
  [
    /^hibernate-(?:agroal|c3p0|community-dialects|envers|graalvm|hikaricp|jcache|micrometer|processor|spatial|testing|vector)$/,
    'hibernate-core',
  ],
]

export interface KnownGroup {
  readonly group: string
  /** Set when only the beginning of the name is known: most of a family belong to one group, but not all. */
  readonly isFamily: boolean
  /** Set when the artefact has had several groups, depending on the version. */
  readonly byVersion?: true
  /** Set when its packages are known to be under somebody else's name. */
  readonly anyPackages?: true
  /** Groups that it has had in other versions. */
  readonly others?: readonly string[]
}

/**
 * The group of an artefact by its name and version, where it is well known; `packages` are those of the archive ("org.h2"),
 * empty where they are not known. Undefined where they are of somebody else, who gave the same name to another thing.
 */
export function knownGroup(artifact: string, version: string, packages: string): KnownGroup | undefined {
  if (orbit.test(`${artifact}:${version}`)) return { group: 'org.eclipse.jetty.orbit', isFamily: true }
  const name = artifact.replace(/_(?:2\.\d+|3)$/, '')
  const built = patterns.find(([pattern]) => pattern.test(name))
  const group = built && name.replace(built[0], built[1])
  if (group !== undefined && fits(group, artifact, packages)) return { group, isFamily: true }
  const key = families.find(([pattern]) => pattern.test(name))?.[1] ?? name
  const groups = ownMember(moved, key)
  if (groups?.some(({ group, packages: own = group }) => fits(own, artifact, packages)) === true) {
    const moved = groups.find(({ until }) => until === undefined || isBefore(version, until))
    if (moved === undefined) return undefined
    const others = groups.map(({ group }) => group).filter((group) => group !== moved.group)
    return { group: moved.group, isFamily: false, byVersion: true, others }
  }
  const single = fitting(exact.get(artifact) ?? exact.get(name), artifact, packages)
  const candidates = single.length > 0 ? single : fitting(longestPrefix(artifact), artifact, packages)
  const known =
    candidates.findLast(({ group }) => `${packages}.`.startsWith(`${group}.`)) ?? candidates.at(-1)
  // Of several that have an artefact of that name, which one it is stays a guess.
  return (
    known && {
      group: known.group,
      isFamily: single.length === 0 || candidates.length > 1,
      ...(known.anyPackages ? { anyPackages: true } : {}),
    }
  )
}

/** Those whose packages are in the archive; failing that, those whose packages say nothing. */
function fitting(all: readonly Known[] = [], artifact: string, packages: string): readonly Known[] {
  const own = all.filter(({ group }) => fits(group, artifact, packages))
  return own.length > 0 ? own : all.filter(({ anyPackages }) => anyPackages)
}

/** By the numbers that stand in both. */
function isBefore(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => (text.match(/\d{1,9}/g) ?? []).slice(0, 4).map(Number))
  const at = b?.findIndex((number, i) => (a?.[i] ?? 0) !== number) ?? -1
  return at >= 0 && (a?.[at] ?? 0) < (b?.[at] ?? 0)
}

function longestPrefix(artifact: string): readonly Known[] | undefined {
  for (let length = artifact.length; length > 1; length--) {
    const known = prefixes.get(artifact.slice(0, length))
    if (known !== undefined) return known
  }
  return undefined
}

/** "com", and two letters, as countries have. */
function isTopLevel(word: string): boolean {
  return word.length === 2 || topLevels.test(`${word}.`)
}

/** Names that any project gives to its parts. */
const common =
  /^(?:annotations?|api|auth|client|collections|common|config|core|js|json|markdown|standard|sql|transport|utils?|value)(?:[-_].*)?$/

/** Whether packages are not those of somebody else. Old groups are no domains ("junit"), and nor are some packages ("okio"). */
function fits(group: string, artifact: string, packages: string): boolean {
  const owner = packages.toLowerCase().split('.').slice(0, 2)
  if (owner.length < 2) return true
  if (!isTopLevel(owner[0] ?? ''))
    return !common.test(artifact) || group.toLowerCase().startsWith(owner.join('.'))
  return group.toLowerCase().startsWith(owner.join('.')) || (!group.includes('.') && !common.test(artifact))
}
