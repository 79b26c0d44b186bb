/**
 * Groups of artefacts that are often found and whose archives do not say theirs: built by Gradle, Ant or bnd, they have no
 * pom.properties. Facts of Maven's central repository. Longer prefixes come first.
 */
const byPrefix: readonly (readonly [string, string])[] = [
  ['spring-boot', 'org.springframework.boot'],
  ['spring-security-oauth2-authorization', 'org.springframework.security'],
  ['spring-security', 'org.springframework.security'],
  ['spring-data', 'org.springframework.data'],
  ['spring-cloud', 'org.springframework.cloud'],
  ['spring-integration', 'org.springframework.integration'],
  ['spring-batch', 'org.springframework.batch'],
  ['spring-amqp', 'org.springframework.amqp'],
  ['spring-rabbit', 'org.springframework.amqp'],
  ['spring-kafka', 'org.springframework.kafka'],
  ['spring-session', 'org.springframework.session'],
  ['spring-ws', 'org.springframework.ws'],
  ['spring-hateoas', 'org.springframework.hateoas'],
  ['spring-retry', 'org.springframework.retry'],
  ['spring-graphql', 'org.springframework.graphql'],
  ['spring-ldap', 'org.springframework.ldap'],
  ['tomcat-embed', 'org.apache.tomcat.embed'],
  ['tomcat-', 'org.apache.tomcat'],
  ['micrometer-', 'io.micrometer'],
  ['reactor-netty', 'io.projectreactor.netty'],
  ['reactor-', 'io.projectreactor'],
  ['kotlin-', 'org.jetbrains.kotlin'],
  ['kotlinx-', 'org.jetbrains.kotlinx'],
  ['lucene-', 'org.apache.lucene'],
  ['elasticsearch-rest', 'org.elasticsearch.client'],
  ['elasticsearch', 'org.elasticsearch'],
  ['bcprov-', 'org.bouncycastle'],
  ['bcpkix-', 'org.bouncycastle'],
  ['bcutil-', 'org.bouncycastle'],
  ['bcpg-', 'org.bouncycastle'],
  ['bc-fips', 'org.bouncycastle'],
  ['opentelemetry-', 'io.opentelemetry'],
  ['grpc-', 'io.grpc'],
  ['kafka-', 'org.apache.kafka'],
  ['junit-jupiter', 'org.junit.jupiter'],
  ['junit-platform', 'org.junit.platform'],
  ['okhttp', 'com.squareup.okhttp3'],
  ['okio', 'com.squareup.okio'],
  ['asm-', 'org.ow2.asm'],
  ['maven-', 'org.apache.maven'],
  ['ant-', 'org.apache.ant'],
]

const byName: Readonly<Record<string, string>> = {
  'spring-aop': 'org.springframework',
  'spring-aspects': 'org.springframework',
  'spring-beans': 'org.springframework',
  'spring-context': 'org.springframework',
  'spring-context-indexer': 'org.springframework',
  'spring-context-support': 'org.springframework',
  'spring-core': 'org.springframework',
  'spring-core-test': 'org.springframework',
  'spring-expression': 'org.springframework',
  'spring-instrument': 'org.springframework',
  'spring-jcl': 'org.springframework',
  'spring-jdbc': 'org.springframework',
  'spring-jms': 'org.springframework',
  'spring-messaging': 'org.springframework',
  'spring-orm': 'org.springframework',
  'spring-oxm': 'org.springframework',
  'spring-r2dbc': 'org.springframework',
  'spring-test': 'org.springframework',
  'spring-tx': 'org.springframework',
  'spring-web': 'org.springframework',
  'spring-webflux': 'org.springframework',
  'spring-webmvc': 'org.springframework',
  'spring-websocket': 'org.springframework',
  ant: 'org.apache.ant',
  asm: 'org.ow2.asm',
  catalina: 'org.apache.tomcat',
  clojure: 'org.clojure',
  ehcache: 'org.ehcache',
  lombok: 'org.projectlombok',
  'scala-library': 'org.scala-lang',
  'scala-reflect': 'org.scala-lang',
  'scala3-library_3': 'org.scala-lang',
  snappy: 'org.xerial.snappy',
  'snappy-java': 'org.xerial.snappy',
  'sqlite-jdbc': 'org.xerial',
  postgresql: 'org.postgresql',
}

const names = new Map(Object.entries(byName))

/** The group of an artefact by its name, and where that changed by its version, where it is well known. */
export function knownGroup(artifact: string, version: string): string | undefined {
  const major = Number.parseInt(version, 10)
  if (/^groovy(-|$)/.test(artifact)) return major >= 4 ? 'org.apache.groovy' : 'org.codehaus.groovy'
  if (/^hibernate-core/.test(artifact)) return major >= 6 ? 'org.hibernate.orm' : 'org.hibernate'
  return names.get(artifact) ?? byPrefix.find(([prefix]) => artifact.startsWith(prefix))?.[1]
}
