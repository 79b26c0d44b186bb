/**
 * vendor/composer/InstalledVersions.php: answers from installed.php which versions there are. Temper's own, with the name
 * and the methods of Composer's. Written for PHP 8.0 and later.
 */
export const installedVersions = String.raw`<?php

namespace Composer;

use Composer\Autoload\ClassLoader;
use Composer\Semver\VersionParser;

/**
 * Which packages are installed, for all folders of vendors in use. Written by Temper.
 */
class InstalledVersions
{
    /** @var array|null What reload() was given, instead of the file beside this one. */
    private static $replaced = null;

    /** @var array<string, array> By folder. */
    private static $read = array();

    public static function getInstalledPackages()
    {
        $names = array();
        foreach (self::getAllRawData() as $data) {
            $names += array_flip(array_keys($data['versions']));
        }

        return array_keys($names);
    }

    public static function getInstalledPackagesByType($type)
    {
        $names = array();
        foreach (self::getAllRawData() as $data) {
            foreach ($data['versions'] as $name => $facts) {
                if (($facts['type'] ?? null) === $type) {
                    $names[] = $name;
                }
            }
        }

        return $names;
    }

    public static function isInstalled($packageName, $includeDevRequirements = true)
    {
        $facts = self::lookUp($packageName);

        return $facts !== null && ($includeDevRequirements || ($facts['dev_requirement'] ?? false) === false);
    }

    public static function satisfies(VersionParser $parser, $packageName, $constraint)
    {
        $wanted = $parser->parseConstraints((string) $constraint);

        return $parser->parseConstraints(self::getVersionRanges($packageName))->matches($wanted);
    }

    public static function getVersionRanges($packageName)
    {
        $facts = self::demand($packageName);
        $ranges = isset($facts['pretty_version']) ? array($facts['pretty_version']) : array();
        foreach (array('aliases', 'replaced', 'provided') as $key) {
            $ranges = array_merge($ranges, $facts[$key] ?? array());
        }

        return implode(' || ', $ranges);
    }

    public static function getVersion($packageName)
    {
        return self::demand($packageName)['version'] ?? null;
    }

    public static function getPrettyVersion($packageName)
    {
        return self::demand($packageName)['pretty_version'] ?? null;
    }

    public static function getReference($packageName)
    {
        return self::demand($packageName)['reference'] ?? null;
    }

    public static function getInstallPath($packageName)
    {
        return self::demand($packageName)['install_path'] ?? null;
    }

    public static function getRootPackage()
    {
        return self::getAllRawData()[0]['root'];
    }

    public static function getRawData()
    {
        return self::$replaced ?? self::readFrom(__DIR__);
    }

    public static function getAllRawData()
    {
        $own = self::getRawData();
        $all = array();
        foreach (array_keys(ClassLoader::getRegisteredLoaders()) as $vendorDir) {
            $folder = $vendorDir . '/composer';
            $isOwn = realpath($folder) === __DIR__;
            if (!$isOwn && is_file($folder . '/installed.php')) {
                $all[] = self::readFrom($folder);
            } elseif ($isOwn && $own !== array()) {
                $all[] = $own;
                $own = array();
            }
        }
        if ($own !== array()) {
            $all[] = $own;
        }

        return $all;
    }

    public static function reload($data)
    {
        self::$replaced = $data;
        self::$read = array();
    }

    private static function readFrom($folder)
    {
        return self::$read[$folder] ??= require $folder . '/installed.php';
    }

    private static function lookUp($name)
    {
        foreach (self::getAllRawData() as $data) {
            if (isset($data['versions'][$name])) {
                return $data['versions'][$name];
            }
        }

        return null;
    }

    private static function demand($name)
    {
        $facts = self::lookUp($name);
        if ($facts === null) {
            throw new \OutOfBoundsException('Package "' . $name . '" is not installed');
        }

        return $facts;
    }
}
`
