/** A program that is built in one image of the catalogue and run in another, as a Dockerfile has it. */
export interface LanguageCase {
  /** Image of the catalogue for the stage that builds. */
  readonly build: string
  /** "dev", where that image is a variant. */
  readonly variant?: string
  /** Image that the program runs in. */
  readonly run: string
  /** What the stage installs with, for people. */
  readonly tool: string
  /** Packages of Debian's source archive: what their makers released is in the folder "upstream" of the project. */
  readonly sources?: readonly string[]
  /** Files of the project, by their names. */
  readonly files: Readonly<Record<string, string>>
  /** Lines after `FROM … AS build`, up to the next stage. */
  readonly steps: readonly string[]
  /** Lines after `FROM RUN`. */
  readonly final: readonly string[]
  /** What the program prints in a container that is locked down, or answers. */
  readonly output: string
  /** The program is a server: the command that asks it, from inside, and prints the answer. */
  readonly exec?: readonly string[]
}

/**
 * One for each image of a language. What they depend on comes from the language's own registry, or, where that is one that Debian
 * keeps releases of, is what Debian's source archive has of their makers.
 */
export const languageCases: readonly LanguageCase[] = [
  {
    build: 'python',
    variant: 'dev',
    run: 'python',
    tool: 'pip',
    files: {
      'requirements.txt': 'jinja2==3.1.6\nmarkupsafe==3.0.2\n',
      'main.py': "import jinja2\nprint(jinja2.Template('answer {{ 6 * 7 }}').render())\n",
    },
    steps: ['COPY requirements.txt .', 'RUN python3 -m pip install --target /tmp/lib -r requirements.txt'],
    final: [
      'COPY --from=build /tmp/lib /app/lib',
      'COPY main.py /app/main.py',
      'ENV PYTHONPATH=/app/lib',
      'CMD ["/app/main.py"]',
    ],
    output: 'answer 42',
  },
  {
    build: 'node',
    variant: 'dev',
    run: 'node',
    tool: 'npm',
    files: {
      'package.json': '{ "name": "app", "version": "1.0.0", "dependencies": { "semver": "7.7.3" } }',
      'server.js': 'console.log("answer", require("semver").inc("41.9.9", "major"))\n',
    },
    steps: [
      'COPY package.json ./',
      'RUN npm install --omit=dev --no-audit --no-fund',
      'COPY --chown=65532:65532 . .',
    ],
    final: ['COPY --from=build /work /app', 'WORKDIR /app', 'CMD ["server.js"]'],
    output: 'answer 42.0.0',
  },
  {
    build: 'jre',
    variant: 'dev',
    run: 'jre',
    tool: 'Maven',
    files: {
      'pom.xml': `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>app</artifactId><version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>org.apache.commons</groupId><artifactId>commons-lang3</artifactId><version>3.17.0</version></dependency>
  </dependencies>
</project>
`,
      'src/main/java/App.java': `class App {
  public static void main(String[] words) {
    System.out.println("answer " + org.apache.commons.lang3.StringUtils.reverse("24"));
  }
}
`,
    },
    steps: [
      'COPY --chown=65532:65532 . .',
      'RUN mvn -q -B -Dmaven.repo.local=/tmp/repository package',
      'RUN cp target/*.jar /tmp/app.jar && cp /tmp/repository/org/apache/commons/commons-lang3/3.17.0/*.jar /tmp/lang.jar',
    ],
    final: [
      'COPY --from=build /tmp/app.jar /tmp/lang.jar /app/',
      'CMD ["-cp", "/app/app.jar:/app/lang.jar", "App"]',
    ],
    output: 'answer 42',
  },
  {
    build: 'go',
    run: 'static',
    tool: 'go',
    files: {
      'go.mod': 'module app\n\ngo 1.24\n\nrequire github.com/google/uuid v1.6.0\n',
      'main.go': `package main

import (
	"fmt"

	"github.com/google/uuid"
)

func main() { fmt.Println("answer", uuid.MustParse("00000000-0000-0000-0000-000000000042")) }
`,
    },
    steps: [
      'COPY --chown=65532:65532 . .',
      'RUN go mod tidy && CGO_ENABLED=0 go build -trimpath -buildvcs=false -o /tmp/app .',
    ],
    final: ['COPY --from=build /tmp/app /app', 'ENTRYPOINT ["/app"]'],
    output: 'answer 00000000-0000-0000-0000-000000000042',
  },
  {
    build: 'rust',
    run: 'cc',
    tool: 'cargo',
    files: {
      'Cargo.toml':
        '[package]\nname = "app"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\nitoa = "=1.0.15"\n',
      'src/main.rs': 'fn main() { println!("answer {}", itoa::Buffer::new().format(42)); }\n',
    },
    steps: ['COPY --chown=65532:65532 . .', 'RUN cargo build --release --target-dir /tmp/target'],
    final: ['COPY --from=build /tmp/target/release/app /app', 'ENTRYPOINT ["/app"]'],
    output: 'answer 42',
  },
  {
    build: 'ruby',
    variant: 'dev',
    run: 'ruby',
    tool: 'Bundler',
    sources: ['ruby-bcrypt'],
    files: {
      Gemfile: "gem 'bcrypt', '3.1.20'\n",
      'main.rb':
        "require_relative 'gems/bundler/setup'\nrequire 'bcrypt'\nsecret = BCrypt::Password.create('answer', cost: 4)\nputs \"answer #{secret == 'answer' && secret != 'question' ? 42 : 0}\"\n",
    },
    // The gem is made of what Debian has of its makers, and Bundler takes what is in vendor/cache; it is compiled there. The Gemfile
    // names no source, since where gems come from is the business of the machine.
    steps: [
      'COPY --chown=65532:65532 . .',
      "RUN source=$(ruby -e 'puts Gem.sources.first') && sed -i \"1i source '$source'\" Gemfile",
      'RUN mkdir -p vendor/cache && cd upstream/ruby-bcrypt/unpacked && gem build -q bcrypt.gemspec -o ../../../vendor/cache/bcrypt-3.1.20.gem',
      'RUN bundle config set path gems && bundle install --local --standalone',
    ],
    final: ['COPY --from=build /work /app', 'WORKDIR /app', 'CMD ["main.rb"]'],
    output: 'answer 42',
  },
  {
    build: 'perl',
    variant: 'dev',
    run: 'perl',
    tool: 'cpanm',
    sources: ['libtext-template-perl'],
    files: {
      cpanfile: "requires 'Text::Template', '1.61';\n",
      'main.pl': 'use Text::Template; print Text::Template::fill_in_string(\'answer {6 * 7}\'), "\\n";\n',
      'mirror/modules/02packages.details.txt':
        'File: 02packages.details.txt\nLine-Count: 1\n\nText::Template 1.61 M/MS/MSCHOUT/Text-Template-1.61.tar.gz\n',
    },
    // A mirror of CPAN with one archive: that of its makers, which Debian keeps as it is on CPAN.
    steps: [
      'COPY --chown=65532:65532 . .',
      'RUN gzip mirror/modules/*.txt && mkdir -p mirror/authors/id/M/MS/MSCHOUT && mv upstream/*/*.orig.tar.gz mirror/authors/id/M/MS/MSCHOUT/Text-Template-1.61.tar.gz',
      'RUN cpanm --notest --mirror "file://$PWD/mirror" --mirror-only --local-lib-contained local --installdeps .',
    ],
    final: [
      'COPY --from=build /work/local /app/local',
      'COPY main.pl /app/main.pl',
      'ENV PERL5LIB=/app/local/lib/perl5',
      'CMD ["/app/main.pl"]',
    ],
    output: 'answer 42',
  },
  {
    build: 'php-fpm',
    variant: 'dev',
    run: 'php-fpm',
    tool: 'Composer',
    sources: ['php-monolog', 'php-psr-log'],
    files: {
      'composer.json': JSON.stringify({
        repositories: [
          {
            type: 'path',
            url: 'upstream/php-monolog/unpacked',
            options: { symlink: false, versions: { 'monolog/monolog': '3.9.0' } },
          },
          {
            type: 'path',
            url: 'upstream/php-psr-log/unpacked',
            options: { symlink: false, versions: { 'psr/log': '3.0.2' } },
          },
          { 'packagist.org': false },
        ],
        require: { 'monolog/monolog': '3.9.0' },
      }),
      'public/index.php':
        '<?php require __DIR__ . "/../vendor/autoload.php"; $log = new Monolog\\Logger("answer", [new Monolog\\Handler\\StreamHandler("php://output")]); $log->warning("answer", ["is" => 42]);',
    },
    steps: [
      'COPY --chown=65532:65532 . .',
      'RUN composer install --no-dev --no-interaction && rm -r upstream',
    ],
    // What asks it as a web server would comes along.
    final: [
      'COPY --from=build /work /var/www/html',
      'COPY --from=build /usr/bin/cgi-fcgi /usr/bin/cgi-fcgi',
      'COPY --from=build /usr/lib/*-linux-gnu/libfcgi.so.* /usr/lib/',
      'ENV REQUEST_METHOD=GET SCRIPT_FILENAME=/var/www/html/public/index.php',
    ],
    exec: ['/usr/bin/cgi-fcgi', '-bind', '-connect', '127.0.0.1:9000'],
    output: '{"is":42}',
  },
]
