/** Groups of well-known artefacts; see `known-groups.ts`. */
export const comGroups = `
com.101tec: zkclient
com.amazonaws: aws-java-sdk* aws-lambda-java-*
com.auth0: java-jwt jwks-rsa
com.azure: azure-*
com.beust: jcommander
com.esotericsoftware: kryo* reflectasm minlog
com.fasterxml.jackson.core: jackson-core jackson-annotations jackson-databind
com.fasterxml.jackson.dataformat: jackson-dataformat-*
com.fasterxml.jackson.datatype: jackson-datatype-*
com.fasterxml.jackson.jaxrs: jackson-jaxrs-*
com.fasterxml.jackson.jr: jackson-jr-*
com.fasterxml.jackson.module: jackson-module-*
com.fasterxml.uuid: java-uuid-generator
com.fasterxml.woodstox: woodstox-core!
com.fasterxml: classmate aalto-xml
com.github.ben-manes.caffeine: caffeine guava jcache simulator
com.github.jnr: jnr-* jffi!
com.github.luben: zstd-jni
com.github.spotbugs: spotbugs*
com.github.stephenc.jcip: jcip-annotations!
com.google.android: android annotations
com.google.api-client: google-api-client*
com.google.api.grpc: grpc-google-* proto-google-*
com.google.api: api-common gax*
com.google.auth: google-auth-library-*
com.google.auto.service: auto-service*
com.google.auto.value: auto-value*
com.google.code.findbugs: jsr305! findbugs! annotations
com.google.code.gson: gson gson-extras
com.google.crypto.tink: tink tink-*
com.google.dagger: dagger dagger-* hilt-*
com.google.flogger: flogger flogger-*
com.google.errorprone: error_prone_* javac
com.google.flatbuffers: flatbuffers-java
com.google.guava: guava guava-* failureaccess listenablefuture
com.google.http-client: google-http-client*
com.google.inject.extensions: guice-*
com.google.inject: guice
com.google.j2objc: j2objc-annotations
com.google.jimfs: jimfs
com.google.oauth-client: google-oauth-client*
com.google.protobuf: protobuf-java protobuf-java-util protobuf-javalite protobuf-kotlin protobuf-lite
com.google.re2j: re2j
com.google.truth: truth
com.googlecode.javaewah: JavaEWAH
com.googlecode.json-simple: json-simple
com.googlecode.libphonenumber: libphonenumber
com.graphql-java: graphql-java java-dataloader graphql-java-extended-*
com.h2database: h2!
com.hazelcast: hazelcast hazelcast-*
com.jayway.jsonpath: json-path json-path-assert
com.jcraft: jzlib
com.lihaoyi: sourcecode_* fansi_* pprint_* upickle_* ujson_* upack_* geny_* os-lib_* requests_* scalatags_* utest_* mainargs_* fastparse_* cask_*
com.lmax: disruptor
com.mchange: mchange-commons-java
com.microsoft.azure: msal4j* azure-*
com.microsoft.sqlserver: mssql-jdbc*
com.mysql: mysql-connector-j
com.neovisionaries: nv-websocket-client
com.netflix.hystrix: hystrix-*
com.netflix.ribbon: ribbon*
com.nimbusds: nimbus-jose-jwt oauth2-oidc-sdk content-type lang-tag
com.ongres.scram: scram-* client common
com.oracle.database.jdbc: ojdbc8! ojdbc10 ojdbc11 ojdbc17 ucp ucp11
com.rabbitmq: amqp-client
com.squareup.moshi: moshi moshi-*
com.squareup.okhttp3: okhttp logging-interceptor mockwebserver* okcurl okhttp-*
com.squareup.okhttp: okhttp-urlconnection okhttp-apache
com.squareup.okio: okio okio-*
com.squareup.retrofit2: retrofit converter-* adapter-* retrofit-*
com.squareup.wire: wire-*
com.squareup: javapoet kotlinpoet javawriter
com.sun.activation: jakarta.activation! javax.activation all
com.sun.istack: istack-commons-*
com.sun.jersey: jersey-json jersey-bundle
com.sun.mail: javax.mail! jakarta.mail! mailapi smtp imap pop3 gimap dsn
com.sun.xml.bind: jaxb-impl! jaxb-core! jaxb-osgi jaxb-xjc jaxb-jxc
com.sun.xml.fastinfoset: FastInfoset
com.tngtech.archunit: archunit archunit-*
com.thoughtworks.paranamer: paranamer
com.thoughtworks.qdox: qdox
com.thoughtworks.xstream: xstream xstream-*
com.typesafe.akka: akka-*
com.typesafe.play: play_* play-*
com.typesafe.scala-logging: scala-logging_*
com.typesafe.slick: slick_* slick-*
com.typesafe: config ssl-config-core_*
com.unboundid: unboundid-ldapsdk
com.vaadin.external.google: android-json!
com.vladsch.flexmark: flexmark flexmark-*
com.zaxxer: HikariCP HikariCP-* SparseBitSet nuprocess
com.alibaba.fastjson2: fastjson2 fastjson2-*
com.alibaba.nacos: nacos-*
com.alibaba: fastjson druid easyexcel transmittable-thread-local
com.amazonaws.serverless: aws-serverless-java-container-*
com.apollographql.apollo: apollo-*
com.atlassian.commonmark: commonmark commonmark-*
com.baomidou: mybatis-plus mybatis-plus-*
com.bucket4j: bucket4j-*! bucket4j_jdk17-*!
com.carrotsearch.randomizedtesting: randomizedtesting-runner junit4-ant
com.carrotsearch: hppc
com.chuusai: shapeless
com.datastax.cassandra: cassandra-driver-*
com.twitter: finagle-* util-* twitter-server* finatra-*
com.datastax.oss: java-driver-* native-protocol
com.drewnoakes: metadata-extractor
com.formdev: flatlaf flatlaf-*
com.github.ajalt.clikt: clikt clikt-*
com.github.docker-java: docker-java docker-java-*
com.github.erosb: everit-json-schema!
com.github.f4b6a3: uuid-creator
com.github.haifengl: smile-*!
com.github.javafaker: javafaker
com.github.javaparser: javaparser-*
com.github.jknack: handlebars handlebars-*
com.github.jsqlparser: jsqlparser!
com.github.kagkarlsson: db-scheduler db-scheduler-*
com.github.librepdf: openpdf! openpdf-*!
com.github.mifmif: generex!
com.github.oshi: oshi-core oshi-core-java11
com.github.pagehelper: pagehelper pagehelper-*
com.github.pureconfig: pureconfig*!
com.github.rholder: guava-retrying
com.github.scribejava: scribejava-*
com.github.seancfoley: ipaddress!
com.github.siom79.japicmp: japicmp japicmp-*
com.github.spullara.mustache.java: compiler
com.github.tomakehurst: wiremock-jre8 wiremock-jre8-standalone
com.github.victools: jsonschema-*
com.github.virtuald: curvesapi!
com.github.zafarkhaja: java-semver
com.google.apis: google-api-services-*
com.google.cloud.tools: jib-*
com.google.cloud: google-cloud-*
com.google.zxing: core javase
com.googlecode.owasp-java-html-sanitizer: owasp-java-html-sanitizer! java8-shim! java10-shim!
com.ibm.db2: jcc
com.ibm.icu: icu4j icu4j-*
com.ibm.mq: com.ibm.mq.*
com.icegreen: greenmail greenmail-*
com.itextpdf: itextpdf
com.microsoft.onnxruntime: onnxruntime! onnxruntime_gpu!
com.networknt: json-schema-validator
com.optimaize.languagedetector: language-detector
com.oracle.oci.sdk: oci-java-sdk-*!
com.palantir.javapoet: javapoet
com.puppycrawl.tools: checkstyle
com.slack.api: slack-api-* slack-app-backend
com.softwaremill.sttp.tapir: tapir-*
com.stripe: stripe-java
com.sun.xml.messaging.saaj: saaj-impl
com.sun.xml.stream.buffer: streambuffer
com.sun.xml.ws: jaxws-*
com.twelvemonkeys.imageio: imageio-*
com.twilio.sdk: twilio
com.vaadin: flow-* hilla-* vaadin-*
com.vividsolutions: jts
com.zendesk: mysql-binlog-connector-java!
com.anthropic: anthropic-java anthropic-java-*
com.approvaltests: approvaltests!
com.sparkjava: spark-core
com.uber.nullaway: nullaway
`
