/** Packages of Debian that are often in images and have files that call iconv(3); versions of their libraries follow the names. */
const converters =
  /^(?:libunistring|libxml2|libglib2\.0-0|libarchive13|libapr1|libaprutil1|openjdk-[0-9]+-jre|php[0-9.]+-common|git$|bash$|gawk$|gettext)/

/** Whether the image of such a package will probably need the conversions of its C library. */
export function convertsText(packageName: string): boolean {
  return converters.test(packageName)
}
