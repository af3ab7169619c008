// Which variables of the caller's environment reach the processes that headroom starts.

/** headroom's secrets, and what would make the shortener under test write into the caller's own store or agent. */
const withheld = /^(?:DD_|DATADOG_)|^(?:SESSION_SECRET|STORE_URL|TRUST_PROXY)$/;

/** What Node and the system's programs need to start and to find their files; and the seed links, which the load follows. */
const needed = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP', 'XDG_RUNTIME_DIR'],
  ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'NODE_V8_COVERAGE', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['LD_LIBRARY_PATH', 'DBUS_SESSION_BUS_ADDRESS', 'UV_THREADPOOL_SIZE', 'URLS_FILE'],
]);

/** For headroom's own processes: generators, probes, the shortener under test. What is not needed is not there. */
export function ownEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return pick(environment, (name) => needed.has(name) || name.startsWith('LC_'));
}

/** For the user's own programs (--during, --app): the caller's, without headroom's secrets. */
export function givenEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return pick(environment, (name) => !withheld.test(name));
}

/** The caller's variables that these programs do not get. */
export function withheldNames(environment: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(environment).filter((name) => withheld.test(name));
}

/** A copy of all of it; the secrets are taken out of `environment`, which every program that is started without one inherits. */
export function takeEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const taken = { ...environment };
  for (const name of Object.keys(environment)) if (withheld.test(name)) delete environment[name];
  return taken;
}

function pick(environment: NodeJS.ProcessEnv, wanted: (name: string) => boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => wanted(name)));
}
