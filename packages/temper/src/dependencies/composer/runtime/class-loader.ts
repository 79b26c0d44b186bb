/**
 * vendor/composer/ClassLoader.php: finds classes by the tables beside it. Temper's own, with the name and the methods that
 * applications and other generated files know Composer's by. Written for PHP 8.0 and later.
 */
export const classLoader = String.raw`<?php

namespace Composer\Autoload;

/**
 * Finds the files of classes: by a list of classes, by PSR-4, then by PSR-0. Written by Temper.
 */
class ClassLoader
{
    /** @var array<string, self> The loaders in use, by their folders of vendors. */
    private static $inUse = array();

    private $vendorDir;
    private $prefixLengthsPsr4 = array();
    private $prefixDirsPsr4 = array();
    private $fallbackDirsPsr4 = array();
    private $prefixesPsr0 = array();
    private $fallbackDirsPsr0 = array();
    private $useIncludePath = false;
    private $classMap = array();
    private $classMapAuthoritative = false;
    private $absent = array();
    private $apcuPrefix = null;

    public function __construct($vendorDir = null)
    {
        $this->vendorDir = $vendorDir;
    }

    public static function getRegisteredLoaders()
    {
        return self::$inUse;
    }

    public function getPrefixes()
    {
        $all = array();
        foreach ($this->prefixesPsr0 as $group) {
            $all += $group;
        }

        return $all;
    }

    public function getPrefixesPsr4()
    {
        return $this->prefixDirsPsr4;
    }

    public function getFallbackDirs()
    {
        return $this->fallbackDirsPsr0;
    }

    public function getFallbackDirsPsr4()
    {
        return $this->fallbackDirsPsr4;
    }

    public function getClassMap()
    {
        return $this->classMap;
    }

    public function addClassMap(array $classMap)
    {
        $this->classMap = array_merge($this->classMap, $classMap);
    }

    public function add($prefix, $paths, $prepend = false)
    {
        if ((string) $prefix === '') {
            $this->fallbackDirsPsr0 = self::joined($this->fallbackDirsPsr0, $paths, $prepend);

            return;
        }
        $known = $this->prefixesPsr0[$prefix[0]][$prefix] ?? array();
        $this->prefixesPsr0[$prefix[0]][$prefix] = self::joined($known, $paths, $prepend);
    }

    public function addPsr4($prefix, $paths, $prepend = false)
    {
        if ((string) $prefix === '') {
            $this->fallbackDirsPsr4 = self::joined($this->fallbackDirsPsr4, $paths, $prepend);

            return;
        }
        $known = $this->prefixDirsPsr4[$prefix] ?? array();
        $this->setPsr4($prefix, self::joined($known, $paths, $prepend));
    }

    public function set($prefix, $paths)
    {
        if ((string) $prefix === '') {
            $this->fallbackDirsPsr0 = (array) $paths;
        } else {
            $this->prefixesPsr0[$prefix[0]][$prefix] = (array) $paths;
        }
    }

    public function setPsr4($prefix, $paths)
    {
        if ((string) $prefix === '') {
            $this->fallbackDirsPsr4 = (array) $paths;

            return;
        }
        if (substr($prefix, -1) !== '\\') {
            throw new \InvalidArgumentException('A PSR-4 prefix ends with a backslash: ' . $prefix);
        }
        $this->prefixLengthsPsr4[$prefix[0]][$prefix] = strlen($prefix);
        $this->prefixDirsPsr4[$prefix] = (array) $paths;
    }

    public function setUseIncludePath($useIncludePath)
    {
        $this->useIncludePath = $useIncludePath;
    }

    public function getUseIncludePath()
    {
        return $this->useIncludePath;
    }

    public function setClassMapAuthoritative($classMapAuthoritative)
    {
        $this->classMapAuthoritative = $classMapAuthoritative;
    }

    public function isClassMapAuthoritative()
    {
        return $this->classMapAuthoritative;
    }

    public function setApcuPrefix($apcuPrefix)
    {
        $usable = function_exists('apcu_fetch') && filter_var(ini_get('apc.enabled'), FILTER_VALIDATE_BOOLEAN);
        $this->apcuPrefix = $usable ? $apcuPrefix : null;
    }

    public function getApcuPrefix()
    {
        return $this->apcuPrefix;
    }

    public function register($prepend = false)
    {
        spl_autoload_register(array($this, 'loadClass'), true, $prepend);
        if ($this->vendorDir === null) {
            return;
        }
        unset(self::$inUse[$this->vendorDir]);
        self::$inUse = $prepend
            ? array($this->vendorDir => $this) + self::$inUse
            : self::$inUse + array($this->vendorDir => $this);
    }

    public function unregister()
    {
        spl_autoload_unregister(array($this, 'loadClass'));
        if ($this->vendorDir !== null) {
            unset(self::$inUse[$this->vendorDir]);
        }
    }

    public function loadClass($class)
    {
        $file = $this->findFile($class);
        if ($file === false) {
            return null;
        }
        (static function ($file) {
            include $file;
        })($file);

        return true;
    }

    /** @return string|false */
    public function findFile($class)
    {
        if (isset($this->classMap[$class])) {
            return $this->classMap[$class];
        }
        if ($this->classMapAuthoritative || isset($this->absent[$class])) {
            return false;
        }
        if ($this->apcuPrefix !== null) {
            $file = apcu_fetch($this->apcuPrefix . $class, $hit);
            if ($hit) {
                return $file;
            }
        }
        $file = $this->search($class, '.php');
        if ($file === false && defined('HHVM_VERSION')) {
            $file = $this->search($class, '.hh');
        }
        if ($this->apcuPrefix !== null) {
            apcu_add($this->apcuPrefix . $class, $file);
        }
        if ($file === false) {
            $this->absent[$class] = true;
        }

        return $file;
    }

    private function search($class, $ending)
    {
        $path = strtr($class, '\\', '/') . $ending;
        $letter = $class[0];
        if (isset($this->prefixLengthsPsr4[$letter])) {
            // The longest namespace first.
            for ($end = strrpos($class, '\\'); $end !== false; $end = strrpos(substr($class, 0, $end), '\\')) {
                foreach ($this->prefixDirsPsr4[substr($class, 0, $end + 1)] ?? array() as $folder) {
                    if (is_file($file = $folder . '/' . substr($path, $end + 1))) {
                        return $file;
                    }
                }
            }
        }
        foreach ($this->fallbackDirsPsr4 as $folder) {
            if (is_file($file = $folder . '/' . $path)) {
                return $file;
            }
        }
        $end = strrpos($class, '\\');
        $own = $end === false ? 0 : $end + 1;
        $legacy = substr($path, 0, $own) . strtr(substr($path, $own), '_', '/');
        foreach ($this->prefixesPsr0[$letter] ?? array() as $prefix => $folders) {
            if (strncmp($class, $prefix, strlen($prefix)) !== 0) {
                continue;
            }
            foreach ($folders as $folder) {
                if (is_file($file = $folder . '/' . $legacy)) {
                    return $file;
                }
            }
        }
        foreach ($this->fallbackDirsPsr0 as $folder) {
            if (is_file($file = $folder . '/' . $legacy)) {
                return $file;
            }
        }

        return $this->useIncludePath ? stream_resolve_include_path($legacy) : false;
    }

    private static function joined(array $known, $paths, $prepend)
    {
        return $prepend ? array_merge((array) $paths, $known) : array_merge($known, (array) $paths);
    }
}
`
