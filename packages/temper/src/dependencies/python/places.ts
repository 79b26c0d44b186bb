import type { PythonPlaces } from './wheel.ts'

/**
 * Where modules go: below the folder that was named, else where the Python of a distribution ("debian-13") looks for what the
 * distribution does not bring itself.
 */
export function pythonPlaces(
  into: string | undefined,
  { distribution, minor }: { readonly distribution: string; readonly minor: () => number },
): PythonPlaces {
  if (into !== undefined)
    return { modules: into, scripts: `${into}/bin`, data: into, headers: `${into}/include` }
  // Debian keeps /usr/lib to itself (Debian Python Policy, 3.1); others have one folder for all.
  const version = `3.${minor()}`
  const own = distribution.startsWith('debian-')
  const prefix = own ? '/usr/local' : '/usr'
  return {
    modules: `${prefix}/lib/python${version}/${own ? 'dist-packages' : 'site-packages'}`,
    scripts: `${prefix}/bin`,
    data: prefix,
    headers: `${prefix}/include/python${version}`,
  }
}
