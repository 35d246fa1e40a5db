import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROMETHEUS_FLAGS } from '../../scripts/stack/prometheusFlags.js';
import { COMPOSE, ROOT, service } from './composeFile.js';
import type { ComposeService } from './composeFile.js';

const SERVICES = Object.entries(COMPOSE.services);
const ONE_SHOTS = ['migrate', 'logins'];
const LONG_RUNNING = SERVICES.filter(([name]) => !ONE_SHOTS.includes(name));
const EXPORTER_IMAGE = service('exporter').image;
const OWN_IMAGES = [EXPORTER_IMAGE, service('demo').image];
const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

/** The flag's value in the command of a service. */
function flag(name: string, option: string): string | undefined {
  return service(name)
    .command.find((argument) => argument.startsWith(`--${option}=`))
    ?.slice(option.length + 3);
}

/** Whether the services can speak to each other. */
function areConnected(one: ComposeService, other: ComposeService): boolean {
  return Object.keys(one.networks).some((network) => network in other.networks);
}

/** Whether this name and port lead from a service to another one that listens there. */
function listens(from: string, host: string, port: number): boolean {
  const ports: Readonly<Record<string, number>> = {
    postgres: 5432,
    exporter: 10039,
    actions: 10040,
    prometheus: 9090,
    alertmanager: 9093,
    mailpit: Number(/:(\d+)$/.exec(String(service('mailpit').environment['MP_SMTP_BIND_ADDR']))?.[1]),
    slack: Number(/PORT = (\d+)/.exec(read('exporter/scripts/stack/slack.js'))?.[1]),
    grafana: 3000,
  };
  if (host === 'localhost') return ports[from] === port;
  const found = SERVICES.find(
    ([name, { networks }]) => name === host || Object.values(networks).some(({ aliases }) => aliases.includes(host)),
  );
  return found !== undefined && areConnected(service(from), found[1]) && ports[found[0]] === port;
}

