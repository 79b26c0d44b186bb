/**
 * Paths of files whose content rules need, without leading slash. Files that are not listed here have no `content` in
 * a foreign image. At most 1 MiB of a file and 256 MiB in total are kept, so list places rather than whole kinds of
 * files.
 */
export const keptContents: readonly RegExp[] = [
  // Accounts.
  /^etc\/(?:passwd|shadow|group|gshadow)-?$/,
  // What libraries for TLS are told to allow.
  /(?:^|\/)(?:openssl|fipsmodule|fips_local)[\w.-]{0,40}\.cnf$/,
  /^etc\/(?:gnutls\/config|crypto-policies\/(?:config|state\/current))$/,
  /(?:^|\/)(?:conf|lib|java-[\d.]{1,8}-openjdk)\/security\/java\.security$/,
  // Whom it trusts.
  /^etc\/(?:ssl\/(?:cert\.pem|ca-bundle\.pem|certs\/ca-(?:certificates|bundle)\.crt)|pki\/(?:tls\/certs\/ca-bundle\.crt|ca-trust\/extracted\/pem\/tls-ca-bundle\.pem))$/,
  /(?:^|\/)(?:lib\/security|ssl\/certs\/java|pki\/(?:ca-trust\/extracted\/)?java)\/(?:jsse)?cacerts$/,
  /(?:^|\/)[\w.-]{0,64}trust-?store[\w-]{0,32}\.(?:jks|p12|pfx|pkcs12)$/i,
  /^(?:usr\/(?:local\/)?share\/ca-certificates\/.+\.crt|etc\/pki\/ca-trust\/source\/anchors\/.+)$/,
]
