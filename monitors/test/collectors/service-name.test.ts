import { describe, expect, test } from '@jest/globals';
import { needsArgs, serviceName } from '../../collectors/service-name.ts';

describe('serviceName', () => {
  test.each([
    ['java', '/usr/bin/java -Djava.awt.headless=true -jar /usr/share/java/jenkins.war --httpPort=8080', 'jenkins'],
    ['java', 'java -Xmx1g -cp /opt/a.jar:/opt/b.jar org.elasticsearch.bootstrap.Elasticsearch -d', 'Elasticsearch'],
    ['node', 'node --import tsx /srv/shop/app/server.ts', 'app'],
    ['node', 'node /srv/shop/dist/index.js', 'shop'],
    ['node', '/usr/bin/node --max-old-space-size=200 worker.mjs', 'worker'],
    ['node', 'node -e setInterval(()=>{},1)', 'node'],
    ['MainThread', 'node /srv/mailer/mailer.js', 'mailer'],
    ['python3', '/usr/bin/python3 -m gunicorn shop.wsgi', 'gunicorn'],
    ['python3.11', 'python3.11 /usr/bin/supervisord -n', 'supervisord'],
    ['nginx', 'nginx: worker process', 'nginx'],
    ['npm run stress ', 'npm run stress --profile smoke', 'npm'],
    ['tmux: server', 'tmux', 'tmux'],
    ['agent', '/opt/datadog-agent/bin/agent/agent run -p /opt/datadog-agent/run/agent.pid', 'agent'],
    ['trace-agent', '/opt/datadog-agent/embedded/bin/trace-agent', 'trace-agent'],
    ['prometheus-node', '/usr/bin/prometheus-node-exporter --web.listen-address=:9100', 'prometheus-node-exporter'],
    ['sshd', '', 'sshd'],
  ])('%s: %s', (comm, line, name) => {
    expect(serviceName(comm, line.split(' '))).toBe(name);
  });
});

test('the command line is read only where the kernel name does not say it', () => {
  expect(['java', 'python3', 'node', 'prometheus-node'].every(needsArgs)).toBe(true);
  expect(['nginx', 'sshd', 'postgres'].some(needsArgs)).toBe(false);
});