describe('docker-compose.yml', () => {
  it('pins every image to a version', () => {
    for (const [name, { image }] of SERVICES)
      expect([name, image]).toEqual([name, expect.stringMatching(/:v?\d+\.\d+(\.\d+)?(-\w+)?$/)]);
  });

  it("gives the exporter's image the version of the package, and builds it in one place", () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
    expect(EXPORTER_IMAGE).toBe(`portfolio-metrics-exporter:${version}`);
    expect(read('exporter/Dockerfile')).toContain(`org.opencontainers.image.version="${version}"`);
    expect(service('demo')).toMatchObject({
      image: `portfolio-metrics-exporter-demo:${version}`,
      build: { target: 'demo' },
    });
    const users = SERVICES.filter(([, { image }]) => OWN_IMAGES.includes(image));
    expect(users.map(([name]) => name)).toEqual(['migrate', 'demo', 'exporter', 'actions', 'slack']);
    expect(users.filter(([, { build }]) => build !== undefined).map(([name]) => name)).toEqual(['demo', 'exporter']);
    // A registry may have an image of this name that is not ours.
    for (const [, { pull_policy }] of users) expect(pull_policy).toBe('never');
    for (const [, { user }] of users) expect(read('exporter/Dockerfile')).toContain(`USER ${user}\n`);
  });

  it.each(SERVICES)('%s runs with as few rights and as few resources as it needs', (_name, one) => {
    expect(one.user).toMatch(/^[1-9]\d*:\d+$/);
    expect(one.read_only).toBe(true);
    expect(one.cap_drop).toEqual(['ALL']);
    expect(one.security_opt).toEqual(['no-new-privileges:true']);
    expect(one.deploy?.resources.limits.cpus).toMatch(/^[\d.]+$/);
    expect(one.deploy?.resources.limits.memory).toMatch(/^\d+[MG]$/);
    expect(one.deploy?.resources.limits.pids).toBeGreaterThan(0);
    expect(one.logging?.options).toHaveProperty('max-size');
  });

  it.each(LONG_RUNNING)('%s is restarted, and says whether it is well', (_name, one) => {
    expect(one.restart).toBe('unless-stopped');
    const isFromImage = OWN_IMAGES.includes(one.image) && one.healthcheck === undefined;
    if (isFromImage) expect(read('exporter/Dockerfile')).toMatch(/^HEALTHCHECK /m);
    else expect(one.healthcheck?.test?.length).toBeGreaterThan(1);
  });

  it('starts each service after those that it needs', () => {
    for (const [name, { depends_on: needed }] of SERVICES)
      for (const [other, { condition }] of Object.entries(needed)) {
        const expected = ONE_SHOTS.includes(other) ? 'service_completed_successfully' : 'service_healthy';
        expect([name, other, condition]).toEqual([name, other, expected]);
      }
    for (const name of ONE_SHOTS)
      expect(service(name)).toMatchObject({ restart: 'no', healthcheck: { disable: true } });
    const reaches = (from: string): string[] =>
      Object.keys(service(from).depends_on).flatMap((name) => [name, ...reaches(name)]);
    // All of it, and without a circle, which would end in an overflow here.
    expect(reaches('grafana')).toEqual(
      expect.arrayContaining(['postgres', 'migrate', 'logins', 'demo', 'exporter', 'slack']),
    );
  });

  it('publishes nothing but Grafana beyond this machine, and the database not at all', () => {
    for (const [name, { ports }] of SERVICES)
      for (const port of ports)
        expect([name, port]).toEqual([name, expect.stringMatching(name === 'grafana' ? /^3000:/ : /^127\.0\.0\.1:/)]);
    expect(service('grafana').ports).toEqual(['3000:3000']);
    expect(service('postgres').ports).toEqual([]);
    expect(Object.keys(service('postgres').networks)).toEqual(['database']);
    expect(COMPOSE.networks['database']).toEqual({ internal: true });
  });

  it('mounts what is in the repository, read-only, and volumes and networks that it declares', () => {
    const used = new Set<string>();
    for (const [name, { volumes, networks }] of SERVICES) {
      for (const network of Object.keys(networks)) expect(COMPOSE.networks).toHaveProperty(network);
      for (const [source = '', , mode] of volumes.map((volume) => volume.split(':'))) {
        if (source.startsWith('./')) {
          expect(statSync(`${ROOT}${source}`).isDirectory() || source.endsWith('.sql'), source).toBe(true);
          expect([name, source, mode]).toEqual([name, source, 'ro']);
        } else used.add(source);
      }
    }
    expect(Object.keys(COMPOSE.volumes).toSorted()).toEqual([...used].toSorted());
    expect(service('exporter').volumes).toContain('./exporter/config:/app/exporter/config:ro');
  });

  it('declares every secret that a service takes, and no other; none stands in the file', () => {
    const taken = SERVICES.flatMap(([, { secrets }]) => secrets.map(({ source }) => source));
    expect(Object.keys(COMPOSE.secrets).toSorted()).toEqual([...new Set(taken)].toSorted());
    for (const [name, { secrets, environment, command }] of SERVICES) {
      const files = Object.entries(environment).filter(([key]) => /_FILE$|TLS_(CERT|KEY)$/.test(key));
      const targets = secrets.map(({ target }) => target);
      for (const [key, file] of files) expect([name, key, targets.includes(String(file))]).toEqual([name, key, true]);
      const named = [...command.join(' ').matchAll(/\/run\/secrets\/\w+/g)].map(([file]) => file);
      for (const file of named) expect([name, file, targets.includes(file)]).toEqual([name, file, true]);
      // A password in the environment would be in `docker inspect`.
      expect(Object.keys(environment).filter((key) => /(PASSWORD|SECRET_KEY)$/.test(key))).toEqual([]);
    }
    for (const { file } of Object.values(COMPOSE.secrets)) expect(file).toMatch(/^\.\/secrets\//);
    expect(read('.gitignore')).toMatch(/^secrets\/$/m);
  });
});

