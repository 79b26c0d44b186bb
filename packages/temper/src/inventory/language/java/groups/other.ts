/** Groups of well-known artefacts; see `known-groups.ts`. */
export const otherGroups = `
antlr: antlr
io.netty.incubator: netty-incubator-*
javax.xml.stream: stax-api!
aopalliance: aopalliance
avalon-framework: avalon-framework*
axis: axis axis-jaxrpc axis-saaj
backport-util-concurrent: backport-util-concurrent
bsf: bsf!
c3p0: c3p0
cglib: cglib cglib-nodep
ch.qos.logback: logback-*!
ch.qos.reload4j: reload4j!
co.elastic.clients: elasticsearch-java elasticsearch-rest5-client
commons-beanutils: commons-beanutils commons-beanutils-core
commons-attributes: commons-attributes-*
commons-betwixt: commons-betwixt
commons-chain: commons-chain
commons-cli: commons-cli
commons-codec: commons-codec
commons-collections: commons-collections
commons-configuration: commons-configuration
commons-daemon: commons-daemon
commons-dbcp: commons-dbcp
commons-dbutils: commons-dbutils
commons-digester: commons-digester
commons-discovery: commons-discovery
commons-el: commons-el
commons-fileupload: commons-fileupload
commons-httpclient: commons-httpclient
commons-io: commons-io
commons-jelly: commons-jelly commons-jelly-*
commons-jxpath: commons-jxpath
commons-lang: commons-lang
commons-launcher: commons-launcher
commons-logging: commons-logging commons-logging-api
commons-modeler: commons-modeler
commons-net: commons-net
commons-pool: commons-pool
commons-primitives: commons-primitives
commons-transaction: commons-transaction
commons-validator: commons-validator
commons-vfs: commons-vfs
de.ruedigermoeller: fst
dev.failsafe: failsafe! failsafe-*
ehcache: ehcache
info.picocli: picocli picocli-*
io.dropwizard.metrics: metrics-*!
io.dropwizard: dropwizard-*
io.github.classgraph: classgraph
io.github.resilience4j: resilience4j-*
biz.aQute.bnd: biz.aQute.* bnd-*-plugin!
io.grpc: grpc-*
io.helidon.webserver: helidon-webserver helidon-webserver-*
io.jsonwebtoken: jjwt jjwt-*
io.kotest: kotest-*
io.ktor: ktor-*
io.lettuce: lettuce-core
io.micrometer: micrometer-* context-propagation
io.micronaut: micronaut-aop micronaut-buffer-netty micronaut-context* micronaut-core* micronaut-http* micronaut-inject* micronaut-json-core micronaut-jackson-* micronaut-management micronaut-retry micronaut-router micronaut-runtime* micronaut-session micronaut-websocket micronaut-discovery-core micronaut-function*
io.mockk: mockk mockk-*
io.netty: netty netty-*
io.opencensus: opencensus-*
io.opentelemetry.instrumentation: opentelemetry-instrumentation-* opentelemetry-spring-boot-*
io.opentelemetry.semconv: opentelemetry-semconv*
io.opentelemetry: opentelemetry-*
io.opentracing: opentracing-*
io.perfmark: perfmark-*
io.projectreactor.addons: reactor-extra reactor-adapter reactor-pool
io.projectreactor.kafka: reactor-kafka
io.projectreactor.kotlin: reactor-kotlin-extensions
io.projectreactor.netty: reactor-netty*
io.projectreactor: reactor-core reactor-test reactor-tools
io.prometheus: simpleclient*! prometheus-metrics-* client_java*
io.r2dbc: r2dbc-spi r2dbc-pool r2dbc-h2 r2dbc-proxy
io.reactivex.rxjava2: rxkotlin
io.reactivex: rxjava rxnetty rxjava-*
io.rest-assured: rest-assured* json-schema-validator xml-path
io.smallrye: jandex!
io.spray: spray-json_*
io.swagger: swagger-*
io.undertow: undertow-*
io.vavr: vavr vavr-*
io.zipkin.brave: brave brave-*
io.zipkin.reporter2: zipkin-reporter zipkin-sender-*
io.zipkin.zipkin2: zipkin
it.unimi.dsi: fastutil fastutil-core dsiutils
jakarta.activation: jakarta.activation-api
jakarta.annotation: jakarta.annotation-api
jakarta.authentication: jakarta.authentication-api!
jakarta.authorization: jakarta.authorization-api!
jakarta.batch: jakarta.batch-api
jakarta.ejb: jakarta.ejb-api
jakarta.el: jakarta.el-api
jakarta.enterprise: jakarta.enterprise.cdi-api jakarta.enterprise.lang-model
jakarta.faces: jakarta.faces-api
jakarta.inject: jakarta.inject-api
jakarta.interceptor: jakarta.interceptor-api
jakarta.jms: jakarta.jms-api
jakarta.json.bind: jakarta.json.bind-api
jakarta.json: jakarta.json-api
jakarta.mail: jakarta.mail-api
jakarta.persistence: jakarta.persistence-api
jakarta.resource: jakarta.resource-api
jakarta.security.enterprise: jakarta.security.enterprise-api
jakarta.servlet.jsp.jstl: jakarta.servlet.jsp.jstl-api
jakarta.servlet.jsp: jakarta.servlet.jsp-api
jakarta.servlet: jakarta.servlet-api
jakarta.transaction: jakarta.transaction-api
jakarta.validation: jakarta.validation-api
jakarta.websocket: jakarta.websocket-*
jakarta.ws.rs: jakarta.ws.rs-api
jakarta.xml.bind: jakarta.xml.bind-api
javax.activation: activation javax.activation-api
javax.annotation: javax.annotation-api jsr250-api
javax.cache: cache-api
javax.ejb: javax.ejb-api
javax.el: javax.el-api el-api
javax.enterprise: cdi-api
javax.inject: javax.inject
javax.jms: javax.jms-api jms
javax.mail: mail javax.mail-api
javax.persistence: javax.persistence-api persistence-api
javax.servlet.jsp: javax.servlet.jsp-api
javax.servlet: servlet-api javax.servlet-api jstl jsp-api
javax.transaction: jta javax.transaction-api
javax.validation: validation-api
javax.websocket: javax.websocket-*
javax.ws.rs: jsr311-api javax.ws.rs-api
javax.xml.bind: jaxb-api
jaxen: jaxen
jdom: jdom
jline: jline
joda-time: joda-time
junit: junit junit-dep
log4j: log4j apache-log4j-extras
mysql: mysql-connector-java
net.bytebuddy: byte-buddy byte-buddy-*
net.java.dev.jna: jna! jna-*! platform
net.jpountz.lz4: lz4-1
net.jqwik: jqwik jqwik-*
net.minidev: json-smart accessors-smart
net.openhft: affinity chronicle-* zero-allocation-hashing
net.sf.ehcache: ehcache-core ehcache-web
net.sf.jopt-simple: jopt-simple
net.sf.saxon: Saxon-HE
net.sourceforge.htmlunit: htmlunit htmlunit-* neko-htmlunit!
net.sourceforge.nekohtml: nekohtml
ognl: ognl
oro: oro
redis.clients: jedis
rhino: js
software.amazon.awssdk: apache-client auth aws-core aws-json-protocol aws-query-protocol aws-xml-protocol checksums checksums-spi crt-core endpoints-spi http-auth http-auth-* http-client-spi identity-spi json-utils metrics-spi netty-nio-client profiles protocol-core regions retries retries-spi sdk-core s3 s3-transfer-manager sqs sns sts dynamodb dynamodb-enhanced ec2 kms lambda secretsmanager ssm third-party-jackson-core url-connection-client utils
software.amazon.ion: ion-java
stax: stax-api
taglibs: standard
velocity: velocity-dep
wsdl4j: wsdl4j
xalan: xalan serializer
xerces: xercesImpl xercesMinimal
xml-apis: xml-apis xml-apis-ext
xml-resolver: xml-resolver
xmlpull: xmlpull
xom: xom
xpp3: xpp3 xpp3_min
ai.djl.huggingface: tokenizers
ai.djl.mxnet: mxnet-*
ai.djl.onnxruntime: onnxruntime-engine
ai.djl.pytorch: pytorch-*
ai.djl.tensorflow: tensorflow-engine tensorflow-model-zoo
ca.uhn.hapi.fhir: hapi-fhir-* org.hl7.fhir.*!
cn.hutool: hutool-*
co.fs2: fs2-*!
dev.zio: zio zio-*
dk.brics.automaton: automaton
edu.stanford.nlp: stanford-corenlp
io.arrow-kt: arrow-*
io.circe: circe-*
io.cucumber: cucumber-* gherkin tag-expressions
io.fabric8: crd-generator-* docker-maven-plugin kubernetes-* openshift-*
io.github.java-diff-utils: java-diff-utils*!
io.github.oshai: kotlin-logging*
io.insert-koin: koin-*!
io.javaoperatorsdk: operator-framework*
io.smallrye.common: smallrye-common-*
io.smallrye.config: smallrye-config smallrye-config-*
io.smallrye.reactive: mutiny mutiny-* smallrye-mutiny-* smallrye-reactive-* vertx-mutiny-*
io.trino: trino-*
javax.interceptor: javax.interceptor-api
javax.json.bind: javax.json.bind-api
javax.json: javax.json-api
javax.jws: javax.jws-api jsr181-api
javax.measure: unit-api
javax.money: money-api
javax.resource: javax.resource-api connector-api
javax.xml.soap: javax.xml.soap-api
javax.xml.ws: jaxws-api
kr.motd.maven: os-maven-plugin
net.datafaker: datafaker
net.i2p.crypto: eddsa
net.javacrumbs.json-unit: json-unit json-unit-*
net.javacrumbs.shedlock: shedlock-*
net.logstash.logback: logstash-logback-encoder
net.sf.jasperreports: jasperreports jasperreports-*
net.sf.supercsv: super-csv super-csv-*
net.sf.trove4j: trove4j!
net.snowflake: snowflake-jdbc
net.sourceforge.cssparser: cssparser!
net.sourceforge.jtds: jtds
net.sourceforge.pmd: pmd-*
nl.jqno.equalsverifier: equalsverifier equalsverifier-*
tech.units: indriya
uk.org.webcompere: system-stubs-*
xmlunit: xmlunit!
ch.epfl.scala: scalafix-*! bloop-*
io.helidon.build-tools: helidon-maven-plugin
io.helidon.webserver.observe: helidon-webserver-observe
io.opentelemetry.proto: opentelemetry-proto
`
