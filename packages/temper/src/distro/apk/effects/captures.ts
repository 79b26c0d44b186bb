const patterns: readonly RegExp[] = [
  /^etc\/(?:passwd|group)$/,
  /^etc\/busybox-paths\.d\/[^/]+$/,
  /^etc\/(?:default|conf\.d)\/[^/]+$/,
  /^etc\/ld\.so\.conf(?:\.d\/[^/]+)?$/,
  /^etc\/ld-musl-[a-z0-9_]+\.path$/,
  /^etc\/ssl\/certs\/ca-certificates\.crt$/,
  /^usr\/share\/ca-certificates\/.+\.crt$/,
  /^usr\/share\/glib-2\.0\/schemas\/[^/]+\.(?:xml|override)$/,
  // Defaults that scripts copy to /etc.
  /^etc\/[^/]+\/[^/]+\.(?:default|sample|example|dist)$/,
]

/** Whether PackageContent has to keep the content of a file for the effects. */
export function captures(path: string): boolean {
  return patterns.some((pattern) => pattern.test(path))
}
