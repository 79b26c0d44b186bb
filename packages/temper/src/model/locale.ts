/** `de_DE.UTF-8`, `ca_ES.UTF-8@valencia`, `C.UTF-8`: the name of a locale as setlocale(3) takes it. */
export const localeName = /^[A-Za-z]{1,8}(?:_[A-Z0-9]{2,3})?(?:\.[A-Za-z0-9-]{1,20})?(?:@[A-Za-z0-9]{1,20})?$/

/** Whether a locale needs compiled data; others are built into the C library. */
export function needsLocaleData(name: string): boolean {
  return !/^(?:C|POSIX)(?:\.|$)/.test(name)
}

/** Names of the folders below share/locale (gettext) that have a locale's messages: "de_DE" and "de". */
export function messageFolders(name: string): readonly string[] {
  const [, language = name, territory = '', modifier = ''] =
    /^([^_.@]+)(_[^.@]+)?(?:\.[^@]+)?(@.+)?$/.exec(name) ?? []
  return [
    ...new Set([
      `${language}${territory}${modifier}`,
      `${language}${territory}`,
      `${language}${modifier}`,
      language,
    ]),
  ]
}
