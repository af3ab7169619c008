import { describe, expect, test } from '@jest/globals';
import { needsArgs, serviceName } from '../../../collectors/proc/service-name.ts';

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
    ['perl', 'perl -ne token=hunter2 file', 'perl'],
    ['node', 'node -pe token=hunter2', 'node'],
    ['node', 'node --title token=hunter2 app.js', 'node'],
    ['node', 'node --print "hunter2"', 'node'],
    ['php8.2', 'php8.2 -r hunter2', 'php'],
    ['ruby', 'ruby -ne hunter2', 'ruby'],
    ['python3', 'python3 - token=hunter2', 'python'],
    ['python3', 'python3 token=hunter2', 'python'],
    ['java', 'java -Dtoken=hunter2 Main=hunter2', 'java'],
    ['worker', 'worker token=hunter2', 'worker'],
    ['gunicorn: token', 'gunicorn: token=hunter2 [worker]', 'gunicorn'],
    ['prometheus-node', 'prometheus-node-exporter token=hunter2', 'prometheus-node-exporter'],
  ])('%s: %s', (comm, line, name) => {
    expect(serviceName(comm, line.split(' '))).toBe(name);
  });
});

test('the command line is read only where the kernel name does not say it', () => {
  expect(['java', 'python3', 'node', 'prometheus-node'].every(needsArgs)).toBe(true);
  expect(['nginx', 'sshd', 'postgres'].some(needsArgs)).toBe(false);
});