describe('the services and the files that they share', () => {
  it('scrape and send to each other where prometheus.yml says', () => {
    const shape = z.object({ static_configs: z.array(z.object({ targets: z.array(z.string()) })) });
    const config = z
      .object({
        scrape_configs: z.array(shape),
        alerting: z.object({ alertmanagers: z.array(shape) }),
      })
      .parse(parse(read('prometheus/prometheus.yml')));
    const targets = [...config.scrape_configs, ...config.alerting.alertmanagers].flatMap(({ static_configs }) =>
      static_configs.flatMap(({ targets: addresses }) => addresses),
    );
    expect(targets.length).toBeGreaterThan(4);
    for (const target of targets) {
      const [host = '', port] = target.split(':');
      expect([target, listens('prometheus', host, Number(port))]).toEqual([target, true]);
    }
  });

  it('give what follows alerts the secrets that actions.yaml and recipients.yaml name', () => {
    const { webhook, links, users_file } = z
      .object({
        webhook: z.object({ token_file: z.string() }),
        links: z.object({ key_file: z.string() }),
        users_file: z.string(),
      })
      .parse(parse(read('exporter/config/actions.yaml')));
    const { smtp } = z
      .object({ smtp: z.object({ auth_password_file: z.string() }) })
      .parse(parse(read('alertmanager/recipients.yaml')));
    const targets = service('actions').secrets.map(({ target }) => target);
    expect(targets).toEqual(
      expect.arrayContaining([webhook.token_file, links.key_file, users_file, smtp.auth_password_file]),
    );
    expect(targets).toContain(service('actions').environment['NODE_EXTRA_CA_CERTS']);
    expect(service('alertmanager').secrets.map(({ target }) => target)).toContain(webhook.token_file);
  });

  it('send mail and messages where alertmanager.yml and the secrets say', () => {
    const { global } = z
      .object({ global: z.record(z.string(), z.unknown()) })
      .parse(parse(read('alertmanager/alertmanager.yml')));
    const [host = '', port] = String(global['smtp_smarthost']).split(':');
    expect(listens('alertmanager', host, Number(port))).toBe(true);
    const targets = service('alertmanager').secrets.map(({ target }) => target);
    for (const [key, file] of Object.entries(global))
      if (key.endsWith('_file')) expect([key, targets.includes(String(file))]).toEqual([key, true]);
    // The mail catcher proves who it is by that name, and Alertmanager looks for the certificate there.
    const script = read('exporter/scripts/stack/secrets.sh');
    expect(script).toContain(`subjectAltName=DNS:${host} `);
    const certificate = service('alertmanager').secrets.find(({ source }) => source === 'mail_catcher_certificate');
    expect(String(service('alertmanager').environment['SSL_CERT_DIR']).split(':')).toContain(
      certificate?.target.replace(/\/[^/]+$/, ''),
    );
    const slack = new URL(/http:\/\/slack\S+/.exec(script)?.[0] ?? '');
    expect(listens('alertmanager', slack.hostname, Number(slack.port))).toBe(true);
  });

  it('give Grafana every variable that its provisioning reads, with addresses that lead somewhere', () => {
    const directory = `${ROOT}grafana/provisioning`;
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yml'));
    expect(files.length).toBeGreaterThan(3);
    const wanted = files.flatMap((file) =>
      [...readFileSync(`${directory}/${file}`, 'utf8').matchAll(/: \$(GF_\w+)$/gm)].map(([, name]) => name ?? ''),
    );
    expect(wanted).toContain('GF_PORTFOLIO_POSTGRES_PASSWORD');
    const { environment, volumes } = service('grafana');
    const given = Object.keys(environment).map((name) => name.replace(/__FILE$/, ''));
    expect(given.filter((name) => name.startsWith('GF_PORTFOLIO_')).toSorted()).toEqual(
      [...new Set(wanted)].toSorted(),
    );
    for (const name of ['PROMETHEUS', 'ALERTMANAGER']) {
      const { hostname, port } = new URL(String(environment[`GF_PORTFOLIO_${name}_URL`]));
      expect([name, listens('grafana', hostname, Number(port))]).toEqual([name, true]);
    }
    // One directory has the settings, the data sources and the dashboards.
    expect(volumes).toContain('./grafana:/etc/portfolio/grafana:ro');
    for (const [name, path] of Object.entries(environment))
      if (String(path).startsWith('/etc/portfolio/grafana/'))
        expect(() => statSync(String(path).replace('/etc/portfolio/', ROOT)), name).not.toThrow();
  });

  it('lead the exporter and Grafana to the same database', () => {
    const { environment } = service('grafana');
    const address = `${String(environment['GF_PORTFOLIO_POSTGRES_ADDRESS'])}/${String(environment['GF_PORTFOLIO_POSTGRES_DATABASE'])}`;
    const url = String(service('exporter').environment['DATABASE_URL']);
    expect(url).toBe(
      `postgres://portfolio_exporter@${address}?sslmode=${String(environment['GF_PORTFOLIO_POSTGRES_SSLMODE'])}`,
    );
    const plain = url.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
    expect(plain).toBe('postgres://portfolio_exporter@postgres:5432/portfolio?sslmode=disable');
    expect(listens('exporter', 'postgres', 5432) && listens('grafana', 'postgres', 5432)).toBe(true);
  });

  it('keep what they look back on for as long as docs/alerting.md says', () => {
    const kept = [
      `--storage.tsdb.retention.time=${flag('prometheus', 'storage.tsdb.retention.time') ?? ''}`,
      `--data.retention=${flag('alertmanager', 'data.retention') ?? ''}`,
    ];
    for (const one of kept) expect(read('docs/alerting.md')).toContain(` ${one}`);
  });

  it('start Prometheus with the flags that the stack and the documents have', () => {
    for (const one of PROMETHEUS_FLAGS) {
      expect(service('prometheus').command).toContain(one);
      expect(read('docs/alerting.md')).toContain(` ${one}`);
    }
  });

  it('have the Grafana for which the dashboards were made', () => {
    const directory = `${ROOT}grafana/dashboards`;
    const versions = readdirSync(directory).flatMap((file) =>
      [...readFileSync(`${directory}/${file}`, 'utf8').matchAll(/"pluginVersion": "([^"]*)"/g)].map(
        ([, version]) => version,
      ),
    );
    expect([...new Set(versions)]).toEqual([service('grafana').image.split(':')[1]]);
  });
});
