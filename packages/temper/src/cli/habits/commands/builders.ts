/** Commands of apko and melange: see `foreignCommand` for the words in capitals. */
export const builderCommands: Readonly<Record<string, string>> = {
  publish: 'temper build ARG --tag REGISTRY/NAME:TAG --push',
  'show-config': 'temper lock ARG -o -',
  'show-packages': 'temper lock ARG -o -',
  dot: 'temper lock ARG -o -',
  'build-minirootfs': 'temper build ARG --tag oci-archive:FILE.tar',
  'build-cpio': 'temper build ARG --tag oci-archive:FILE.tar',
  erofs: 'temper build RECIPE: layers are tar archives here, which every registry accepts',
  ...Object.fromEntries(
    [
      'bump',
      'compile',
      'initramfs',
      'license-check',
      'lint',
      'package-version',
      'query',
      'rebuild-package',
    ].map((name) => [name, `melange ${name}: Temper builds images from packages that exist`]),
  ),
  keygen: 'melange keygen: Temper signs images, temper keys generate',
  source: 'melange source: Temper builds images from packages that exist',
  'sign-index': 'melange sign-index: Temper signs images, temper sign IMAGE --key KEY',
  'update-cache': 'melange update-cache: Temper fills its cache when it builds',
}
