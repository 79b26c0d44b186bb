import { describe, expect, test } from 'vitest'
import { knownGroup } from './known-groups.ts'

describe('groups of well-known artefacts', () => {
  test.each<[string, string, string, string | undefined]>([
    ['mysql-connector-java', '8.0.28', 'com.mysql', 'mysql'],
    ['xercesImpl', '2.12.0', 'org.apache', 'xerces'],
    ['jakarta.servlet.jsp-api', '3.1.1', 'jakarta.servlet.jsp', 'jakarta.servlet.jsp'],
    // Scala's binary version is no part of the name that is known.
    ['kafka_2.13', '3.4.0', '', 'org.apache.kafka'],
    // They moved.
    ['asm', '3.3.1', 'org.objectweb.asm', 'asm'],
    ['asm-commons', '3.3.1', 'org.objectweb.asm', 'asm'],
    ['asm', '4.0', 'org.objectweb.asm', 'org.ow2.asm'],
    ['asm-tree', '9.7', 'org.objectweb.asm', 'org.ow2.asm'],
    ['dom4j', '1.6.1', 'org.dom4j', 'dom4j'],
    ['dom4j', '2.1.1', 'org.dom4j', 'org.dom4j'],
    ['groovy-json', '3.0.9', 'groovy.json', 'org.codehaus.groovy'],
    ['groovy-json', '4.0.0', 'groovy.json', 'org.apache.groovy'],
    ['hibernate-envers', '5.6.0', 'org.hibernate', 'org.hibernate'],
    ['hibernate-envers', '6.2.0', 'org.hibernate', 'org.hibernate.orm'],
    ['jsch', '0.1.55', 'com.jcraft.jsch', 'com.jcraft'],
    ['jsch', '0.1.72', 'com.jcraft.jsch', 'com.github.mwiede'],
    ['lz4-java', '1.8.0', 'net.jpountz', 'org.lz4'],
    ['lz4-java', '1.8.1', 'net.jpountz', 'at.yawk.lz4'],
    ['lz4-java', '1.10.0', 'net.jpountz', 'at.yawk.lz4'],
    ['wiremock', '2.35.1', 'com.github.tomakehurst.wiremock', 'com.github.tomakehurst'],
    ['wiremock', '3.13.2', 'com.github.tomakehurst.wiremock', 'org.wiremock'],
    ['play-test_2.11', '2.3.9', 'play.api', 'com.typesafe.play'],
    ['play-ws-standalone_2.12', '3.0.1', 'play.api.libs.ws', 'org.playframework'],
    ['play-services-auth', '20.0', 'com.google.android.gms', undefined],
    ['json-patch', '1.9', 'com.github.fge.jsonpatch', 'com.github.fge'],
    ['json-patch', '1.13', 'com.github.fge.jsonpatch', 'com.github.java-json-tools'],
    ['json-patch', '1.9', 'org.example.patch', undefined],
    ['antlr', '2.7.7', 'antlr', 'antlr'],
    ['antlr', '3.5.3', 'org.antlr', 'org.antlr'],
    ['plexus-cipher', '1.7', 'org.sonatype.plexus', 'org.sonatype.plexus'],
    ['tomcat-util', '5.5.23', 'org.apache.tomcat.util', 'tomcat'],
    ['tomcat-util', '10.1.0', 'org.apache.tomcat.util', 'org.apache.tomcat'],
    ['openhtmltopdf-rtl-support', '1.1.31', 'com.openhtmltopdf.bidi', 'io.github.openhtmltopdf'],
    ['ant', '1.6.5', 'org.apache.tools.ant', 'ant'],
    ['ant-junit', '1.6.5', 'org.apache.tools.ant', 'ant'],
    ['ant-launcher', '1.7.0', 'org.apache.tools.ant', 'org.apache.ant'],
    ['netty', '3.2.10.Final', 'org.jboss.netty', 'org.jboss.netty'],
    ['netty', '3.9.9.Final', 'org.jboss.netty', 'io.netty'],
    ['jandex', '2.4.5.Final', 'org.jboss.jandex', 'org.jboss'],
    ['jandex', '3.1.2', 'org.jboss.jandex', 'io.smallrye'],
    ['kryo', '2.24.0', 'com.esotericsoftware.kryo', 'com.esotericsoftware.kryo'],
    ['kryo', '5.6.2', 'com.esotericsoftware.kryo', 'com.esotericsoftware'],
    ['opencsv', '2.3', 'au.com.bytecode.opencsv', 'net.sf.opencsv'],
    ['opencsv', '5.7.1', 'com.opencsv', 'com.opencsv'],
    ['jsp-api', '2.0', 'javax.servlet.jsp', 'javax.servlet'],
    ['jsp-api', '2.1', 'javax.servlet.jsp', 'javax.servlet.jsp'],
    ['jsp-api', '6.0.53', 'javax.servlet.jsp', 'org.apache.tomcat'],
    ['servlet-api', '2.5', 'javax.servlet', 'javax.servlet'],
    ['servlet-api', '5.5.23', 'javax.servlet', 'tomcat'],
    ['rxjava', '2', 'io.reactivex', 'io.reactivex.rxjava2'],
    // Several have one of that name: packages tell which.
    ['javapoet', '1', 'com.palantir.javapoet', 'com.palantir.javapoet'],
    ['javapoet', '1', 'com.squareup.javapoet', 'com.squareup'],
    ['htmlunit', '4', 'org.htmlunit', 'org.htmlunit'],
    ['commonmark-ext-gfm-tables', '0.17.0', 'org.commonmark.ext', 'com.atlassian.commonmark'],
    ['commonmark', '0.21.0', 'org.commonmark', 'org.commonmark'],
    ['htmlunit', '2.70.0', 'com.gargoylesoftware.htmlunit', 'net.sourceforge.htmlunit'],
    ['htmlunit', '4', 'com.gargoylesoftware.htmlunit', 'org.htmlunit'],
    ['metrics-servlets', '3.0.1', 'com.codahale.metrics', 'com.codahale.metrics'],
    ['metrics-servlets', '4.2.0', 'com.codahale.metrics', 'io.dropwizard.metrics'],
    ['jcip-annotations', '1.0', 'net.jcip.annotations', 'net.jcip'],
    ['jcip-annotations', '1.0-1', 'net.jcip.annotations', 'com.github.stephenc.jcip'],
    ['detekt-metrics', '1.23.8', 'io.github.detekt.metrics', 'io.gitlab.arturbosch.detekt'],
    // Made again for another server, at a minute.
    ['javax.servlet', '2.5.0.v201103041518', 'javax.servlet', 'org.eclipse.jetty.orbit'],
    // A name of many, whose packages are of nobody's domain.
    ['collections_2.13', '1.11.5', 'sbt.internal', undefined],
    ['collections', '24.1.0', 'org.graalvm.collections', 'org.graalvm.sdk'],
    ['helidon-common-context-http', '4', 'io.helidon.common.context.http', 'io.helidon.common.context'],
    ['micronaut-kafka', '5', 'io.micronaut.configuration.kafka', 'io.micronaut.kafka'],
    // Another thing of the same name.
    ['jackson-dataformat-xml', '3.3.0', 'tools.jackson.dataformat.xml', undefined],
    ['maven-made-plugin', '1', 'com.example.made', undefined],
    ['derby', '10.14.2.0', 'com.example.derby', undefined],
    ['nobody-knows', '1', 'org.x', undefined],
    ['constructor', '1', '', undefined],
  ])('%s %s with the packages "%s" is of %s', (artifact, version, packages, expected) => {
    expect(knownGroup(artifact, version, packages)?.group).toBe(expected)
  })

  test.each([
    ['jetty-http3-common', 'org.eclipse.jetty.http3', 'org.eclipse.jetty.http3', true],
    ['jetty-util', 'org.eclipse.jetty', 'org.eclipse.jetty.util', true],
    ['maven-jar-plugin', 'org.apache.maven.plugins', 'org.apache.maven', true],
    ['maven-resolver-api', 'org.apache.maven.resolver', 'org.eclipse.aether', true],
    ['camel-kafka-starter', 'org.apache.camel.springboot', 'org.apache.camel.component', true],
    ['camel-kafka', 'org.apache.camel', 'org.apache.camel.component', true],
    ['xercesImpl', 'xerces', 'org.apache', false],
    ['dom4j', 'org.dom4j', 'org.dom4j', false],
  ])('%s is of %s; known by the beginning of its name: %s, %j', (artifact, group, packages, isFamily) => {
    expect(knownGroup(artifact, '12.0', packages)).toMatchObject({ group, isFamily })
  })
})
