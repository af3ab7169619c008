// Writes runs/last/summary.md as one comment on the pull or merge request, which later runs replace. Needs no packages.
// GitHub: GITHUB_TOKEN, PULL_REQUEST (its number), GITHUB_REPOSITORY, GITHUB_API_URL.
// GitLab: GITLAB_TOKEN, CI_MERGE_REQUEST_IID, CI_PROJECT_ID, CI_API_V4_URL, CI_JOB_NAME.
import { readFileSync } from 'node:fs';

const { env } = process;
// One comment for each job: of those of a matrix, and in GitLab of each name.
const marker = `<!-- headroom ${env.COMMENT_ID ?? env.CI_JOB_NAME ?? ''} -->`;
// GitHub takes 65,536 characters.
const body = `${marker}\n${readFileSync(process.argv[2] ?? 'runs/last/summary.md', 'utf8').slice(0, 60_000)}`;

const github = env.PULL_REQUEST && {
  list: `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues/${env.PULL_REQUEST}/comments`,
  edit: (id) => `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues/comments/${id}`,
  method: 'PATCH',
  headers: { authorization: `Bearer ${env.GITHUB_TOKEN}`, accept: 'application/vnd.github+json' },
};
const notes = `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`;
const gitlab = env.CI_MERGE_REQUEST_IID && {
  list: notes,
  edit: (id) => `${notes}/${id}`,
  method: 'PUT',
  headers: { 'private-token': env.GITLAB_TOKEN },
};

async function ask({ headers }, url, method, content) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(content && { body: JSON.stringify(content) }),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}`);
  return response.json();
}

async function findOurs(api) {
  for (let page = 1; ; page++) {
    const comments = await ask(api, `${api.list}?per_page=100&page=${page}`, 'GET');
    const ours = comments.find((each) => each.body?.startsWith(marker));
    if (ours || comments.length < 100) return ours;
  }
}

const api = github || gitlab;
if (!api) {
  process.stdout.write('headroom: this is no pull or merge request: no comment\n');
} else {
  try {
    const ours = await findOurs(api);
    await (ours ? ask(api, api.edit(ours.id), api.method, { body }) : ask(api, api.list, 'POST', { body }));
    process.stdout.write(`headroom: ${ours ? 'updated' : 'wrote'} the comment\n`);
  } catch (error) {
    // A token without the right to comment, as in a pull request from a fork, is no reason to fail the job.
    process.stdout.write(`headroom: no comment: ${error.message}\n`);
  }
}
