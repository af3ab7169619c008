// In the browser: shows what the harness sends, and stays with the last of it when the run is over.
const live = document.getElementById('live');
const state = document.getElementById('state');
const stop = document.getElementById('stop');
const events = new EventSource('events');

events.addEventListener('open', () => {
  state.textContent = 'live';
});
events.addEventListener('now', (event) => {
  // A reader who looks at the data behind a chart is not to lose it with the next second.
  if (live.querySelector('details[open]')) return;
  live.innerHTML = JSON.parse(event.data);
});
events.addEventListener('report', (event) => {
  events.close();
  const report = new DOMParser().parseFromString(JSON.parse(event.data), 'text/html');
  document.title = report.title;
  document.body.replaceChildren(...report.body.children);
});
events.addEventListener('error', () => {
  state.textContent = 'the harness does not answer';
});
stop.addEventListener('submit', async (event) => {
  event.preventDefault();
  stop.querySelector('button').disabled = true;
  const answer = await fetch('stop', { method: 'POST' });
  state.textContent = answer.ok ? 'stopping: the report follows' : `not stopped: ${answer.status}`;
});
