/** Groups of well-known artefacts; see `known-groups.ts`. */
export const orgGroups = `
org.agrona: agrona
org.beanshell: bsh! bsh-core!
org.codehaus.woodstox: wstx-asl! wstx-lgpl! woodstox-core-asl! woodstox-core-lgpl! stax2-api!
org.antlr: antlr4 antlr4-*! antlr-runtime ST4! stringtemplate antlr-complete
org.aspectj: aspectj*!
org.assertj: assertj-*
org.awaitility: awaitility awaitility-*
org.bitbucket.b_c: jose4j!
org.bouncycastle: bcprov-* bcpkix-* bcutil-* bcpg-* bcmail-* bctls-* bcjmail-* bc-fips bc-*
org.checkerframework: checker-qual checker checker-*
org.clojure: clojure clojurescript core.* data.* spec.* tools.*
org.codehaus.jackson: jackson-core-asl jackson-mapper-asl jackson-jaxrs jackson-xc jackson-core-lgpl jackson-mapper-lgpl
org.codehaus.janino: janino commons-compiler*
org.codehaus.jettison: jettison
org.codehaus.mojo: animal-sniffer-annotations
org.codehaus.plexus: plexus-* plexus-cipher! plexus-sec-dispatcher!
org.codehaus.woodstox: stax2-api woodstox-core-*
org.conscrypt: conscrypt-*
org.easymock: easymock
org.eclipse.angus: angus-*
org.eclipse.collections: eclipse-collections*
org.eclipse.jdt: ecj org.eclipse.jdt.*
org.eclipse.jetty.compression: jetty-compression-*
org.eclipse.jetty.demos: jetty-demo-*
org.eclipse.jetty.ee10.websocket: jetty-ee10-websocket-*
org.eclipse.jetty.ee10: jetty-ee10-*
org.eclipse.jetty.ee11.websocket: jetty-ee11-websocket-*
org.eclipse.jetty.ee11: jetty-ee11-*
org.eclipse.jetty.ee8.websocket: jetty-ee8-websocket-*
org.eclipse.jetty.ee8: jetty-ee8-*
org.eclipse.jetty.ee9.websocket: jetty-ee9-websocket-*
org.eclipse.jetty.ee9: jetty-ee9-*
org.eclipse.jetty.fcgi: jetty-fcgi-* fcgi-*
org.eclipse.jetty.gcloud: jetty-gcloud-*
org.eclipse.jetty.http2: jetty-http2-* http2-*
org.eclipse.jetty.http3: jetty-http3-* http3-*
org.eclipse.jetty.memcached: jetty-memcached-*
org.eclipse.jetty.quic: jetty-quic-* quic-*
org.eclipse.jetty.toolchain.setuid: jetty-setuid-*
org.eclipse.jetty.toolchain: jetty-schemas! jetty-servlet-api! jetty-jakarta-*! jetty-javax-websocket-api! jetty-perf-helper jetty-test-helper
org.eclipse.jetty.websocket: jetty-websocket-* websocket-* javax-websocket-client-impl javax-websocket-server-impl
org.eclipse.jetty: jetty-*
org.eclipse.jgit: org.eclipse.jgit*
org.eclipse.parsson: parsson
org.eclipse.platform: org.eclipse.core.*! org.eclipse.equinox.* org.eclipse.osgi*
org.eclipse.rdf4j: rdf4j-*
org.eclipse.xtext: org.eclipse.xtext*
org.elasticsearch.client: elasticsearch-rest-* transport
org.elasticsearch: elasticsearch elasticsearch-*
org.flywaydb: flyway-*
org.fusesource.jansi: jansi jansi-*
org.fusesource.leveldbjni: leveldbjni*
org.glassfish.hk2: hk2-*! osgi-resource-locator
org.glassfish.jaxb: jaxb-runtime! txw2 jaxb-*
org.glassfish.jersey.core: jersey-client! jersey-common! jersey-server!
org.glassfish.web: jakarta.servlet.jsp.jstl! javax.servlet.jsp.jstl!
org.glassfish: jakarta.el! jakarta.json! javax.el! javax.json!
org.gradle: gradle-*
org.hamcrest: hamcrest hamcrest-*
org.hdrhistogram: HdrHistogram
org.hibernate.common: hibernate-commons-annotations
org.hibernate.validator: hibernate-validator*
org.hsqldb: hsqldb sqltool
org.immutables: value value-annotations
org.infinispan: infinispan-*
org.influxdb: influxdb-java
org.javassist: javassist
org.jboss.logging: jboss-logging jboss-logging-*
io.quarkus.resteasy.reactive: resteasy-reactive-*!
org.jboss.resteasy: resteasy-*
org.jboss.xnio: xnio-*
org.jboss: jboss-vfs
org.jcodec: jcodec*
org.jdom: jdom2
org.jetbrains.exposed: exposed-*
org.jetbrains.intellij.deps: trove4j!
org.jetbrains.kotlin: kotlin-*
org.vineflower: vineflower! vineflower-*!
org.jetbrains.kotlinx: kotlinx-* atomicfu*
org.jetbrains: annotations annotations-java5 markdown*
org.jline: jline-*
org.json4s: json4s-*
org.json: json
org.jsoup: jsoup
org.jspecify: jspecify
org.junit.jupiter: junit-jupiter junit-jupiter-*
org.junit.platform: junit-platform-*
org.junit.vintage: junit-vintage-engine
org.latencyutils: LatencyUtils
org.liquibase: liquibase-*
org.lz4: lz4-pure-java!
org.mapstruct: mapstruct mapstruct-*
org.mariadb.jdbc: mariadb-java-client
org.mockito: mockito-*
org.mongodb: mongodb-* bson bson-* mongo-java-driver mongo-scala-*
org.mozilla: rhino rhino-*
org.mybatis: mybatis mybatis-spring
org.neo4j.driver: neo4j-java-driver*
org.objenesis: objenesis objenesis-*
org.openjdk.jmh: jmh-*
org.openjfx: javafx-* jdk-jsobject!
org.opensaml: opensaml-*!
org.opensearch.client: opensearch-rest-client opensearch-java opensearch-rest-*
org.opensearch: opensearch opensearch-*
org.opentest4j: opentest4j
org.osgi: org.osgi.* osgi.*
org.ow2.asm: asm! asm-*!
org.pcollections: pcollections
org.postgresql: postgresql r2dbc-postgresql
org.powermock: powermock-*
org.projectlombok: lombok lombok-*
org.quartz-scheduler: quartz quartz-jobs
org.reactivestreams: reactive-streams reactive-streams-*
org.redisson: redisson redisson-*
org.reflections: reflections
org.roaringbitmap: RoaringBitmap shims bsi
org.rocksdb: rocksdbjni*
org.scala-lang.modules: scala-*
org.scala-lang: scala-library scala-reflect scala-compiler scala3-* tasty-core_3 scalap
org.scala-sbt: sbt compiler-interface util-interface test-interface zinc_*
org.scalacheck: scalacheck_*
org.scalactic: scalactic_*
org.scalameta: munit_* munit-* scalameta_* trees_* parsers_*
org.scalatest: scalatest_* scalatest-*
org.seleniumhq.selenium: selenium-*!
org.skyscreamer: jsonassert
org.slf4j: slf4j-* jcl-over-slf4j! log4j-over-slf4j! jul-to-slf4j osgi-over-slf4j!
org.spockframework: spock-*
org.springdoc: springdoc-*
org.springframework.ai: spring-ai-*
org.springframework.amqp: spring-amqp spring-rabbit*
org.springframework.batch: spring-batch-*
org.springframework.boot: spring-boot spring-boot-*
org.springframework.cloud: spring-cloud-*
org.springframework.data: spring-data-*
org.springframework.graphql: spring-graphql*
org.springframework.hateoas: spring-hateoas
org.springframework.integration: spring-integration-*
org.springframework.kafka: spring-kafka*
org.springframework.ldap: spring-ldap-*
org.springframework.modulith: spring-modulith-*
org.springframework.plugin: spring-plugin-*
org.springframework.restdocs: spring-restdocs-*
org.springframework.retry: spring-retry!
org.springframework.security.oauth: spring-security-oauth2
org.springframework.security: spring-security-*
org.springframework.session: spring-session-*
org.springframework.shell: spring-shell-*
org.springframework.statemachine: spring-statemachine-*
org.springframework.vault: spring-vault-core
org.springframework.ws: spring-ws-* spring-xml
org.springframework: spring-aop spring-aspects spring-beans spring-context* spring-core spring-core-test spring-expression spring-instrument spring-jcl spring-jdbc spring-jms spring-messaging spring-orm spring-oxm spring-r2dbc spring-test spring-tx spring-web spring-webflux spring-webmvc spring-webmvc-portlet spring-websocket
org.testcontainers: testcontainers testcontainers-*
org.testng: testng
org.threeten: threetenbp threeten-extra
org.thymeleaf.extras: thymeleaf-extras-*
org.thymeleaf: thymeleaf thymeleaf-spring*
org.tukaani: xz
org.typelevel: cats-* kittens_* jawn-* algebra_* spire_*
org.webjars: webjars-locator*
org.xerial.snappy: snappy-java
org.xerial: sqlite-jdbc!
org.yaml: snakeyaml
org.zeroturnaround: zt-exec zt-zip
org.carrot2: carrot2-*
org.ccil.cowan.tagsoup: tagsoup
org.commonmark: commonmark commonmark-*
org.cyclonedx: cyclonedx-*
org.dbunit: dbunit
org.deeplearning4j: deeplearning4j-*
org.duckdb: duckdb_jdbc
org.eclipse.aether: aether-*
org.eclipse.emf: org.eclipse.emf.*
org.eclipse.lsp4j: org.eclipse.lsp4j*
org.eclipse.microprofile.config: microprofile-config-api
org.eclipse.microprofile.health: microprofile-health-api
org.eclipse.microprofile.jwt: microprofile-jwt-auth-api
org.eclipse.microprofile.metrics: microprofile-metrics-api
org.eclipse.microprofile.openapi: microprofile-openapi-api
org.eclipse.microprofile.reactive-streams-operators: microprofile-reactive-streams-operators-*
org.eclipse.microprofile.rest.client: microprofile-rest-client-api
org.eclipse.persistence: eclipselink! org.eclipse.persistence.*
org.eclipse.sisu: org.eclipse.sisu.*!
org.ejml: ejml-*
org.firebirdsql.jdbc: jaybird
org.geotools: gt-*
org.glassfish.expressly: expressly
org.glassfish.grizzly: grizzly-*
org.glassfish.hk2.external: aopalliance-repackaged! bean-validator!
org.glassfish.jersey.connectors: jersey-apache-connector jersey-grizzly-connector jersey-jetty-connector jersey-netty-connector jersey-jdk-connector
org.glassfish.jersey.containers: jersey-container-*
org.glassfish.jersey.ext: jersey-bean-validation jersey-entity-filtering jersey-proxy-client jersey-spring6
org.glassfish.jersey.inject: jersey-hk2 jersey-cdi2-se
org.glassfish.jersey.media: jersey-media-*
org.glassfish.tyrus: tyrus-*
org.graalvm.buildtools: native-gradle-plugin native-maven-plugin junit-platform-native graalvm-reachability-metadata
org.graalvm.js: js js-* js-language! js-scriptengine!
org.graalvm.polyglot: polyglot
org.graalvm.regex: regex!
org.graalvm.sdk: graal-sdk nativeimage collections word jniutils
org.graalvm.truffle: truffle-*!
org.hibernate.models: hibernate-models
org.hibernate.reactive: hibernate-reactive-*
org.hibernate.search: hibernate-search-*
org.htmlunit: htmlunit htmlunit-* neko-htmlunit
org.http4s: http4s-*
org.infinispan.protostream: protostream protostream-*
org.instancio: instancio-*
org.jacoco: org.jacoco.* jacoco-maven-plugin
org.javamoney.moneta: moneta moneta-*
org.jboss.logmanager: jboss-logmanager jboss-logmanager-*
org.jboss.marshalling: jboss-marshalling jboss-marshalling-*
org.jboss.modules: jboss-modules
org.jboss.remoting: jboss-remoting
org.jboss.threads: jboss-threads
org.jboss.weld: weld-*
org.jetbrains.dokka: dokka-*
org.jetbrains.lincheck: lincheck
org.jfree: jfreechart jcommon
org.jgrapht: jgrapht-*
org.jmockit: jmockit!
org.jooq: jooq jooq-* joor
org.jvnet.mimepull: mimepull
org.jvnet.staxex: stax-ex
org.keycloak: keycloak-*
org.languagetool: languagetool-*
org.locationtech.jts: jts-*
org.locationtech.proj4j: proj4j proj4j-*
org.locationtech.spatial4j: spatial4j
org.lwjgl: lwjgl lwjgl-*
org.mock-server: mockserver-*
org.nd4j: nd4j-*
org.opensearch.plugin: opensearch-scripting-painless-spi lang-painless
org.owasp.antisamy: antisamy
org.owasp.encoder: encoder encoder-*
org.owasp.esapi: esapi
org.picketbox: picketbox! picketbox-*!
org.pitest: pitest pitest-*
org.playframework: play_*! play-*
org.projectnessie.nessie: nessie-*
org.scodec: scodec-*
org.springframework.grpc: spring-grpc-*
org.springframework.pulsar: spring-pulsar*
org.tensorflow: tensorflow-core-* ndarray
org.tinylog: tinylog-*
org.tpolecat: doobie-*!
org.wildfly.common: wildfly-common
org.wildfly.security: wildfly-elytron wildfly-elytron-*
org.xhtmlrenderer: flying-saucer-*
org.xmlunit: xmlunit-*
org.eclipse.tycho: tycho-*
org.glassfish.jersey.test-framework.providers: jersey-test-framework-provider-*
org.graalvm.nativeimage: svm! svm-*! native-image-base! objectfile! pointsto! truffle-runtime-svm!
org.jetbrains.skiko: skiko skiko-*
org.magicwerk: brownies-*
`
