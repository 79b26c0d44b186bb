/** Groups of well-known artefacts; see `known-groups.ts`. */
export const apacheGroups = `
org.apache.activemq: activemq-*
org.apache.ant: ant ant-*
org.apache.avro: avro avro-*
org.apache.axis2: axis2 axis2-*
org.apache.beam: beam-*
org.apache.calcite.avatica: avatica avatica-*
org.apache.calcite: calcite-*
org.apache.camel: camel-*
org.apache.cassandra: cassandra-all
org.apache.commons: commons-collections4 commons-compress commons-configuration2 commons-crypto commons-csv commons-dbcp2 commons-email commons-exec commons-jexl* commons-lang3 commons-math commons-math3 commons-pool2 commons-rng-* commons-text commons-vfs2
org.apache.curator: curator-*
org.apache.cxf: cxf-*
org.apache.derby: derby derbyclient derbynet derbyshared derbytools derbyoptionaltools derbyrun
org.apache.felix: org.apache.felix.*
org.apache.flink: flink-*
org.apache.geronimo.specs: geronimo-*!
org.apache.hadoop.thirdparty: hadoop-shaded-*
org.apache.hadoop: hadoop-*
org.apache.hbase: hbase-*
org.apache.hive: hive-*
org.apache.hive.shims: hive-shims-*
org.apache.httpcomponents.client5: httpclient5 httpclient5-*
org.apache.httpcomponents.core5: httpcore5 httpcore5-*
org.apache.httpcomponents: httpclient httpclient-* httpcore httpcore-* httpmime fluent-hc httpasyncclient
org.apache.iceberg: iceberg-*
org.apache.ignite: ignite-*
org.apache.kafka: kafka_* kafka-* connect-* trogdor
org.apache.logging.log4j: log4j-*
org.apache.lucene: lucene-*
org.apache.maven.plugin-tools: maven-plugin-annotations maven-plugin-tools-*
org.apache.arrow: arrow-* flight-core flight-sql
org.apache.maven: maven-resolver-provider
org.apache.maven.resolver: maven-resolver-*!
org.apache.maven.shared: maven-shared-* maven-common-artifact-filters! maven-dependency-tree! maven-filtering! maven-invoker! file-management!
org.apache.maven.surefire: surefire-* maven-surefire-common
org.apache.maven.wagon: wagon-*
org.apache.maven: maven-*
org.apache.mina: mina-core
org.apache.orc: orc-*
org.apache.parquet: parquet-*
org.apache.pdfbox: pdfbox pdfbox-* fontbox xmpbox preflight
org.apache.poi: poi poi-*
org.apache.pulsar: pulsar-*
org.apache.santuario: xmlsec!
org.apache.shiro: shiro-*
org.apache.solr: solr-*
org.apache.spark: spark-*
org.apache.sshd: sshd-*
org.apache.struts.xwork: xwork-core
org.apache.struts: struts2-*
org.apache.thrift: libthrift libfb303!
org.apache.tika: tika-*
org.apache.tomcat.embed: tomcat-embed-*
org.apache.tomcat: tomcat-* catalina
org.apache.velocity: velocity velocity-engine-*
org.apache.wicket: wicket-*
org.apache.ws.commons.axiom: axiom-*
org.apache.xmlgraphics: batik-*! fop fop-* xmlgraphics-commons
org.apache.zookeeper: zookeeper zookeeper-*
org.apache.bcel: bcel
org.apache.ivy: ivy
org.apache.james: apache-mime4j-*
org.apache.maven.archetype: archetype-* maven-archetype-plugin
org.apache.maven.doxia: doxia-*
org.apache.maven.reporting: maven-reporting-*
org.apache.maven.scm: maven-scm-*
org.apache.myfaces.core: myfaces-api! myfaces-impl
org.apache.yetus: audience-annotations
org.apache.datafusion: comet-*
`
